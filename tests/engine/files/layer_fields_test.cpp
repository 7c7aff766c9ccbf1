// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/layer_fields.h"

#include "engine/files/experiment_json.h"
#include "engine/files/overrides.h"
#include "engine/network/layer_catalog.h"
#include "tests/support/input_errors.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

const char* const document = R"({"kappascope": 1, "model": {"layers": [
    {"type": "conv2d", "channels": 8, "padding": 1}, "relu", {"type": "max_pool"},
    {"type": "residual", "layers": [{"type": "conv2d", "channels": 8, "padding": 1}, {"type": "activation",
     "function": "leaky_relu", "slope": 0.2}]}, "global_average_pool"]}})";

Experiment with(const Experiment& experiment, const std::string& assignment) {
    return withOverrides(experiment, std::vector<std::string>{assignment});
}

} // namespace

class LayerFieldsTest : public QObject {
    Q_OBJECT

private slots:
    void layersAreRead() {
        const std::vector<LayerSpec> layers = parseExperiment(document).model.layers;
        QCOMPARE(layers.size(), std::size_t{5});
        QCOMPARE(layers[0].parameters.integer("channels"), std::int64_t{8});
        QCOMPARE(layers[0].parameters.extent("kernel"), Extent::square(3));
        QCOMPARE(layers[1].type, std::string("activation"));
        QCOMPARE(layers[1].parameters.choice("function"), std::string("relu"));
        QCOMPARE(layers[3].layers[1].parameters.real("slope"), 0.2);
        QCOMPARE(layers[3].parameters.choice("shortcut"), std::string("identity"));
    }

    // Names where nothing else is to be said, as people write them.
    void layersAreWrittenBack() {
        const Experiment experiment = parseExperiment(document);
        const std::string text = formatExperiment(experiment);
        QVERIFY(parseExperiment(text) == experiment);
        QVERIFY(text.find("\"relu\"") != std::string::npos);
        const auto model = nlohmann::json::parse(text)["model"];
        QVERIFY(!model.contains("hidden") && !model.contains("activation") && !model.contains("network"));
    }

    // Height and width, as PyTorch has them; one number where they are alike, as files have always had it.
    void windowsMayBeRectangles() {
        const Experiment experiment = parseExperiment(R"({"kappascope": 1, "model": {"layers": [
            {"type": "conv2d", "channels": 8, "kernel": [3, 5], "stride": [2, 1], "padding": [0, 2]},
            {"type": "max_pool", "kernel": [2, 2], "stride": [0, 1]}, "flatten"]}})");
        const std::vector<LayerSpec>& layers = experiment.model.layers;
        QCOMPARE(layers[0].parameters.extent("kernel"), (Extent{3, 5}));
        QCOMPARE(layers[0].parameters.extent("stride"), (Extent{2, 1}));
        QCOMPARE(layers[0].parameters.extent("padding"), (Extent{0, 2}));
        const auto plan = planLayers(layers, {1, 9, 10}, 3, "model.layers");
        QCOMPARE(plan.layers[0].layer->outputShape().text(), std::string("8 x 4 x 10"));
        QCOMPARE(plan.layers[1].layer->outputShape().text(), std::string("8 x 2 x 9"));
        const std::string text = formatExperiment(experiment);
        QVERIFY(parseExperiment(text) == experiment);
        const auto written = nlohmann::json::parse(text)["model"]["layers"];
        QCOMPARE(written[0]["kernel"], (nlohmann::json{3, 5}));
        QCOMPARE(written[1]["kernel"], nlohmann::json(2));
        QCOMPARE(written[1]["stride"], (nlohmann::json{0, 1}));
    }

    void aNameIsReplacedByAnotherForm() {
        const Experiment listed = parseExperiment(document);
        const Experiment named = with(listed, "model.network=resnet20");
        QCOMPARE(named.model.network, std::string("resnet20"));
        QVERIFY(named.model.layers.empty());
        const Experiment stacked = with(named, "model.hidden=5,6");
        QVERIFY(stacked.model.stacked());
        QCOMPARE(stacked.model.hidden, (std::vector<int>{5, 6}));
        QVERIFY(with(stacked, "model.layers=[\"flatten\"]").model.layers ==
                std::vector{layerNamed("flatten")});
    }

    void aLayersParameterCanBeSet() {
        const Experiment experiment = parseExperiment(document);
        QCOMPARE(
            with(experiment, "model.layers[0].channels=32").model.layers[0].parameters.integer("channels"),
            std::int64_t{32});
        QCOMPARE(with(experiment, "model.layers[3].layers[0].kernel=5")
                     .model.layers[3]
                     .layers[0]
                     .parameters.extent("kernel"),
                 Extent::square(5));
        for (const char* text : {"3,5", "[3, 5]"})
            QCOMPARE(with(experiment, std::string("model.layers[0].kernel=") + text)
                         .model.layers[0]
                         .parameters.extent("kernel"),
                     (Extent{3, 5}));
        QVERIFY(inputErrorOf([&] {
                    with(experiment, "model.layers[0].kernel=3,5,7");
                }).contains("expected a whole number in [1, 512], or two such numbers, [height, width]"));
        QVERIFY(inputErrorOf([&] {
                    with(experiment, "model.layers[0].chanels=32");
                }).contains("Did you mean 'channels'?"));
    }
};

QTEST_APPLESS_MAIN(LayerFieldsTest)
#include "layer_fields_test.moc"
