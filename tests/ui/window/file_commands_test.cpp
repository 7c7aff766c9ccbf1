// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/file_commands.h"

#include "tests/support/window_sandbox.h"
#include "ui/window/autosave.h"
#include "ui/window/message_bar.h"
#include "ui/window/recent_files.h"

#include <QDir>
#include <QFileDialog>
#include <QMessageBox>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace kappascope;
using namespace kappascope::ui;
using test::settle;

namespace {

constexpr std::int64_t farOff = 1000000000; // not reached within a test

} // namespace

class FileCommandsTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        window_ = std::make_unique<QWidget>();
        session_ = std::make_unique<Session>(test::oneThread);
        session_->open(test::smallExperiment(), false);
        QVERIFY(settle(*session_));
        messages_ = new MessageBar(window_.get());
        files_ = new FileCommands(*session_, *messages_, window_.get());
        window_->show();
    }
    void cleanup() {
        window_.reset();
        session_.reset();
    }

    void whatWasSavedOpensAsItWasLeft() {
        session_->step(10);
        QVERIFY(settle(*session_));
        session_->changeRun(session_->experiment().runs[2].id, "rate",
                            [](RunSpec& run) { run.learningRate = 0.01; });
        session_->step(7);
        QVERIFY(settle(*session_));
        session_->setSpeed(50);
        const std::string signature = session_->laboratory().signature();
        const Experiment saved = session_->experiment();
        files_->setLayoutKeeper([] { return std::string(R"({"panels":"abc"})"); }, [](const std::string&) {});
        QVERIFY(files_->isModified());
        save("left.kappa");
        QVERIFY(!files_->isModified());
        QCOMPARE(files_->name(), QString("left"));

        session_->open(defaultExperiment(), false);
        std::string restored;
        files_->setLayoutKeeper({}, [&](const std::string& layout) { restored = layout; });
        open(sandbox_.file("left.kappa"));
        QVERIFY(settle(*session_));
        QCOMPARE(session_->status().step, 17);
        QCOMPARE(session_->laboratory().signature(), signature);
        QCOMPARE(session_->speed(), 50.0);
        QCOMPARE(session_->experiment().runs[2].learningRate, saved.runs[2].learningRate);
        QVERIFY(QString::fromStdString(restored).contains("abc"));
        QVERIFY(!files_->isModified());
        QCOMPARE(RecentFiles::list().front(), sandbox_.file("left.kappa"));
    }

    void anEditOfAMomentAgoIsInTheFile() {
        session_->change(
            "rate", [](Experiment& e) { e.learningRate = 0.0625; }, "rate");
        session_->change(
            "rate", [](Experiment& e) { e.learningRate = 0.03125; }, "rate"); // not handed over yet
        save("moment.kappa");
        open(sandbox_.file("moment.kappa"));
        QCOMPARE(session_->experiment().learningRate, 0.03125);
    }

    /// A replay that is far from its end, of a session with a change that is still to come.
    void savingDuringAReplayKeepsWhatIsStillToCome() {
        openFarOff();
        QCOMPARE(files_->document().step, farOff);
        save("replayed.kappa");
        const SessionDocument saved = loadSession(sandbox_.file("replayed.kappa").toStdString());
        QCOMPARE(saved.step, farOff);
        QCOMPARE(saved.changes.size(), std::size_t{1});
        QVERIFY(!saved.playing);
    }
    void aReplayIsToldOfAndCanBeStopped() {
        openFarOff();
        QTRY_COMPARE(messages_->texts().size(), 1);
        QVERIFY(messages_->texts().front().contains("Replaying"));
        press("Stop here");
        QTRY_VERIFY(messages_->texts().isEmpty());
        QTRY_VERIFY(files_->isModified());
        QTRY_VERIFY(files_->document().step < farOff);
    }
    /// The file can be read, but the laboratory cannot set it up.
    void aSessionThatCannotBeSetUpLeavesFileAndChanges() {
        save("good.kappa");
        session_->change("rate", [](Experiment& e) { e.learningRate = 0.02; });
        const QString table = sandbox_.write("broken.csv", "a,b\n1,\n,,,\"");
        const QByteArray content =
            "{\"kappascope\": 1, \"learning_rate\": 0.5, \"data\": {\"set\": \"csv\", \"path\": \"" +
            table.toUtf8() + "\"}}";
        const QString bad = sandbox_.write("bad.kappa", content);
        QSignalSpy failed(session_.get(), &Session::failed);
        files_->openFile(bad);
        answer(QMessageBox::Discard);
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(files_->file(), sandbox_.file("good.kappa"));
        QVERIFY(files_->isModified());
        QVERIFY(!RecentFiles::list().contains(bad));
        QSignalSpy saved(files_, &FileCommands::saved);
        files_->save();
        QTRY_COMPARE(saved.size(), 1);
        QFile unchanged(bad);
        QVERIFY(unchanged.open(QIODevice::ReadOnly));
        QCOMPARE(unchanged.readAll(), content);
        QVERIFY(!files_->isModified());
    }
    void aDragThatGoesOnWhileItIsSavedIsNotInTheFile() {
        const auto drag = [this](double rate) {
            session_->change(
                "rate", [rate](Experiment& e) { e.learningRate = rate; }, "rate");
        };
        drag(0.0625);
        session_->laboratory().wait(); // it will be written at once
        QSignalSpy saved(files_, &FileCommands::saved);
        files_->saveTo(sandbox_.file("drag.kappa"));
        drag(0.03125);
        QTRY_COMPARE(saved.size(), 1);
        QVERIFY(files_->isModified());
    }

    void badFilesSayWhyAndLeaveTheSession_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("expected");
        QTest::newRow("no JSON") << QByteArray("{ nonsense") << "line 1";
        QTest::newRow("empty") << QByteArray() << "bad.kappa";
        QTest::newRow("newer version") << QByteArray(R"({"kappascope": 99})") << "99";
        QTest::newRow("unknown key") << QByteArray(R"({"kappascope": 1, "batchsize": 3})") << "batch_size";
        QTest::newRow("out of range")
            << QByteArray(R"({"kappascope": 1, "learning_rate": -1})") << "learning_rate";
        QTest::newRow("data that are gone")
            << QByteArray(R"({"kappascope": 1, "data": {"set": "csv", "path": "/nowhere/table.csv"}})")
            << "/nowhere/table.csv";
        QTest::newRow("binary") << QByteArray("\x00\xff\x00\xff", 4) << "bad.kappa";
    }
    void badFilesSayWhyAndLeaveTheSession() {
        QFETCH(QByteArray, content);
        QFETCH(QString, expected);
        session_->step(3);
        QVERIFY(settle(*session_));
        const Experiment before = session_->experiment();
        files_->openFile(sandbox_.write("bad.kappa", content));
        QTRY_COMPARE(messages_->texts().size(), 1);
        QVERIFY2(messages_->texts().front().contains(expected), qPrintable(messages_->texts().front()));
        QCOMPARE(session_->experiment(), before);
        QCOMPARE(session_->status().step, 3);
        QVERIFY(files_->file().isEmpty());
    }
    void aFileThatIsNotThereSaysSo() {
        files_->openFile(sandbox_.file("missing.kappa"));
        QTRY_COMPARE(messages_->texts().size(), 1);
        QVERIFY(messages_->texts().front().contains("missing.kappa"));
    }
    void aFileThatCannotBeWrittenSaysSoAndStaysModified() {
        session_->change("rate", [](Experiment& e) { e.learningRate = 0.02; });
        files_->saveTo("/nowhere/at/all.kappa");
        QTRY_COMPARE(messages_->texts().size(), 1);
        QVERIFY(files_->isModified());
    }

    void unsavedChangesAreAskedFor() {
        session_->change("rate", [](Experiment& e) { e.learningRate = 0.02; });
        int opened = 0;
        files_->confirmLoss([&] { ++opened; });
        answer(QMessageBox::Cancel);
        QCOMPARE(opened, 0);
        files_->confirmLoss([&] { ++opened; });
        answer(QMessageBox::Discard);
        QCOMPARE(opened, 1);
        save("kept.kappa");
        session_->change("rate", [](Experiment& e) { e.learningRate = 0.04; });
        files_->confirmLoss([&] { ++opened; });
        answer(QMessageBox::Save);
        QTRY_COMPARE(opened, 2);
        QVERIFY(!files_->isModified());
    }
    void nothingIsAskedWhenNothingWouldBeLost() {
        bool done = false;
        files_->confirmLoss([&] { done = true; });
        QVERIFY(done);
    }

    void theOpenDialogOpensWhatIsChosen() {
        const QString file =
            sandbox_.write("chosen.kappa", R"({"kappascope": 1, "name": "Chosen", "batch_size": 3})");
        files_->open();
        auto* dialog = window_->findChild<QFileDialog*>();
        QVERIFY(dialog);
        emit dialog->fileSelected(file);
        dialog->close();
        QTRY_COMPARE(session_->experiment().batchSize, 3);
        QCOMPARE(lastFolder("kappa"), QFileInfo(file).absolutePath());
    }
    void dataAreHandedToTheImport() {
        QSignalSpy wanted(files_, &FileCommands::importWanted);
        files_->openFile(sandbox_.write("table.csv", "a,b\n1,2\n"));
        QCOMPARE(wanted.size(), 1);
    }
    void aNewSessionIsTheDefaultExperiment() {
        files_->newSession();
        QCOMPARE(session_->experiment().data, defaultExperiment().data);
        QVERIFY(session_->isPlaying());
        QVERIFY(files_->file().isEmpty());
    }

    void autosaveWritesSoonAfterAChangeAndLeavesNothingAtACleanEnd() {
        QString file;
        {
            Autosave autosave(*session_, [this] { return files_->document(); });
            file = autosave.file();
            session_->change("rate", [](Experiment& e) { e.learningRate = 0.015625; });
            QTRY_VERIFY(QFile::exists(file));
            // At step 0 a change is part of the start.
            const SessionDocument written = loadSession(file.toStdString());
            const Experiment& last = written.changes.empty() ? written.start : written.changes.back().after;
            QCOMPARE(last.learningRate, 0.015625);
            QVERIFY(autosave.leftBehind().isEmpty());
        }
        QVERIFY(!QFile::exists(file));
    }
    void aSessionLeftByACrashIsOfferedAndRestored() {
        const QString left = leaveBehind();
        Autosave autosave(*session_, [this] { return files_->document(); });
        autosave.offer(*messages_, [this](const SessionDocument& document) { files_->recover(document); });
        QCOMPARE(messages_->texts().size(), 1);
        press("Restore");
        QTRY_COMPARE(session_->experiment().learningRate, 0.0078125);
        QTRY_VERIFY(files_->isModified());
        QVERIFY(files_->file().isEmpty());
        // Only when the program has written it anew.
        QVERIFY(QFile::exists(left));
        QTRY_VERIFY(!QFile::exists(left));
        QCOMPARE(loadSession(autosave.file().toStdString()).start.learningRate, 0.0078125);
    }
    void aSessionLeftByACrashIsKeptWhenItCannotBeSetUp() {
        const QString left = leaveBehind("/nowhere/at/all.csv");
        Autosave autosave(*session_, [this] { return files_->document(); });
        QSignalSpy failed(session_.get(), &Session::failed);
        autosave.offer(*messages_, [this](const SessionDocument& document) { files_->recover(document); });
        press("Restore");
        QTRY_COMPARE(failed.size(), 1);
        autosave.writeNow();
        QTRY_VERIFY(QFile::exists(autosave.file()));
        QTest::qWait(100);
        QVERIFY(QFile::exists(left));
    }
    void aSessionLeftByACrashCanBeDiscarded() {
        const QString left = leaveBehind();
        Autosave autosave(*session_, [this] { return files_->document(); });
        autosave.offer(*messages_, [](const SessionDocument&) { QFAIL("not asked for"); });
        press("Discard");
        QVERIFY(!QFile::exists(left));
        QVERIFY(messages_->texts().isEmpty());
    }
    void theSessionOfARunningProgramIsNotOffered() {
        Autosave other(*session_, [this] { return files_->document(); });
        other.writeNow();
        QTRY_VERIFY(QFile::exists(other.file()));
        Autosave autosave(*session_, [this] { return files_->document(); });
        QVERIFY(autosave.leftBehind().isEmpty());
    }

private:
    void save(const QString& name) {
        QSignalSpy saved(files_, &FileCommands::saved);
        files_->saveTo(sandbox_.file(name));
        QTRY_COMPARE(saved.size(), 1);
    }
    void open(const QString& path) {
        QSignalSpy changed(session_.get(), &Session::experimentChanged);
        files_->openFile(path);
        QTRY_VERIFY(!changed.isEmpty());
        QTRY_COMPARE(files_->file(), path);
    }
    void openFarOff() {
        SessionDocument document;
        document.start = test::smallExperiment();
        document.step = farOff;
        Experiment after = document.start;
        after.learningRate = 0.02;
        document.changes.push_back({farOff - 1, "late", after});
        saveSession(document, sandbox_.file("far.kappa").toStdString());
        open(sandbox_.file("far.kappa"));
        QTRY_VERIFY(session_->status().step > 0);
    }
    void answer(QMessageBox::StandardButton button) {
        auto* box = window_->findChild<QMessageBox*>("confirmLoss");
        QVERIFY(box && box->isVisible());
        box->setObjectName("answered");
        box->button(button)->click();
    }
    void press(const QString& text) {
        for (auto* button : messages_->findChildren<QPushButton*>())
            if (button->text() == text) return button->click();
        QFAIL(qPrintable("no button " + text));
    }
    /// An autosaved session without a program, its lock held by a process that has ended.
    QString leaveBehind(const std::string& data = {}) {
        QDir().mkpath(Autosave::folder());
        const QString file = Autosave::folder() + "/1-crashed.kappa";
        Experiment experiment = test::smallExperiment();
        experiment.learningRate = 0.0078125;
        if (!data.empty()) experiment.data.set = "csv";
        experiment.data.path = data;
        SessionDocument crashed;
        crashed.start = experiment;
        saveSession(crashed, file.toStdString());
        QProcess gone;
        gone.start("true", {});
        const qint64 id = gone.processId();
        gone.waitForFinished();
        QFile lock(file + ".lock");
        if (lock.open(QIODevice::WriteOnly))
            lock.write(QString("%1\nkappascope\n%2\n").arg(id).arg(QSysInfo::machineHostName()).toUtf8());
        return file;
    }

    test::WindowSandbox sandbox_;
    std::unique_ptr<QWidget> window_;
    std::unique_ptr<Session> session_;
    MessageBar* messages_ = nullptr;
    FileCommands* files_ = nullptr;
};

QTEST_MAIN(FileCommandsTest)
#include "file_commands_test.moc"
