// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <map>

using namespace kappascope::test;

namespace {

const QStringList small{"--set", "data.samples=60", "--set", "model.hidden=4,3", "--quiet"};

/// Rows of spectrum.csv without the last column, whose words hold commas.
std::vector<QStringList> rowsOf(const QString& file) {
    std::vector<QStringList> rows;
    for (const QByteArray& line : read(file).split('\n').mid(1))
        if (!line.isEmpty()) rows.push_back(QString::fromUtf8(line).split(','));
    return rows;
}

} // namespace

class CliSpectrumTest : public QObject {
    Q_OBJECT
private slots:
    void printsTablesAndWritesEveryEigenvalue() {
        const QString folder = folder_.filePath("a");
        const Said said = cli(QStringList{"spectrum", "default", "--at", "20,0", "--out", folder} + small);
        QVERIFY2(said.status == 0, qPrintable(said.errors));
        QVERIFY(said.output.startsWith("Step 0\n") && said.output.contains("\nStep 20\n"));
        QVERIFY(said.output.contains("all 40 training samples"));
        std::map<QString, int> eigenvalues;
        std::map<QString, double> largest, summary;
        for (const QStringList& row : rowsOf(folder + "/spectrum.csv")) {
            const QString key = row[0] + row[1] + row[3];
            if (!row[2].isEmpty()) continue; // of a layer
            if (row[4] == "eigenvalue") {
                ++eigenvalues[key];
                largest[key] = row[6].toDouble(); // ascending
            } else if (row[4] == "lambda_max") {
                summary[key] = row[6].toDouble();
            }
        }
        QCOMPARE(eigenvalues.size(), 12u); // 3 runs, 2 steps, raw and preconditioned
        for (const auto& [key, count] : eigenvalues)
            QCOMPARE(count, key.startsWith("BN0") || key.startsWith("BN20") ? 49 : 31);
        QCOMPARE(largest, summary);
        for (const char* file : {"experiment.kappa", "history.csv", "summary.json"})
            QVERIFY(QFile::exists(folder + '/' + file));
    }

    void tablesCountLayersFromOneAndFilesAsPyTorchDoes() {
        const QString folder = folder_.filePath("layers");
        const Said said = cli(QStringList{"spectrum", "default", "--at", "0", "--out", folder} + small);
        QVERIFY2(said.status == 0, qPrintable(said.errors));
        for (const char* layer : {"layer 1", "layer 2", "layer 3"})
            QVERIFY2(said.output.contains(layer), layer);
        QVERIFY(!said.output.contains("layer 0") && !said.output.contains("layer 4"));
        QSet<QString> layers;
        for (const QStringList& row : rowsOf(folder + "/spectrum.csv"))
            layers.insert(row[2]);
        QCOMPARE(layers, (QSet<QString>{"", "0", "1", "2"}));
        const QString help = cli({"spectrum", "--help"}).output;
        QVERIFY2(help.contains("layers.0.weight"), qPrintable(help));
    }

    void whatWasFoundBeforeOnlyHelpsToFindItAgain() {
        const QStringList large{"--set", "model.hidden=50,40", "--set", "data.samples=60", "--quiet"};
        const auto ends = [&](const char* name, const char* at) {
            const QString folder = folder_.filePath(name);
            const Said said = cli(
                QStringList{"spectrum", "default", "--at", at, "--out", folder, "--threads", "1"} + large);
            std::map<QString, std::pair<double, double>> found;
            if (said.status != 0) return found;
            for (const QStringList& row : rowsOf(folder + "/spectrum.csv"))
                if (row[1] == "30" && (row[4] == "lambda_max" || row[4] == "lambda_min"))
                    found[row[0] + row[2] + row[3] + row[4]] = {row[6].toDouble(), row[7].toDouble()};
            return found;
        };
        const auto cold = ends("cold", "30"), warm = ends("warm", "0,20,30");
        QVERIFY(cold.size() >= 12);
        QCOMPARE(warm.size(), cold.size());
        for (const auto& [key, value] : cold) {
            const double most = cold.at(QString(key).replace("lambda_min", "lambda_max")).first;
            const double error = value.second + warm.at(key).second + 1e-6 * most;
            QVERIFY2(std::abs(value.first - warm.at(key).first) <= error, qPrintable(key));
        }
    }

    void measuringChangesNothingInTheTraining() {
        const QString a = folder_.filePath("trained"), b = folder_.filePath("measured");
        QCOMPARE(cli(QStringList{"train", "default", "--steps", "30", "--out", a} + small).status, 0);
        QCOMPARE(cli(QStringList{"spectrum", "default", "--at", "7,30", "--out", b} + small).status, 0);
        QVERIFY(!read(a + "/history.csv").isEmpty());
        QCOMPARE(read(b + "/history.csv"), read(a + "/history.csv"));
    }

    void anyNumberOfThreadsGivesTheSameBits() {
        QList<QByteArray> files;
        for (const char* threads : {"1", "2"}) {
            const QString folder = folder_.filePath(threads);
            QCOMPARE(
                cli(QStringList{"spectrum", "default", "--at", "10", "--threads", threads, "--out", folder} +
                    small)
                    .status,
                0);
            files << read(folder + "/spectrum.csv");
        }
        QVERIFY(files[0].size() > 1000);
        QCOMPARE(files[0], files[1]);
    }

    void theNextMiniBatchAndEvaluationModeOnRequest() {
        const Said said = cli(QStringList{"spectrum", "default", "--at", "5", "--on", "mini_batch", "--mode",
                                          "evaluation", "--neurons", "0", "--set", "batch_size=8"} +
                              small);
        QVERIFY2(said.status == 0, qPrintable(said.errors));
        QVERIFY2(said.output.contains("Hessian, evaluation mode, mini-batch of step 5, without penalty"),
                 qPrintable(said.output));
    }

    void aPreconditionerUnderAdamIsMeasuredAndSaysThatItWasMadeSymmetric() {
        const Said said =
            cli(QStringList{"spectrum", "default", "--at", "5", "--set", "runs.BNP.optimizer=adam"} + small);
        QVERIFY2(said.status == 0, qPrintable(said.errors));
        QVERIFY2(said.output.contains("BNP: the optimizer scales what the preconditioner returns"),
                 qPrintable(said.output));
        QVERIFY(!said.output.contains("not defined"));
    }

    void wrongUsageIsExplained_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no step") << QStringList{"--at", "soon"};
        QTest::newRow("negative step") << QStringList{"--at", "-1"};
        QTest::newRow("no samples") << QStringList{"--on", "test_set"};
        QTest::newRow("no matrix") << QStringList{"--matrix", "fisher"};
        QTest::newRow("tau out of range") << QStringList{"--tau", "2"};
    }
    void wrongUsageIsExplained() {
        QFETCH(QStringList, arguments);
        const Said said = cli(QStringList{"spectrum", "default"} + arguments);
        QCOMPARE(said.status, 2);
        QVERIFY2(said.errors.contains(arguments[0]), qPrintable(said.errors));
        QVERIFY(said.output.isEmpty());
    }

    void aFolderThatCannotBeMadeIsAFailureOfTheWork() {
        const Said said =
            cli(QStringList{"spectrum", "default", "--at", "0", "--out", "/dev/null/x"} + small);
        QCOMPARE(said.status, 1);
        QVERIFY(said.errors.contains("/dev/null/x"));
    }

private:
    QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(CliSpectrumTest)
#include "cli_spectrum_test.moc"
