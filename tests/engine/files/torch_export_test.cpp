// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/torch_export.h"

#include "engine/data/batch_plan.h"
#include "engine/files/experiment_fields.h"
#include "engine/files/experiment_json.h"
#include "engine/files/presets.h"
#include "engine/files/safetensors.h"
#include "engine/files/training_folder.h"

#include "tests/support/input_errors.h"

#include <QProcess>
#include <QtTest>
#include <numeric>

using namespace kappascope;

namespace {

constexpr std::int64_t steps = 200;
constexpr int patience = 300'000; // milliseconds: importing PyTorch is slow on a busy machine
const char* const python = "/usr/bin/python3";

/// Two hundred moons in batches of 40, at a rate at which no run is chaotic; `alter` makes the rest.
template<class F>
Experiment moons(F alter) {
    Experiment experiment = parseExperiment(
        "{\"kappascope\": 1, \"data\": {\"set\": \"moons\", \"samples\": 300, \"scale\": [1, 2], \"offset\": "
        "[1, 0]},"
        " \"model\": {\"hidden\": [7, 5]}, \"batch_size\": 40, \"learning_rate\": 0.05, \"steps\": 200}");
    alter(experiment);
    return experiment;
}

MethodSpec method(const char* kind, const std::string& key) {
    const Members& members = *membersUnder(kind);
    return members.spec(members.at(key, kind));
}

/// A run named after what makes it different.
RunSpec run(const Experiment& experiment, const std::string& name) {
    RunSpec run = experiment.runs.front();
    run.id = 0;
    run.name = name;
    return run;
}

Experiment withActivation(const std::string& key) {
    return moons([&](Experiment& experiment) { experiment.model.activation = method("activation", key); });
}

Experiment withLoss(const std::string& key) {
    return moons([&](Experiment& experiment) { experiment.loss = method("loss", key); });
}

Experiment withEveryOptimizer() {
    return moons([](Experiment& experiment) {
        std::vector<RunSpec> runs;
        for (const std::string& key : membersUnder("optimizer")->keys())
            for (const char* preconditioner : {"none", "bnp"}) {
                runs.push_back(run(experiment, key + " " + preconditioner));
                runs.back().optimizer = method("optimizer", key);
                runs.back().preconditioner = method("preconditioner", preconditioner);
                if (key != "sgd") runs.back().learningRate = 0.01;
            }
        experiment.runs = runs;
    });
}

Experiment withEverySchedule() {
    return moons([](Experiment& experiment) {
        std::vector<RunSpec> runs;
        for (const std::string& key : membersUnder("schedule")->keys()) {
            runs.push_back(run(experiment, key));
            runs.back().schedule = method("schedule", key);
            Parameters& parameters = runs.back().schedule.parameters;
            if (parameters.has("steps")) parameters.set("steps", std::int64_t{80});
            if (parameters.has("every")) parameters.set("every", std::int64_t{30});
        }
        runs.push_back(runs.back());
        runs.back().name = "warm-up and cosine";
        runs.back().schedule = method("schedule", "warmup");
        runs.back().schedule.parameters.set("then", std::string("cosine"));
        runs.back().schedule.parameters.set("steps", std::int64_t{20});
        runs.back().schedule.parameters.set("decay_steps", std::int64_t{100});
        experiment.runs = runs;
    });
}

Experiment withEveryPreconditioner() {
    return moons([](Experiment& experiment) {
        std::vector<RunSpec> runs;
        const auto add = [&](const std::string& key, const char* parameter, ParameterValue value) {
            runs.push_back(run(experiment, key + ' ' + parameter + std::to_string(runs.size())));
            runs.back().preconditioner = method("preconditioner", key);
            if (*parameter) runs.back().preconditioner.parameters.set(parameter, std::move(value));
        };
        for (const std::string& key : membersUnder("preconditioner")->keys())
            add(key, "", 0.0);
        for (const char* start : {"first_batch", "bias_corrected"})
            for (const char* key : {"bnp", "centering"})
                add(key, "start", std::string(start));
        add("bnp", "variance", std::string("literal"));
        add("bnp", "rho", 0.5);
        add("bnp", "layers", std::vector<double>{0, 2});
        add("bnp", "epsilon1", 0.3);
        experiment.runs = runs;
    });
}

Experiment withEveryNormalization() {
    return moons([](Experiment& experiment) {
        std::vector<RunSpec> runs;
        for (const char* placement : {"post", "pre"})
            for (const bool inputs : {false, true})
                for (const char* preconditioner : {"none", "bnp"}) {
                    runs.push_back(run(experiment, std::string(placement) + (inputs ? " inputs " : " ") +
                                                       preconditioner));
                    runs.back().normalization = method("normalization", "batch_norm");
                    runs.back().normalization.parameters.set("placement", std::string(placement));
                    runs.back().normalization.parameters.set("normalize_inputs", inputs);
                    runs.back().preconditioner = method("preconditioner", preconditioner);
                }
        for (const std::string& key : membersUnder("normalization")->keys()) {
            runs.push_back(run(experiment, key));
            runs.back().normalization = method("normalization", key);
        }
        for (RunSpec& one : runs)
            one.learningRate = 0.02; // at 0.05 one of them amplifies rounding a millionfold every 50 steps
        experiment.runs = runs;
    });
}

Experiment withPenalty(bool beforePreconditioner) {
    return moons([&](Experiment& experiment) {
        experiment.model.l2 = 0.01;
        experiment.model.l2BeforePreconditioner = beforePreconditioner;
    });
}

Experiment fullBatchRegression() {
    return parseExperiment(
        "{\"kappascope\": 1, \"data\": {\"set\": \"linear_regression\", \"samples\": 150, "
        "\"condition_number\": 20},"
        " \"model\": {\"hidden\": [6], \"fold\": \"all\"}, \"batch_size\": 1000, \"learning_rate\": 0.05}");
}

/// Two clusters far apart and a start that has them the wrong way round: the first steps overshoot so far
/// that the losses are below 1e-30 from then on.
Experiment tinyLosses(const std::string& loss) {
    Experiment experiment = parseExperiment(
        "{\"kappascope\": 1, \"data\": {\"set\": \"blobs\", \"classes\": 2, \"noise\": 0.1, \"scale\": [10]},"
        " \"model\": {\"hidden\": []}, \"batch_size\": 50, \"learning_rate\": 2, "
        "\"runs\": [{\"name\": \"Plain\"}]}");
    experiment.loss = method("loss", loss);
    experiment.seed.weights = 5;
    return experiment;
}

Experiment linearModel() {
    return parseExperiment("{\"kappascope\": 1, \"data\": {\"set\": \"blobs\"}, \"model\": {\"hidden\": []},"
                           " \"learning_rate\": 0.01}");
}

Experiment images() {
    return parseExperiment(
        "{\"kappascope\": 1, \"data\": {\"set\": \"digits\"}, \"model\": {\"hidden\": [20],"
        " \"activation\": \"sigmoid\"}, \"learning_rate\": 0.02}");
}

/// Every kind of layer, with the normalizations and preconditioners that act on maps.
Experiment convolutions() {
    Experiment experiment = parseExperiment(
        R"({"kappascope": 1, "data": {"set": "digits"}, "batch_size": 16, "learning_rate": 0.001, "model": {"layers": [
        {"type": "conv2d", "channels": 4, "kernel": [3, 5], "padding": [1, 2]}, "tanh", {"type": "max_pool", "kernel": [3, 2],
        "stride": [2, 0], "padding": [1, 0]}, {"type": "residual", "layers": [{"type": "conv2d", "channels": 4, "padding": 1, "groups": 2},
        "silu", {"type": "conv2d", "channels": 4, "padding": 1}]}, "tanh", {"type": "residual", "shortcut":
        "projection", "layers": [{"type": "conv2d", "channels": 6, "kernel": [1, 3], "stride": [2, 1]}, {"type": "activation",
        "function": "leaky_relu", "slope": 0.2}]}, {"type": "average_pool", "kernel": [1, 2], "stride": 1}, "flatten",
        {"type": "dense", "units": 5}, "tanh"]}})");
    std::vector<RunSpec> runs;
    const auto add = [&](const std::string& name) -> RunSpec& {
        runs.push_back(run(experiment, name));
        runs.back().normalization = method("normalization", "none");
        runs.back().preconditioner = method("preconditioner", "none");
        return runs.back();
    };
    add("plain");
    for (const std::string& key : membersUnder("normalization")->keys())
        for (const char* placement : {"pre", "post"}) {
            if (key == "none") continue;
            RunSpec& one = add(key + ' ' + placement);
            one.normalization = method("normalization", key);
            one.normalization.parameters.set("placement", std::string(placement));
            if (key == "batch_norm") one.normalization.parameters.set("normalize_inputs", true);
        }
    for (const std::string& key : membersUnder("preconditioner")->keys())
        for (const char* counts : {"samples", "patches"}) {
            if (key == "none") continue;
            RunSpec& one = add(key + ' ' + counts);
            one.preconditioner = method("preconditioner", key);
            one.preconditioner.parameters.set("q_counts", std::string(counts));
        }
    RunSpec& both = add("BNP with group normalization");
    both.normalization = method("normalization", "group_norm");
    both.preconditioner = method("preconditioner", "bnp");
    experiment.runs = runs;
    return experiment;
}

Experiment namedNetwork() {
    Experiment experiment = parseExperiment(
        R"({"kappascope": 1, "data": {"set": "digits"}, "batch_size": 8, "learning_rate": 0.01,
        "model": {"network": "mlp", "l2": 0.01}, "runs": [{"name": "BNP", "preconditioner": "bnp"}]})");
    return experiment;
}

Experiment augmentedImages() {
    return parseExperiment(
        "{\"kappascope\": 1, \"data\": {\"set\": \"digits\", \"pixels\": \"per_channel\", \"augmentation\": "
        "{\"crop\": 2, \"shift\": 1, \"flip\": true}}, \"model\": {\"hidden\": [20]}, \"learning_rate\": "
        "0.02}");
}

Experiment batchesOfOne() {
    return moons([](Experiment& experiment) {
        experiment.batchSize = 1;
        experiment.learningRate = 0.01;
    });
}

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
    void theFilesHoldDataWeightsAndBatches();
    void picturesKeepTheirShape();
    void fullBatchesAreWrittenOnce();
    void tooManyMiniBatchesAreRefused();
    void augmentedBatchesAreWrittenWhereTheyAreWanted();

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

void TorchExportTest::theFilesHoldDataWeightsAndBatches() {
    QTemporaryDir folder;
    const auto at = [&](const char* name) {
        return std::filesystem::path(folder.filePath(name).toStdString());
    };
    const Experiment experiment = moons([](Experiment& altered) { altered.runs[0].name = "a/b"; });
    exportTorch(experiment, at(""), 7);
    QVERIFY(loadExperiment(at("experiment.json")) == experiment);

    Laboratory laboratory(experiment);
    laboratory.wait();
    const TensorFile data = readSafetensors(at("data.safetensors"));
    const Dataset& train = laboratory.data()->train;
    QCOMPARE(data.find("train.x")->shape, (std::vector<std::int64_t>{train.samples(), 2}));
    QVERIFY(data.find("train.x")->matrix<double>() == train.x.dense().transpose());
    const auto labels = data.find("test.y")->values<std::int64_t>();
    QVERIFY(std::ranges::equal(labels, laboratory.data()->test.labels));

    const Tensor indices = *readSafetensors(at("batches.safetensors")).find("indices");
    QCOMPARE(indices.shape, (std::vector<std::int64_t>{7, 40}));
    BatchPlan plan(static_cast<int>(train.samples()), 40, experiment.seed.batches);
    const auto all = indices.values<std::int64_t>();
    for (std::int64_t step = 0; step < 7; ++step)
        QVERIFY(std::ranges::equal(std::span(all).subspan(static_cast<std::size_t>(40 * step), 40),
                                   plan.indices(step)));

    const TensorFile start = readSafetensors(at("initial/a_b.safetensors"));
    QCOMPARE(start.metadata.at("run"), std::string("a/b"));
    const auto weights = laboratory.weights(1);
    QCOMPARE(start.find("layers.0.weight")->values<double>(), weights.front().values);
}

void TorchExportTest::picturesKeepTheirShape() {
    QTemporaryDir folder;
    exportTorch(preset("digits"), folder.path().toStdString(), 1);
    const TensorFile data = readSafetensors(folder.filePath("data.safetensors").toStdString());
    QCOMPARE(data.find("train.x")->shape, (std::vector<std::int64_t>{1198, 1, 8, 8}));
}

void TorchExportTest::fullBatchesAreWrittenOnce() {
    QTemporaryDir folder;
    const auto at = [&](const char* name) {
        return std::filesystem::path(folder.filePath(name).toStdString());
    };
    exportTorch(fullBatchRegression(), at(""), std::int64_t{1} << 40);
    const TensorFile batches = readSafetensors(at("batches.safetensors"));
    QCOMPARE(batches.metadata.at("steps"), std::string("1099511627776"));
    QCOMPARE(batches.find("indices")->shape, (std::vector<std::int64_t>{1, 100}));
    std::vector<std::int64_t> inOrder(100);
    std::iota(inOrder.begin(), inOrder.end(), 0);
    QCOMPARE(batches.find("indices")->values<std::int64_t>(), inOrder);
}

void TorchExportTest::tooManyMiniBatchesAreRefused() {
    QTemporaryDir folder;
    const std::filesystem::path target(folder.filePath("exported").toStdString());
    try {
        exportTorch(moons([](Experiment&) {}), target, 1'000'000);
        QFAIL("nothing was thrown");
    } catch (const InputError& error) {
        QCOMPARE(QString(error.what()),
                 QString("steps: 1000000 mini-batches of 40 samples are more than 33554432 indices to write. "
                         "Export at most 838860 steps (--steps)."));
    }
    QVERIFY(!std::filesystem::exists(target)); // not even in part
}

void TorchExportTest::augmentedBatchesAreWrittenWhereTheyAreWanted() {
    QTemporaryDir folder;
    const std::filesystem::path target(folder.filePath("exported").toStdString());
    const auto whyNot = test::inputErrorOf([&] { exportTorch(augmentedImages(), target, 100'000); });
    QCOMPARE(whyNot,
             "steps: 100000 augmented mini-batches of 32 images are more than 1 GiB to write. Export at "
             "most 65536 steps (--steps).");
    QVERIFY(!std::filesystem::exists(target));
    exportTorch(augmentedImages(), target, 3);
    QVERIFY(std::filesystem::exists(target / "augmented.safetensors"));
    exportTorch(images(), target, 3); // over it
    QVERIFY(!std::filesystem::exists(target / "augmented.safetensors"));
}

QTEST_APPLESS_MAIN(TorchExportTest)
#include "torch_export_test.moc"
