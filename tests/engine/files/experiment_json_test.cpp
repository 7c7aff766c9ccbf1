// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/experiment_json.h"

#include "engine/files/experiment_document.h"
#include "engine/files/experiment_fields.h"
#include "engine/files/overrides.h"
#include "tests/support/input_errors.h"
#include "tests/support/json_schema.h"
#include "tests/support/random_experiment.h"

#include <QtTest>

#include <fstream>

using namespace kappascope;

namespace {

/// The example of the interface description, as users find it in the README.
constexpr const char* example = R"({
  "kappascope": 1,
  "name": "Badly scaled moons",
  "seed": 7,
  "precision": "float64",
  "data": { "set": "moons", "samples": 500, "noise": 0.1, "scale": [1, 100], "offset": [0, 10], "test_fraction": 0.3 },
  "model": { "hidden": [16, 16], "activation": "tanh", "initialization": "xavier_uniform" },
  "loss": "cross_entropy",
  "batch_size": 32,
  "steps": 5000,
  "runs": [
    { "name": "Plain", "normalization": "none", "preconditioner": "none", "optimizer": { "method": "sgd", "learning_rate": 0.1 } },
    { "name": "BN",    "normalization": "batch_norm", "preconditioner": "none", "optimizer": { "method": "sgd", "learning_rate": 0.1 } },
    { "name": "BNP",   "normalization": "none", "preconditioner": "bnp", "optimizer": { "method": "sgd", "learning_rate": 0.1 } }
  ]
})";

nlohmann::json schema() {
    return nlohmann::json::parse(experimentSchema());
}

/// Compares every default in `schema` with what stands at the same place in `document`.
void compareDefaults(const nlohmann::json& schema, const nlohmann::json& document, const QString& place) {
    const nlohmann::json properties = schema.value("properties", nlohmann::json::object());
    for (const auto& [key, property] : properties.items()) {
        if (!document.contains(key)) continue;
        const QString here = place + "." + QString::fromStdString(key);
        if (property.contains("default") && !document[key].is_object())
            QVERIFY2(property["default"] == document[key], qPrintable(here));
        compareDefaults(property, document[key], here);
    }
}

} // namespace

class ExperimentJsonTest : public QObject {
    Q_OBJECT
private slots:
    void theDocumentedExampleIsRead();
    void whatIsLeftOutTakesItsDefault();
    void theSchemaTellsTheRealDefaults();
    void aRegressionDefaultsToSquaredError();
    void aTableLeavesTheLossToItsTarget();
    void everythingSurvivesARoundTrip();
    void theSameExperimentGivesTheSameText();
    void theSchemaAcceptsWhatIsWritten();
    void keysStandInTheDocumentedOrder();
    void evaluationsFollowTheMeasurementsUnlessSaid();
    void methodsMayBeNamesOrObjects();
    void numbersMayBeWrittenEitherWay();
    void seedsMayDiffer();
    void dataPathsAreRelativeToTheFile();
    void filesAreReplacedInOneGo();
    void unreadableFilesAreNamed();
    void everyKeyIsInTheTable();
    void theStoredSchemaIsTheProgramsOwn();
};

void ExperimentJsonTest::theDocumentedExampleIsRead() {
    const Experiment experiment = parseExperiment(example);
    QCOMPARE(experiment.name, std::string("Badly scaled moons"));
    QCOMPARE(experiment.seed.batches, std::uint64_t{7});
    QCOMPARE(experiment.data.set, std::string("moons"));
    QCOMPARE(experiment.data.samples, 500);
    QCOMPARE(experiment.data.scale, (std::vector<double>{1, 100}));
    QCOMPARE(experiment.model.hidden, (std::vector<int>{16, 16}));
    QCOMPARE(experiment.batchSize, 32);
    QCOMPARE(experiment.stop.steps, std::int64_t{5000});
    QCOMPARE(experiment.runs.size(), std::size_t{3});
    QCOMPARE(experiment.runs[1].normalization.method, std::string("batch_norm"));
    QCOMPARE(experiment.runs[2].preconditioner.method, std::string("bnp"));
    QCOMPARE(experiment.runs[2].preconditioner.parameters.real("rho"), 0.99);
    QCOMPARE(experiment.runs[2].learningRate, std::optional(0.1));
    QCOMPARE(experiment.runs[2].id, 3);
    QVERIFY(test::JsonSchema(schema()).accepts(nlohmann::json::parse(example)));
}

void ExperimentJsonTest::whatIsLeftOutTakesItsDefault() {
    const Experiment experiment = parseExperiment("{\"kappascope\": 1}");
    Experiment expected = blankExperiment();
    completeExperiment(expected);
    QVERIFY(experiment == expected);
    QCOMPARE(experiment.name, std::string("Untitled"));
    QCOMPARE(experiment.data.set, std::string("xor"));
    QCOMPARE(experiment.loss.method, std::string("cross_entropy"));
    QCOMPARE(experiment.runs.size(), std::size_t{3});
    QVERIFY(!experiment.runs[0].learningRate);

    const Experiment one = parseExperiment("{\"kappascope\": 1, \"runs\": [{}, {\"name\": \"x\"}, {}]}");
    QCOMPARE(one.runs[0].name, std::string("Run 1"));
    QCOMPARE(one.runs[2].name, std::string("Run 3"));
}

void ExperimentJsonTest::theSchemaTellsTheRealDefaults() {
    const auto document = nlohmann::json::parse(formatExperiment(parseExperiment("{\"kappascope\": 1}")));
    compareDefaults(schema(), document, "");
}

void ExperimentJsonTest::aRegressionDefaultsToSquaredError() {
    const Experiment experiment = parseExperiment("{\"kappascope\": 1, \"data\": {\"set\": \"plane\"}}");
    QCOMPARE(experiment.loss.method, std::string("mean_squared_error"));
}

void ExperimentJsonTest::aTableLeavesTheLossToItsTarget() {
    const auto withTask = [](const std::string& task) {
        return parseExperiment("{\"kappascope\": 1, \"data\": {\"set\": \"csv\", \"path\": \"not there\"" +
                               task + "}}");
    };
    QCOMPARE(withTask(", \"task\": \"regression\"").loss.method, std::string("mean_squared_error"));
    QCOMPARE(withTask(", \"task\": \"classification\"").loss.method, std::string("cross_entropy"));
    const Experiment open = withTask("");
    QCOMPARE(open.loss.method, std::string()); // the file is not read here
    QVERIFY(parseExperiment(formatExperiment(open)) == open);
    QVERIFY(!nlohmann::json::parse(formatExperiment(open)).contains("loss"));
    const auto contradicting = [] {
        parseExperiment("{\"kappascope\": 1, \"data\": {\"set\": \"csv\", \"path\": \"x\", \"task\": "
                        "\"regression\"}, \"loss\": \"cross_entropy\"}");
    };
    QCOMPARE(test::inputErrorOf(contradicting),
             QString("loss: cross_entropy needs classes, but 'csv' has numbers. Use mean_squared_error."));
}

void ExperimentJsonTest::everythingSurvivesARoundTrip() {
    test::RandomExperiment random(3);
    for (int i = 0; i < 300; ++i) {
        const Experiment experiment = random.draw();
        const Experiment back = readDocument(parseJson(formatExperiment(experiment), "text"));
        QVERIFY2(back == experiment, formatExperiment(experiment).c_str());
    }
}

void ExperimentJsonTest::theSameExperimentGivesTheSameText() {
    const std::string once = formatExperiment(parseExperiment(example));
    QCOMPARE(formatExperiment(parseExperiment(once)), once);
}

void ExperimentJsonTest::theSchemaAcceptsWhatIsWritten() {
    const test::JsonSchema rules(schema());
    test::RandomExperiment random(4);
    for (int i = 0; i < 50; ++i) {
        const std::string text = formatExperiment(random.draw());
        QVERIFY2(rules.accepts(nlohmann::json::parse(text)), text.c_str());
    }
}

void ExperimentJsonTest::keysStandInTheDocumentedOrder() {
    const Json document = Json::parse(formatExperiment(parseExperiment(example)));
    std::vector<std::string> keys;
    for (const auto& [key, value] : document.items())
        keys.push_back(key);
    QCOMPARE(keys, (std::vector<std::string>{"kappascope", "name", "seed", "precision", "data", "model",
                                             "loss", "batch_size", "learning_rate", "measure_every", "steps",
                                             "stop", "runs"}));
}

void ExperimentJsonTest::evaluationsFollowTheMeasurementsUnlessSaid() {
    Experiment experiment = parseExperiment(example);
    QCOMPARE(experiment.evaluateEvery, std::int64_t{0});
    const std::string text = formatExperiment(experiment); // as before there was the key
    QVERIFY(text.find("evaluate_every") == std::string::npos);
    experiment.evaluateEvery = 500;
    QVERIFY(parseExperiment(formatExperiment(experiment)) == experiment);
    experiment = withOverrides(experiment, std::vector<std::string>{"evaluate_every=0"});
    QCOMPARE(formatExperiment(experiment), text);
}

void ExperimentJsonTest::methodsMayBeNamesOrObjects() {
    const auto read = [](const char* run) {
        return parseExperiment(std::string("{\"kappascope\": 1, \"runs\": [") + run + "]}").runs.front();
    };
    QVERIFY(read("{\"preconditioner\": \"bnp\"}") == read("{\"preconditioner\": {\"method\": \"bnp\"}}"));
    QVERIFY(read("{\"optimizer\": {\"learning_rate\": 0.3}}").optimizer.method == "sgd");
    const RunSpec run =
        read("{\"optimizer\": {\"method\": \"adam\", \"beta1\": 0.5, \"schedule\": \"cosine\"}}");
    QCOMPARE(run.optimizer.parameters.real("beta1"), 0.5);
    QCOMPARE(run.optimizer.parameters.real("beta2"), 0.999);
    QVERIFY(!run.optimizer.parameters.has("learning_rate"));
    QCOMPARE(run.schedule.method, std::string("cosine"));
}

void ExperimentJsonTest::numbersMayBeWrittenEitherWay() {
    const Experiment experiment =
        parseExperiment("{\"kappascope\": 1, \"batch_size\": 16.0, \"steps\": 1e3, \"learning_rate\": 1}");
    QCOMPARE(experiment.batchSize, 16);
    QCOMPARE(experiment.stop.steps, std::int64_t{1000});
    QCOMPARE(experiment.learningRate, 1.0);
}

void ExperimentJsonTest::seedsMayDiffer() {
    const Experiment experiment =
        parseExperiment("{\"kappascope\": 1, \"seed\": {\"weights\": 18446744073709551615, \"batches\": 0}}");
    QVERIFY((experiment.seed == SeedSpec{7, 18446744073709551615U, 0, 7, 7}));
    QVERIFY(parseExperiment(formatExperiment(experiment)) == experiment);
}

void ExperimentJsonTest::dataPathsAreRelativeToTheFile() {
    const std::filesystem::path file = "/some/where/else.kappa";
    QCOMPARE(resolvedFrom(file, "data/a.csv"), std::string("/some/where/data/a.csv"));
    QCOMPARE(resolvedFrom(file, "../a.csv"), std::string("/some/a.csv"));
    QCOMPARE(resolvedFrom(file, "/a.csv"), std::string("/a.csv"));
    QCOMPARE(resolvedFrom(file, ""), std::string());
    QCOMPARE(relativeTo(file, "/some/where/data/a.csv"), std::string("data/a.csv"));
    QCOMPARE(relativeTo(file, "/some/a.csv"), std::string("/some/a.csv"));
    QCOMPARE(relativeTo(file, ""), std::string());
}

void ExperimentJsonTest::filesAreReplacedInOneGo() {
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("a.kappa").toStdString();
    const Experiment experiment = parseExperiment(example);
    saveExperiment(experiment, file);
    QVERIFY(loadExperiment(file) == experiment);
    Experiment other = experiment;
    other.name = "Other";
    saveExperiment(other, file);
    QVERIFY(loadExperiment(file) == other);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{"a.kappa"}); // nothing is left beside it
}

void ExperimentJsonTest::unreadableFilesAreNamed() {
    QTemporaryDir folder;
    const auto at = [&](const char* name) { return folder.filePath(name).toStdString(); };
    const auto prefix = [&](const char* name) { return folder.filePath(name) + ": "; };
    QCOMPARE(test::inputErrorOf([&] { loadExperiment(at("none.kappa")); }),
             prefix("none.kappa") + "there is no such file. Check the path.");
    QCOMPARE(test::inputErrorOf([&] { loadExperiment(at("")); }),
             prefix("") + "this is a folder, expected a file.");
    std::ofstream(at("bad.kappa")) << "{\"kappascope\": 1, \"batch_size\": 0}";
    QCOMPARE(test::inputErrorOf([&] { loadExperiment(at("bad.kappa")); }),
             prefix("bad.kappa") +
                 "batch_size: 0 is out of range, expected a whole number in [1, 10000000].");
    QCOMPARE(
        test::inputErrorOf([&] { saveExperiment(parseExperiment(example), at("no/such/folder.kappa")); }),
        prefix("no/such/folder.kappa") + "cannot be written: No such file or directory.");
    QCOMPARE(test::inputErrorOf([] { saveExperiment(parseExperiment(example), "/dev/full"); }),
             QString("/dev/full: cannot be written: No space left on device."));
}

void ExperimentJsonTest::everyKeyIsInTheTable() {
    std::vector<std::string> paths;
    for (const KeyInfo& key : experimentKeys()) {
        QVERIFY2(!key.help.empty() && !key.expected.empty(), key.path.c_str());
        paths.push_back(key.path);
    }
    for (const char* path : {"batch_size", "data.set", "data.noise", "model.hidden", "model.activation",
                             "seed.data", "stop.patience", "runs.NAME.optimizer.learning_rate",
                             "runs.NAME.optimizer.schedule", "runs.NAME.preconditioner"})
        QVERIFY2(std::ranges::find(paths, path) != paths.end(), path);
}

void ExperimentJsonTest::theStoredSchemaIsTheProgramsOwn() {
    QFile stored(QString(KAPPASCOPE_SOURCE_DIR) + "/resources/kappascope.schema.json");
    QVERIFY(stored.open(QIODevice::ReadOnly));
    QVERIFY2(stored.readAll() == QByteArray::fromStdString(experimentSchema()),
             "write it anew: kappascope-cli list schema > resources/kappascope.schema.json");
}

QTEST_APPLESS_MAIN(ExperimentJsonTest)
#include "experiment_json_test.moc"
