// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/torch_export.h"

#include "engine/files/presets.h"
#include "engine/files/training_folder.h"

#include "tests/support/export_cases.h"

#include <QProcess>
#include <QtTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr std::int64_t steps = 200;
constexpr int patience = 300'000; // milliseconds: importing PyTorch is slow on a busy machine
const char* const python = "/usr/bin/python3";

/// What a Python process says.
struct Said {
    int status;
    QString output, errors;
};

Said runPython(const QStringList& arguments) {
    QProcess process;
    process.start(python, arguments);
    if (!process.waitForFinished(patience)) return {-1, {}, process.errorString()};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

/// Trains `experiment` here and leaves its history.csv in `folder`.
void trainInto(const QString& folder, const Experiment& experiment) {
    Laboratory laboratory(experiment, {.threads = 1});
    SessionDocument session;
    session.start = experiment;
    TrainingFolder files(folder.toStdString(), session);
    laboratory.send(command::Step{steps});
    laboratory.wait();
    files.append(laboratory);
    files.finish(summarize(laboratory, false));
}

} // namespace

class TorchExportTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void lossesAgree_data();
    void lossesAgree();
    void tinyLossesAreTiny_data();
    void tinyLossesAreTiny();
    void singlePrecisionAgreesToItsRounding();
    void chaoticRunsAreRecognized();
    void differencesOfChaoticRunsAreFound();
    void differencesAreFound();

private:
    static std::vector<std::pair<std::string, Experiment>> cases();
    /// Exports, trains on both sides, compares; the arguments are train.py's.
    Said compare(const Experiment& experiment, const QStringList& arguments);

    bool torch_ = false;
    nlohmann::json compared_; ///< [{status, errors}] of train.py, one for each case
};

std::vector<std::pair<std::string, Experiment>> TorchExportTest::cases() {
    std::vector<std::pair<std::string, Experiment>> all{
        {"optimizers", withEveryOptimizer()},
        {"schedules", withEverySchedule()},
        {"preconditioners", withEveryPreconditioner()},
        {"normalizations", withEveryNormalization()},
        {"penalty after", withPenalty(false)},
        {"penalty before", withPenalty(true)},
        {"regression, full batch", fullBatchRegression()},
        {"linear model", linearModel()},
        {"images", images()},
        {"convolutions", convolutions()},
        {"a network by its name", namedNetwork()},
        {"augmented images", augmentedImages()},
        {"batches of one", batchesOfOne()},
        {"tiny cross-entropies", tinyLosses("cross_entropy")},
        {"tiny binary cross-entropies", tinyLosses("binary_cross_entropy")}};
    for (const std::string& key : membersUnder("activation")->keys())
        all.emplace_back("activation " + key, withActivation(key));
    for (const std::string& key : membersUnder("loss")->keys())
        all.emplace_back("loss " + key, withLoss(key));
    return all;
}

/// Exports all cases, trains them here, and has one Python process train and compare them.
void TorchExportTest::initTestCase() {
    torch_ = runPython({"-c", "import torch, numpy"}).status == 0;
    if (!torch_) {
        qWarning("%s has no PyTorch: the comparisons are skipped", python);
        return;
    }
    QTemporaryDir folder;
    QStringList arguments{QString(KAPPASCOPE_SOURCE_DIR) + "/tests/torch/train_exports.py"};
    for (const auto& [name, experiment] : cases()) {
        const QString base = folder.filePath(QString::number(arguments.size()));
        trainInto(base + "/trained", experiment);
        exportTorch(experiment, (base + "/exported").toStdString(), steps);
        arguments << base + "/exported" << base + "/trained/history.csv";
    }
    const Said said = runPython(arguments);
    QVERIFY2(said.status == 0, qPrintable(said.errors));
    compared_ = nlohmann::json::parse(said.output.toStdString());
}

void TorchExportTest::lossesAgree_data() {
    QTest::addColumn<std::size_t>("number");
    QTest::addColumn<qsizetype>("runs");
    std::size_t number = 0;
    for (const auto& [name, experiment] : cases())
        QTest::newRow(name.c_str()) << number++ << static_cast<qsizetype>(experiment.runs.size());
}

Said TorchExportTest::compare(const Experiment& experiment, const QStringList& arguments) {
    QTemporaryDir folder;
    const QString trained = folder.filePath("trained"), exported = folder.filePath("exported");
    trainInto(trained, experiment);
    exportTorch(experiment, exported.toStdString(), steps);
    return runPython(QStringList{exported + "/train.py", "--check", trained + "/history.csv"} + arguments);
}

/// In float64, to 1e-9 relative over the first 200 steps: the promise of the interface.
void TorchExportTest::lossesAgree() {
    if (!torch_) QSKIP("no PyTorch");
    QFETCH(std::size_t, number);
    QFETCH(qsizetype, runs);
    const QString text = QString::fromStdString(compared_[number]["errors"]);
    QVERIFY2(compared_[number]["status"] == 0, qPrintable(text));
    const QStringList lines = text.split('\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), runs);
    for (const QString& line : lines) {
        QVERIFY2(line.contains(": 200 steps, largest relative difference "), qPrintable(line));
        QVERIFY2(!line.contains("rounding"), qPrintable(line));
        QVERIFY2(line.section(' ', -1).toDouble() <= 1e-9, qPrintable(line));
    }
}

void TorchExportTest::tinyLossesAreTiny_data() {
    QTest::addColumn<std::string>("loss");
    for (const char* loss : {"cross_entropy", "binary_cross_entropy"})
        QTest::newRow(loss) << std::string(loss);
}

/// So that lossesAgree() sees losses of which 1 + e^m keeps nothing.
void TorchExportTest::tinyLossesAreTiny() {
    QFETCH(std::string, loss);
    Laboratory laboratory(tinyLosses(loss), {.threads = 1});
    laboratory.send(command::Step{steps});
    laboratory.wait();
    const double last = laboratory.history(1)->lastValue({"train_loss"});
    QVERIFY2(last > 0 && last < 1e-30, qPrintable(QString::number(last)));
}

void TorchExportTest::singlePrecisionAgreesToItsRounding() {
    if (!torch_) QSKIP("no PyTorch");
    const Said said =
        compare(moons([](Experiment& experiment) { experiment.precision = Precision::Float32; }),
                {"--tolerance", "1e-4"});
    QVERIFY2(said.status == 0, qPrintable(said.errors));
    QVERIFY2(!said.errors.contains("rounding"), qPrintable(said.errors));
}

/// The plain run of the default experiment trains far beyond its stable rate.
void TorchExportTest::chaoticRunsAreRecognized() {
    if (!torch_) QSKIP("no PyTorch");
    const Said said = compare(preset("default"), {"--run", "Plain", "--tolerance", "1e-13"});
    QVERIFY2(said.status == 0, qPrintable(said.errors));
    QVERIFY2(said.errors.contains("a rounding error in its start weights makes"), qPrintable(said.errors));
}

/// A run whose errors grow must still agree before they have: a rate that is a millionth off is seen.
void TorchExportTest::differencesOfChaoticRunsAreFound() {
    if (!torch_) QSKIP("no PyTorch");
    QTemporaryDir folder;
    const QString trained = folder.filePath("trained"), exported = folder.filePath("exported");
    Experiment experiment = preset("default");
    exportTorch(experiment, exported.toStdString(), steps);
    experiment.learningRate *= 1 + 1e-6;
    trainInto(trained, experiment);
    const Said said =
        runPython({exported + "/train.py", "--check", trained + "/history.csv", "--run", "Plain"});
    QCOMPARE(said.status, 1);
    QVERIFY2(said.errors.contains("a rounding error in its start weights makes"), qPrintable(said.errors));
    QVERIFY2(said.errors.contains(QRegularExpression("but not the [0-9.e+-]+ at step [0-9]+")),
             qPrintable(said.errors));
}

void TorchExportTest::differencesAreFound() {
    if (!torch_) QSKIP("no PyTorch");
    QTemporaryDir folder;
    const QString trained = folder.filePath("trained"), exported = folder.filePath("exported");
    Experiment experiment = moons([](Experiment&) {});
    exportTorch(experiment, exported.toStdString(), steps);
    experiment.learningRate *= 1 + 1e-6;
    trainInto(trained, experiment);
    const Said said =
        runPython({exported + "/train.py", "--check", trained + "/history.csv", "--steps", "50"});
    QCOMPARE(said.status, 1);
    QVERIFY2(said.errors.contains("the losses differ"), qPrintable(said.errors));
    QCOMPARE(said.output.count('\n'), 1 + 3 * 50);
    QVERIFY(said.output.startsWith("run,step,train_loss\nPlain,0,"));
    QFile written(exported + "/losses.csv");
    QVERIFY(written.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(written.readAll()), said.output);
}

QTEST_APPLESS_MAIN(TorchExportTest)
#include "torch_export_test.moc"
