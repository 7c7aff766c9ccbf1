// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/changed_session.h"
#include "tests/support/program.h"

#include <QtTest>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

using namespace kappascope;
using namespace kappascope::test;

namespace {

QString signatureOf(const Said& said) {
    return said.output.section("signature ", 1).trimmed();
}

/// Convolutions in float32 with running statistics, Adam's moments and BNP's: all that a state holds.
QStringList convolutions() {
    return {
        "digits",
        "--quiet",
        "--set",
        "precision=float32",
        "--set",
        "stop.divergence_factor=50",
        "--set",
        "data.augmentation.shift=1",
        "--set",
        "data.augmentation.flip=true",
        "--set",
        R"(model.layers=[{"type":"conv2d","channels":4,"padding":1},"relu","global_average_pool"])",
        "--set",
        R"(runs=[{"name":"BN","normalization":{"method":"batch_norm","placement":"pre"},"optimizer":"adam"},)"
        R"({"name":"BNP","preconditioner":"bnp","optimizer":{"method":"momentum","learning_rate":0.01}},)"
        R"({"name":"too fast","optimizer":{"method":"sgd","learning_rate":900}}])"};
}

QStringList moons() {
    return {"default", "--quiet", "--set", "batch_size=10"};
}

Said train(const QStringList& experiment, int steps, const QString& folder, int every) {
    return cli(QStringList{"train"} + experiment +
               QStringList{"--steps", QString::number(steps), "--out", folder, "--checkpoint-every",
                           QString::number(every), "--curvature-every", "50"});
}

/// Goes on with what train() has left in the folder, to so many steps in all.
Said goOn(const QString& folder, int steps, int every) {
    return cli({"train", "--resume", folder, "--steps", QString::number(steps), "--checkpoint-every",
                QString::number(every), "--curvature-every", "50", "--quiet"});
}

/// summary.json without what the clock decides.
nlohmann::json results(const QString& folder) {
    auto summary = nlohmann::json::parse(read(folder + "/summary.json"));
    summary.erase("seconds");
    for (auto& run : summary["runs"])
        for (const char* key : {"seconds", "steps_per_second"})
            run.erase(key);
    return summary;
}

/// The same results. Numbers to nine digits: a resumed training takes the values from before out of
/// history.csv, which writes so many of float32.
bool agree(const nlohmann::json& a, const nlohmann::json& b) {
    if (a.is_number_float() && b.is_number_float())
        return std::abs(a.get<double>() - b.get<double>()) <= 1e-8 * std::abs(b.get<double>());
    if (!a.is_structured() || a.type() != b.type() || a.size() != b.size()) return a == b;
    if (a.is_array()) return std::equal(a.begin(), a.end(), b.begin(), agree);
    return std::ranges::all_of(a.items(), [&b](const auto& item) {
        return b.contains(item.key()) && agree(item.value(), b[item.key()]);
    });
}

} // namespace

class CliResumeTest : public QObject {
    Q_OBJECT

private slots:
    void goesOnToTheSameBits_data() {
        QTest::addColumn<QStringList>("experiment");
        QTest::newRow("three methods") << moons();
        QTest::newRow("convolutions, one run diverges") << convolutions();
    }
    void goesOnToTheSameBits() {
        QFETCH(QStringList, experiment);
        QTemporaryDir place;
        const QString whole = place.filePath("whole"), parts = place.filePath("parts");
        const Said expected = train(experiment, 170, whole, 60);
        QVERIFY2(expected.status == 0, qPrintable(expected.errors));
        QCOMPARE(train(experiment, 60, parts, 60).status, 0);
        const Said resumed = cli({"train", "--resume", parts, "--steps", "170", "--checkpoint-every", "60",
                                  "--curvature-every", "50", "--quiet"});
        QVERIFY2(resumed.status == 0, qPrintable(resumed.errors));
        QCOMPARE(signatureOf(resumed), signatureOf(expected));
        QCOMPARE(read(parts + "/history.csv"), read(whole + "/history.csv"));
        QVERIFY(agree(results(parts), results(whole)));
        for (const QString& name : QDir(whole).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            QCOMPARE(read(parts + '/' + name + "/step-00000170.safetensors"),
                     read(whole + '/' + name + "/step-00000170.safetensors"));
    }

    // As after a power cut: the state is older than what stands in the unfinished history.
    void whatCameAfterTheCheckpointIsDoneAgain() {
        QTemporaryDir place;
        const QString whole = place.filePath("whole"), cut = place.filePath("cut");
        const Said expected = train(moons(), 120, whole, 40);
        QCOMPARE(train(moons(), 40, cut, 40).status, 0);
        const QString state = cut + "/state.safetensors", kept = place.filePath("kept");
        QVERIFY(QFile::copy(state, kept));
        QCOMPARE(train(moons(), 75, cut, 40).status, 0);
        QVERIFY(QFile::remove(state) && QFile::copy(kept, state));
        QVERIFY(QFile::rename(cut + "/history.csv", cut + "/history.csv.part"));
        QFile half(cut + "/history.csv.part");
        QVERIFY(half.open(QIODevice::Append));
        half.write("BN,75,train_lo");
        half.close();
        const Said resumed = goOn(cut, 120, 40);
        QVERIFY2(resumed.status == 0, qPrintable(resumed.errors));
        QCOMPARE(signatureOf(resumed), signatureOf(expected));
        QCOMPARE(read(cut + "/history.csv"), read(whole + "/history.csv"));
    }

    void changesInItsCourseAreGoneOnWith_data() {
        QTest::addColumn<int>("cut");
        QTest::addColumn<QString>("precision");
        QTest::newRow("before the first") << 25 << "float64";
        QTest::newRow("where two are due") << 40 << "float64";
        QTest::newRow("between them") << 60 << "float32";
        QTest::newRow("after a run has come late") << 90 << "float64";
        QTest::newRow("after all") << 120 << "float32";
    }
    void changesInItsCourseAreGoneOnWith() {
        QFETCH(int, cut);
        QFETCH(QString, precision);
        QTemporaryDir place;
        const QString file = place.filePath("session.kappa");
        saveSession(changedSession(), file.toStdString());
        const QStringList session{file, "--quiet", "--set", "precision=" + precision};
        const QString whole = place.filePath("whole"), parts = place.filePath("parts");
        const Said expected = train(session, 170, whole, 30);
        QVERIFY2(expected.status == 0, qPrintable(expected.errors));
        const Said first = train(session, cut, parts, 30);
        QVERIFY2(first.status == 0, qPrintable(first.errors));
        const Said resumed = goOn(parts, 170, 30);
        QVERIFY2(resumed.status == 0, qPrintable(resumed.errors));
        QCOMPARE(signatureOf(resumed), signatureOf(expected));
        QVERIFY(signatureOf(cli(QStringList{"train"} + moons() + QStringList{"--steps", "170"})) !=
                signatureOf(expected));
        QCOMPARE(read(parts + "/history.csv"), read(whole + "/history.csv"));
        QVERIFY(agree(results(parts), results(whole)));
        // A whole one, written down, is the same training again.
        QCOMPARE(signatureOf(cli({"train", parts + "/experiment.kappa", "--quiet"})), signatureOf(expected));
        // And goes on further.
        const Said further = cli({"train", "--resume", parts, "--steps", "200", "--quiet"});
        QVERIFY2(further.status == 0, qPrintable(further.errors));
        QCOMPARE(signatureOf(further), signatureOf(train(session, 200, place.filePath("longer"), 70)));
    }

    /// A run that has come, and caught up, after the state that is gone on from does so once more.
    void changesAfterTheCheckpointAreMadeAgain() {
        QTemporaryDir place;
        const QString file = place.filePath("session.kappa");
        saveSession(changedSession(), file.toStdString());
        const QStringList session{file, "--quiet"};
        const QString whole = place.filePath("whole"), cut = place.filePath("cut");
        const Said expected = train(session, 170, whole, 30);
        for (const int saved : {30, 60}) {
            QCOMPARE(train(session, saved, cut, 30).status, 0);
            const QString state = cut + "/state.safetensors", kept = place.filePath("kept");
            QFile::remove(kept);
            QVERIFY(QFile::copy(state, kept));
            QCOMPARE(train(session, 140, cut, 30).status, 0);
            QVERIFY(QFile::remove(state) && QFile::copy(kept, state));
            const Said resumed = goOn(cut, 170, 30);
            QVERIFY2(resumed.status == 0, qPrintable(resumed.errors));
            QCOMPARE(signatureOf(resumed), signatureOf(expected));
            QCOMPARE(read(cut + "/history.csv"), read(whole + "/history.csv"));
        }
    }

    void changesThatAreMissingAreNamed() {
        QTemporaryDir place;
        const QString file = place.filePath("session.kappa"), folder = place.filePath("results");
        saveSession(changedSession(), file.toStdString());
        QCOMPARE(train({file, "--quiet"}, 60, folder, 60).status, 0);
        QVERIFY(QFile::remove(folder + "/experiment.kappa"));
        QVERIFY(QFile::copy(file, folder + "/experiment.kappa"));
        SessionDocument shorter = changedSession();
        shorter.changes.resize(1);
        saveSession(shorter, (folder + "/experiment.kappa").toStdString());
        const Said said = cli({"train", "--resume", folder, "--quiet"});
        QCOMPARE(said.status, 2);
        QVERIFY2(said.errors.contains("2 changes had been made, and the session has 1"),
                 qPrintable(said.errors));
    }

    void mistakesAreNamed() {
        QTemporaryDir place;
        const Said missing = cli({"train", "--resume", place.path()});
        QCOMPARE(missing.status, 2);
        QVERIFY2(missing.errors.contains("state.safetensors: there is no such file"),
                 qPrintable(missing.errors));
        QCOMPARE(cli({"train"}).status, 2);
        QCOMPARE(cli({"train", "default", "--resume", place.path()}).status, 2);
        QCOMPARE(cli({"train", "--resume", place.path(), "--out", place.path()}).status, 2);

        // The state of another network.
        const QString folder = place.filePath("results");
        QCOMPARE(train(moons(), 20, folder, 20).status, 0);
        QFile file(folder + "/experiment.kappa");
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray text = file.readAll();
        file.close();
        QVERIFY(text.contains("\"hidden\": [8, 8]"));
        text.replace("\"hidden\": [8, 8]", "\"hidden\": [8, 9]");
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        const Said other = cli({"train", "--resume", folder, "--steps", "40"});
        QCOMPARE(other.status, 2);
        QVERIFY2(other.errors.contains(
                     "runs.Plain: the saved state is that of a run with other methods or layers"),
                 qPrintable(other.errors));
    }
};

QTEST_GUILESS_MAIN(CliResumeTest)
#include "cli_resume_test.moc"
