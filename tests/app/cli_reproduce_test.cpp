// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>
#include <csignal>

using namespace kappascope::test;

namespace {
const QStringList tiny{"--data", "digits", "--shorten", "500", "--seeds", "2", "--quiet"};
}

class CliReproduceTest : public QObject {
    Q_OBJECT
private slots:
    void aClaimIsMeasuredAndReported() {
        const QString out = folder_.filePath("report");
        const Said said =
            cli(QStringList{"reproduce", "ordinary_batches", "equal_step", "--out", out} + tiny);
        QVERIFY2(said.status == 0, qPrintable(said.errors));
        QVERIFY(said.output.startsWith("At ordinary batch sizes BNP is comparable"));
        for (const char* words : {"The paper: ", "In our hands: ", "seen: sigmoid", "Processor time "})
            QVERIFY2(said.output.contains(words), words);
        QVERIFY(said.errors.contains("2 seeds say little"));
        QCOMPARE(QDir(out).entryList(QDir::Files),
                 (QStringList{"findings.csv", "index.html", "measurements.csv"}));
        QVERIFY(QDir(out + "/figures").entryList({"*.svg"}).size() >= 12);
        const QByteArray page = read(out + "/index.html");
        QVERIFY(page.contains(
            "kappascope-cli reproduce ordinary_batches equal_step --seeds 2 --shorten 500 --data digits"));
        QVERIFY(page.contains("Digits 8 × 8"));
        QCOMPARE(page.count("<section"), 2);
    }

    void whatAnotherBuildHasKeptStaysAndIsSaid() {
        const QString out = folder_.filePath("shared"), kept = out + "/trainings.part";
        QVERIFY(QDir().mkpath(out));
        const QByteArray line = R"({"program":"0.0.1","training":"x/y","processor_seconds":5,"runs":[]})"
                                "\n";
        QFile file(kept);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(line) == line.size());
        file.close();
        const Said said = cli(QStringList{"reproduce", "ordinary_batches", "--out", out} + tiny);
        QVERIFY2(said.status == 0, qPrintable(said.errors));
        QVERIFY2(said.errors.contains(kept + " also holds 1 training of another build of this program"),
                 qPrintable(said.errors));
        QCOMPARE(read(kept), line);
    }

    void anyNumberOfJobsGivesTheSameNumbers() {
        QList<QByteArray> files;
        for (const char* jobs : {"1", "2"}) {
            const QString out = folder_.filePath(jobs);
            QCOMPARE(cli(QStringList{"reproduce", "equal_step", "--jobs", jobs, "--out", out} + tiny).status,
                     0);
            files << read(out + "/measurements.csv");
        }
        QVERIFY(files[0].size() > 500);
        QCOMPARE(files[0], files[1]);
    }

    void ctrlCKeepsTheClaimsThatAreMeasured() {
        const QString out = folder_.filePath("interrupted");
        QProcess process;
        // the second claim is as long as can be
        process.start(program(), {"reproduce", "equal_step", "ordinary_batches", "--full", "--data", "digits",
                                  "--quiet", "--out", out});
        QVERIFY(process.waitForStarted(patience));
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(out + "/measurements.csv"), patience);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(patience));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 1);
        const QByteArray errors = process.readAllStandardError();
        QVERIFY2(errors.contains("stopped; 1 of 2 claims are measured"), errors);
        QVERIFY2(errors.contains("of processor time, on "), errors);
        QCOMPARE(read(out + "/index.html").count("<section"), 1);
    }

    void claimsAreListed() {
        const Said said = cli({"list", "claims"});
        QCOMPARE(said.status, 0);
        for (const char* key :
             {"ordinary_batches", "small_batches", "hessian_blocks", "local_rate", "equal_step"})
            QVERIFY2(said.output.contains(QString(key) + "  ("), key);
    }

    void missingImagesAreExplained() {
        QProcessEnvironment elsewhere = QProcessEnvironment::systemEnvironment();
        elsewhere.insert("XDG_DATA_HOME", folder_.filePath("nothing"));
        QProcess process;
        process.setProcessEnvironment(elsewhere);
        process.start(program(), {"reproduce", "--quiet", "--out", folder_.filePath("none")});
        QVERIFY(process.waitForFinished(patience));
        QCOMPARE(process.exitCode(), 2);
        const QByteArray errors = process.readAllStandardError();
        QVERIFY2(errors.contains("./dev data mnist"), errors);
        QVERIFY2(errors.contains("--data digits"), errors);
        QVERIFY(!QDir(folder_.filePath("none")).exists());
    }

    void wrongUsageIsExplained_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("words");
        QTest::newRow("unknown claim") << QStringList{"smal_batches"} << "small_batches";
        QTest::newRow("unknown images") << QStringList{"--data", "digit"} << "digits";
        QTest::newRow("one seed") << QStringList{"--seeds", "1"} << "--seeds";
    }
    void wrongUsageIsExplained() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, words);
        const Said said = cli(QStringList{"reproduce"} + arguments);
        QCOMPARE(said.status, 2);
        QVERIFY2(said.errors.contains(words), qPrintable(said.errors));
        QVERIFY(said.output.isEmpty());
    }

    void aFolderThatCannotBeMadeIsAFailureOfTheWork() {
        const Said said = cli(QStringList{"reproduce", "equal_step", "--out", "/dev/null/x"} + tiny);
        QCOMPARE(said.status, 1);
        QVERIFY(said.errors.contains("/dev/null/x"));
    }

private:
    QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(CliReproduceTest)
#include "cli_reproduce_test.moc"
