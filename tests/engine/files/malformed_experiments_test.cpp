// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"
#include "engine/files/experiment_json.h"
#include "tests/support/input_errors.h"
#include "tests/support/json_schema.h"

#include <QtTest>

using namespace kappascope;

namespace {

/// What a mistake looks like to the schema: refused too, or seen by the program alone.
enum class Seen { BySchema, ByProgramOnly };

/// "one of 'xor', 'moons', ...".
QString dataSets() {
    QStringList quoted;
    for (const std::string& key : dataCatalog().keys())
        quoted << "'" + QString::fromStdString(key) + "'";
    return "one of " + quoted.join(", ");
}

} // namespace

class MalformedExperimentsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { schema_.emplace(nlohmann::json::parse(experimentSchema())); }
    void mistakesAreNamed_data();
    void mistakesAreNamed();

private:
    /// Adds a document whose keys beside "kappascope" are `keys`.
    static void add(const char* name, const QString& keys, const QString& error, Seen seen = Seen::BySchema) {
        whole(name, "{\"kappascope\": 1, " + keys + "}", error, seen);
    }
    static void run(const char* name, const QString& keys, const QString& error, Seen seen = Seen::BySchema) {
        add(name, "\"runs\": [{}, {" + keys + "}]", error, seen);
    }
    static void whole(const char* name, const QString& text, const QString& error,
                      Seen seen = Seen::BySchema) {
        QTest::newRow(name) << text << error << (seen == Seen::BySchema);
    }
    static void addDocumentRows();
    static void addNumberRows();
    static void addDataRows();
    static void addModelRows();
    static void addRunRows();
    static void addWholeRows();

    std::optional<test::JsonSchema> schema_;
};

void MalformedExperimentsTest::mistakesAreNamed_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("error");
    QTest::addColumn<bool>("schemaToo");
    addDocumentRows();
    addNumberRows();
    addDataRows();
    addModelRows();
    addRunRows();
    addWholeRows();
}

void MalformedExperimentsTest::mistakesAreNamed() {
    QFETCH(QString, text);
    QFETCH(QString, error);
    QFETCH(bool, schemaToo);
    QCOMPARE(test::inputErrorOf([&] { parseExperiment(text.toStdString(), "f.kappa"); }),
             "f.kappa: " + error);
    QCOMPARE(!schema_->accepts(nlohmann::json::parse(text.toStdString())), schemaToo);
}

void MalformedExperimentsTest::addDocumentRows() {
    whole("list", "[]", "found a list, expected an object { ... }.");
    whole("number", "5", "found the number 5, expected an object { ... }.");
    whole("no version", "{\"name\": \"x\"}",
          "kappascope: missing. An experiment starts with \"kappascope\": 1.");
    whole("newer version", "{\"kappascope\": 2, \"quantum\": true}",
          "kappascope: this file is of version 2 of the format, and this program reads version 1. "
          "Open it with a newer Kappascope.");
    whole("odd version", "{\"kappascope\": \"one\"}",
          "kappascope: found the text \"one\", expected the format's version, 1.");
    whole("version nought", "{\"kappascope\": 0}",
          "kappascope: found the number 0, expected the format's version, 1.");
    add("misspelled key", "\"batchsize\": 3", "batchsize: unknown key. Did you mean 'batch_size'?");
    add("strange key", "\"zzzzzzzzzzzzz\": 3",
        "zzzzzzzzzzzzz: unknown key. Known: kappascope, name, description, seed, precision, data, model, "
        "loss, batch_size, learning_rate, measure_every, evaluate_every, steps, stop, runs.");
    add("name as number", "\"name\": 5", "name: found the number 5, expected text.");
    add("precision", "\"precision\": \"float16\"",
        "precision: 'float16' is unknown, expected one of 'float32', 'float64'. Did you mean 'float32'?");
    add("session of the wrong kind", "\"session\": 3",
        "session: unknown key. Known: kappascope, name, description, seed, precision, data, model, loss, "
        "batch_size, learning_rate, measure_every, evaluate_every, steps, stop, runs.");
}

void MalformedExperimentsTest::addNumberRows() {
    add("batch size 0", "\"batch_size\": 0",
        "batch_size: 0 is out of range, expected a whole number in [1, 10000000].");
    add("batch size in halves", "\"batch_size\": 1.5",
        "batch_size: found the number 1.5, expected a whole number in [1, 10000000].");
    add("batch size as text", "\"batch_size\": \"32\"",
        "batch_size: found the text \"32\", expected a whole number in [1, 10000000].");
    add("evaluations backwards", "\"evaluate_every\": -1",
        "evaluate_every: -1 is out of range, expected a whole number in [0, 1e+12].");
    add("evaluations by name", "\"evaluate_every\": \"never\"",
        "evaluate_every: found the text \"never\", expected a whole number in [0, 1e+12].");
    add("no rate", "\"learning_rate\": 0",
        "learning_rate: 0 is out of range, expected a number in (0, 1000].");
    add("rate null", "\"learning_rate\": null", "learning_rate: found null, expected a number in (0, 1000].");
    add("negative steps", "\"steps\": -1",
        "steps: -1 is out of range, expected a whole number in [0, 1e+12].");
    add("steps beyond 64 bits", "\"steps\": 18446744073709551615",
        "steps: found the number 18446744073709551615, expected a whole number in [0, 1e+12].");
    add("negative seed", "\"seed\": -7",
        "seed: found the number -7, expected a whole number in [0, 18446744073709551615].");
    add("seed for nothing", "\"seed\": {\"weight\": 1}", "seed.weight: unknown key. Did you mean 'weights'?");
    add("stop as list", "\"stop\": []", "stop: found a list, expected an object { ... }.");
    add("stop key", "\"stop\": {\"epoch\": 3}", "stop.epoch: unknown key. Did you mean 'epochs'?");
    add("patience", "\"stop\": {\"patience\": -1}",
        "stop.patience: -1 is out of range, expected a whole number in [0, 1e+12].");
}

void MalformedExperimentsTest::addDataRows() {
    add("data as list", "\"data\": [1]",
        "data: found a list, expected " + dataSets() + ", or an object with 'set'.");
    add("unknown set", "\"data\": {\"set\": \"moon\"}",
        "data.set: unknown data set 'moon'. Did you mean 'moons'?");
    add("set as number", "\"data\": {\"set\": 1}",
        "data.set: found the number 1, expected " + dataSets() + ".");
    add("another set's parameter", "\"data\": {\"set\": \"moons\", \"arms\": 3}",
        "data.arms: unknown key for the data set 'moons'. Known: set, samples, noise, scale, rotation, "
        "offset, label_noise, test_fraction, standardize.");
    add("too many arms", "\"data\": {\"set\": \"spirals\", \"arms\": 6}",
        "data.arms: 6 is out of range, expected a whole number in [2, 5].");
    add("noise as text", "\"data\": {\"noise\": \"lots\"}",
        "data.noise: found the text \"lots\", expected a number in [0, 10].");
    add("scale 0", "\"data\": {\"scale\": [1, 0]}",
        "data.scale: 0 is out of range, expected a list of numbers, each in (0, 1000000000].");
    add("scale as number", "\"data\": {\"scale\": 100}",
        "data.scale: found the number 100, expected a list of numbers, each in (0, 1000000000]. Write "
        "[100].");
    add("scale of text", "\"data\": {\"scale\": [1, \"2\"]}",
        "data.scale[1]: found the text \"2\", expected a list of numbers, each in (0, 1000000000].");
    add("all for testing", "\"data\": {\"test_fraction\": 1}",
        "data.test_fraction: 1 is out of range, expected a number in [0, 0.95].");
    add("standardize", "\"data\": {\"standardize\": 1}",
        "data.standardize: found the number 1, expected true or false.");
}

void MalformedExperimentsTest::addModelRows() {
    add("model as text", "\"model\": \"mlp\"", "model: found the text \"mlp\", expected an object { ... }.");
    add("units", "\"model\": {\"hidden\": [8, 0]}",
        "model.hidden: 0 is out of range, expected a list of numbers, each in [1, 10000].");
    add("half a unit", "\"model\": {\"hidden\": [8.5]}",
        "model.hidden: found the number 8.5, expected whole numbers of units.");
    add("model's key", "\"model\": {\"units\": [8]}",
        "model.units: unknown key. Known: hidden, activation, network, layers, initialization, fold, l2, "
        "l2_before_preconditioner.");
    add("layer as number", "\"model\": {\"layers\": [8]}",
        "model.layers[0]: found the number 8, expected a layer's name or an object with its 'type'.");
    add("no layers", "\"model\": {\"layers\": []}",
        "model.layers: found an empty list, expected a list of layers.");
    add("layer's name", "\"model\": {\"layers\": [\"flaten\"]}",
        "model.layers[0]: unknown layer 'flaten'. Did you mean 'flatten'?");
    add("layer's type", "\"model\": {\"layers\": [\"relu\", {\"type\": \"conv\"}]}",
        "model.layers[1].type: unknown layer 'conv'. Known: conv2d, activation, max_pool, average_pool, "
        "global_average_pool, flatten, dense, residual.");
    add("layer's key", "\"model\": {\"layers\": [{\"type\": \"conv2d\", \"chanels\": 3}]}",
        "model.layers[0].chanels: unknown key for the layer 'conv2d'. Did you mean 'channels'?");
    add("layer's value", "\"model\": {\"layers\": [{\"type\": \"conv2d\", \"kernel\": 0}]}",
        "model.layers[0].kernel: 0 is out of range, expected a whole number in [1, 512], or two such "
        "numbers, [height, width].");
    add("layer's width", "\"model\": {\"layers\": [{\"type\": \"conv2d\", \"stride\": [2, 0]}]}",
        "model.layers[0].stride: 0 is out of range, expected a whole number in [1, 512], or two such "
        "numbers, [height, width].");
    add("layer's third size", "\"model\": {\"layers\": [{\"type\": \"max_pool\", \"kernel\": [2, 2, 2]}]}",
        "model.layers[0].kernel: found [2,2,2], expected a whole number in [1, 512], or two such numbers, "
        "[height, width].");
    add("layer's size of text", "\"model\": {\"layers\": [{\"type\": \"conv2d\", \"kernel\": [3, \"x\"]}]}",
        "model.layers[0].kernel: found [3,\"x\"], expected a whole number in [1, 512], or two such numbers, "
        "[height, width].");
    add("layer's size as text", "\"model\": {\"layers\": [{\"type\": \"conv2d\", \"kernel\": \"3x5\"}]}",
        "model.layers[0].kernel: found the text \"3x5\", expected a whole number in [1, 512], or two such "
        "numbers, [height, width].");
    add("empty block", "\"model\": {\"layers\": [{\"type\": \"residual\"}]}",
        "model.layers[0].layers: missing, expected a list of layers.");
    add("block by name", "\"model\": {\"layers\": [\"residual\"]}",
        "model.layers[0]: 'residual' needs its layers. Write {\"type\": \"residual\", \"layers\": [ ... ]}.");
    add("block within a block",
        "\"model\": {\"layers\": [{\"type\": \"residual\", \"layers\": [{\"type\": \"residual\", \"layers\": "
        "[\"relu\"]}]}]}",
        "model.layers[0].layers[0]: a block within a block. Put the blocks one behind the other.");
    add("layers and widths", "\"model\": {\"layers\": [\"flatten\"], \"hidden\": [3]}",
        "model.hidden: there is 'layers' too. Take one of the two: a list of layers has its widths and "
        "activations itself.",
        Seen::ByProgramOnly);
    add("name and layers", "\"model\": {\"layers\": [\"flatten\"], \"network\": \"lenet\"}",
        "model.network: there are 'layers' too. Take one of the two.", Seen::ByProgramOnly);
    add("network", "\"model\": {\"network\": \"lenett\"}",
        "model.network: unknown network 'lenett'. Did you mean 'lenet'?");
    add("activation", "\"model\": {\"activation\": \"rellu\"}",
        "model.activation: unknown activation 'rellu'. Did you mean 'relu'?");
    add("activation's parameter", "\"model\": {\"activation\": {\"method\": \"tanh\", \"slope\": 0.1}}",
        "model.activation.slope: unknown key for the activation 'tanh'. Known: method.");
    add("gain", "\"model\": {\"initialization\": {\"method\": \"he_normal\", \"gain\": 0}}",
        "model.initialization.gain: 0 is out of range, expected a number in [0.001, 1000].");
    add("fold", "\"model\": {\"fold\": \"input\"}",
        "model.fold: 'input' is unknown, expected one of 'none', 'inputs', 'all'. Did you mean 'inputs'?");
    add("loss", "\"loss\": \"crossentropy\"",
        "loss: unknown loss 'crossentropy'. Did you mean 'cross_entropy'?");
    add("nameless loss", "\"loss\": {}",
        "loss.method: missing, expected one of 'cross_entropy', 'binary_cross_entropy', "
        "'mean_squared_error'.");
}

void MalformedExperimentsTest::addRunRows() {
    add("runs as object", "\"runs\": {}", "runs: found an object, expected a list of runs.");
    add("run as name", "\"runs\": [\"BN\"]", "runs[0]: found the text \"BN\", expected an object { ... }.");
    run("run's key", "\"normalisation\": \"none\"",
        "runs[1].normalisation: unknown key. Did you mean 'normalization'?");
    run("normalization", "\"normalization\": \"batchnorm\"",
        "runs[1].normalization: unknown normalization 'batchnorm'. Did you mean 'batch_norm'?");
    run("normalization as flag", "\"normalization\": true",
        "runs[1].normalization: found true, expected one of 'none', 'batch_norm', 'group_norm', "
        "'layer_norm', or an object with 'method'.");
    run("placement", "\"normalization\": {\"method\": \"batch_norm\", \"placement\": \"after\"}",
        "runs[1].normalization.placement: 'after' is unknown, expected one of 'post', 'pre'. Known: post, "
        "pre.");
    run("rho", "\"preconditioner\": {\"method\": \"bnp\", \"rho\": 1}",
        "runs[1].preconditioner.rho: 1 is out of range, expected a number in [0, 1).");
    run("epsilon", "\"preconditioner\": {\"method\": \"bnp\", \"epsilon\": 1}",
        "runs[1].preconditioner.epsilon: unknown key for the preconditioner 'bnp'. Did you mean 'epsilon1'?");
    run("optimizer", "\"optimizer\": {\"method\": \"adan\"}",
        "runs[1].optimizer.method: unknown optimizer 'adan'. Did you mean 'adam'?");
    run("another optimizer's parameter", "\"optimizer\": {\"method\": \"sgd\", \"momentum\": 0.9}",
        "runs[1].optimizer.momentum: unknown key for the optimizer 'sgd'. Known: method, learning_rate, "
        "schedule.");
    run("run's rate", "\"optimizer\": {\"learning_rate\": -0.1}",
        "runs[1].optimizer.learning_rate: -0.1 is out of range, expected a number in (0, 1000].");
    run("schedule", "\"optimizer\": {\"schedule\": {\"method\": \"cosine\", \"steps\": 0}}",
        "runs[1].optimizer.schedule.steps: 0 is out of range, expected a whole number in [1, 1000000000].");
    run("colour", "\"color\": \"blue\"",
        "runs[1].color: found the text \"blue\", expected a colour like '#0072b2'.");
    run("hidden", "\"hidden\": \"yes\"", "runs[1].hidden: found the text \"yes\", expected true or false.");
}

/// What validate() sees in the experiment as a whole; a schema cannot.
void MalformedExperimentsTest::addWholeRows() {
    add("two runs of one name", "\"runs\": [{\"name\": \"BN\"}, {\"name\": \"BN\"}]",
        "runs.1.name: run 0 is called 'BN' too. Give every run a name of its own.", Seen::ByProgramOnly);
    add("loss of classes for numbers", "\"data\": \"sine\", \"loss\": \"cross_entropy\"",
        "loss: cross_entropy needs classes, but 'sine' has numbers. Use mean_squared_error.",
        Seen::ByProgramOnly);
    add("binary loss for numbers", "\"data\": \"plane\", \"loss\": \"binary_cross_entropy\"",
        "loss: binary_cross_entropy needs classes, but 'plane' has numbers. Use mean_squared_error.",
        Seen::ByProgramOnly);
    add("table without a file", "\"data\": \"csv\"",
        "data.path: data set 'csv' needs a file. Give its path as data.path.", Seen::ByProgramOnly);
    add("images without a file", "\"data\": {\"set\": \"idx\"}",
        "data.path: data set 'idx' needs a file. Give its path as data.path.", Seen::ByProgramOnly);
    QString hidden = "2";
    for (int layer = 0; layer < 64; ++layer)
        hidden += ", 2";
    add("65 layers", "\"model\": {\"hidden\": [" + hidden + "]}",
        "model.hidden: found 65 layers, expected at most 64.", Seen::ByProgramOnly);
    QString runs = "{}";
    for (int k = 0; k < 1000; ++k)
        runs += ", {}";
    add("1001 runs", "\"runs\": [" + runs + "]",
        "runs: found 1001 runs, expected at most 1000. Spread them over several experiments.");
}

QTEST_APPLESS_MAIN(MalformedExperimentsTest)
#include "malformed_experiments_test.moc"
