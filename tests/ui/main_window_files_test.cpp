// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/whole_window.h"
#include "ui/dialogs/import_dialog.h"
#include "ui/plots/metric_plot.h"
#include "ui/plots/plot_panel.h"
#include "ui/window/export_commands.h"
#include "ui/window/file_commands.h"
#include "ui/window/message_bar.h"

#include <QApplication>
#include <QDir>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

using namespace kappascope;
using namespace kappascope::ui;
using test::settle;

/// What the window writes and reads.
class MainWindowFilesTest : public test::WholeWindow {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init() { open(); }
    void cleanup() { close(); }

    void aSessionIsSavedWithItsPlotsAndOpenedAsItWas();
    void filesAreDropped();
    void curvesAreExported();
    void theExperimentIsExportedForPyTorch();
    void anExportThatFailsSaysWhy();

private:
    void drop(const QString& file);
};

void MainWindowFilesTest::drop(const QString& file) {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(file)});
    QDragEnterEvent enter(QPoint(700, 400), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent dropped(QPointF(700, 400), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &dropped);
}

void MainWindowFilesTest::aSessionIsSavedWithItsPlotsAndOpenedAsItWas() {
    session_->step(7);
    QVERIFY(settle(*session_));
    auto* plots = window_->findChild<PlotPanel*>();
    plots->addPlot("update_size");
    plots->plots()[0]->setLogarithmic(!plots->plots()[0]->isLogarithmic());
    const QJsonArray layout = plots->layoutState();
    const Experiment experiment = laboratory();
    const std::string signature = session_->laboratory().signature();
    QSignalSpy saved(&window_->files(), &FileCommands::saved);
    window_->files().saveTo(sandbox_.file("kept.kappa"));
    QTRY_COMPARE(saved.size(), 1);

    session_->open(defaultExperiment(), false);
    plots->showStandardPlots();
    QVERIFY(plots->layoutState() != layout);
    window_->files().openFile(sandbox_.file("kept.kappa"));
    QTRY_COMPARE(plots->layoutState(), layout);
    QVERIFY(settle(*session_));
    QCOMPARE(session_->laboratory().status().step, 7);
    QCOMPARE(session_->laboratory().signature(), signature);
    QCOMPARE(laboratory().data, experiment.data);
}

void MainWindowFilesTest::filesAreDropped() {
    drop(sandbox_.write("dropped.kappa", R"({"kappascope": 1, "batch_size": 3, "data": {"samples": 40}})"));
    QTRY_COMPARE(session_->experiment().batchSize, 3);
    QCOMPARE(laboratory().batchSize, 3);
    drop(sandbox_.write("table.csv", "a,b,class\n1,2,u\n2,1,v\n3,5,u\n4,4,v\n5,1,u\n6,3,v\n"));
    auto* dialog = window_->findChild<ImportDialog*>();
    QVERIFY(dialog);
    QVERIFY(dialog->isVisible());
    dialog->reject();
    QCOMPARE(laboratory().data.set, session_->experiment().data.set);
    QTRY_VERIFY(!window_->findChild<ImportDialog*>());
    // Twelve pictures of 2 x 2 pixels in IDX, and their labels beside them.
    const QByteArray head("\0\0\x08", 3), twelve("\0\0\0\x0c", 4), two("\0\0\0\2", 4);
    QByteArray pixels, labels;
    for (char k = 0; k < 12; ++k) {
        pixels += QByteArray(4, k);
        labels += char(k % 2);
    }
    sandbox_.write("train-labels-idx1-ubyte", head + '\1' + twelve + labels);
    drop(sandbox_.write("train-images-idx3-ubyte", head + '\3' + twelve + two + two + pixels));
    dialog = window_->findChild<ImportDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    QTRY_VERIFY2(dialog->isReady(), qPrintable(dialog->problem()));
    dialog->accept();
    QTRY_COMPARE(session_->experiment().data.set, std::string("idx"));
    QCOMPARE(laboratory().data.set, std::string("idx"));
    QCOMPARE(session_->laboratory().data()->train.features(), Index{4});
}

void MainWindowFilesTest::curvesAreExported() {
    session_->step(20);
    QVERIFY(settle(*session_));
    const QString file = sandbox_.file("history.csv");
    window_->exports().curvesTo(file);
    QTRY_VERIFY(QFile::exists(file));
    QTRY_VERIFY(window_->messages().texts().last().contains("Wrote"));
    QFile csv(file);
    QVERIFY(csv.open(QIODevice::ReadOnly));
    const QStringList lines = QString::fromUtf8(csv.readAll()).split('\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.front(), QString("run,step,metric,layer,value"));
    const RunSpec& run = session_->experiment().runs.front();
    const double last = session_->history(run.id)->lastValue({"train_loss"});
    const QString start = QString::fromStdString(run.name) + ",19,train_loss,,";
    const QStringList found = lines.filter(start);
    QCOMPARE(found.size(), 1);
    QCOMPARE(found.front().mid(start.size()).toDouble(), last); // the same bits
    QVERIFY(!window_->messages().texts().last().contains("missing"));
}

void MainWindowFilesTest::theExperimentIsExportedForPyTorch() {
    const QString folder = sandbox_.file("torch");
    QVERIFY(QDir().mkpath(folder));
    sandbox_.write("torch/mine.txt", "mine");
    window_->exports().torchTo(folder);
    QTRY_VERIFY(window_->messages().texts().last().contains("python3"));
    const QStringList made = QDir(folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    QCOMPARE(made.size(), 1); // beside what was there
    const QString inside = folder + '/' + made.front();
    for (const char* name : {"train.py", "experiment.json", "data.safetensors", "batches.safetensors"})
        QVERIFY2(QFile::exists(inside + '/' + name), name);
    QVERIFY(window_->messages().texts().last().contains(inside));
}

void MainWindowFilesTest::anExportThatFailsSaysWhy() {
    window_->exports().curvesTo("/nowhere/at/all.csv");
    QTRY_VERIFY(!window_->messages().texts().isEmpty() &&
                window_->messages().texts().last().contains("/nowhere/at/all.csv") &&
                !window_->messages().texts().last().startsWith("Writing"));
    QCOMPARE(window_->messages().texts().size(), 1);
}

QTEST_MAIN(MainWindowFilesTest)
#include "main_window_files_test.moc"
