// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/layer_outline.h"

#include "engine/network/network_catalog.h"
#include "tests/support/map_networks.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

const MapShape image{2, 9, 8};

LayerOutline outline(const std::vector<LayerSpec>& layers, const MapShape& inputs = image) {
    return outlineLayers(layers, inputs, 3, "model.layers");
}

QStringList shapesOf(const LayerOutline& outline) {
    QStringList shapes;
    for (const OutlinedLayer& layer : outline.layers)
        shapes << (layer.gives ? QString::fromStdString(layer.gives->text()) : QStringLiteral("?"));
    return shapes;
}

} // namespace

class LayerOutlineTest : public QObject {
    Q_OBJECT
private slots:
    void everyLayerTellsWhatItGives() {
        const LayerOutline sound = outline(manyLayers("relu"));
        QVERIFY(!sound.mistake);
        QCOMPARE(shapesOf(sound),
                 (QStringList{"4 x 9 x 8", "4 x 9 x 8", "4 x 5 x 4", "4 x 5 x 4", "4 x 5 x 4",
                              "4 x 5 x 4", "4 x 5 x 4", "4 x 5 x 4", "6 x 3 x 2", "6 x 3 x 2",
                              "6 x 3 x 2", "6 x 3 x 2", "6 x 3 x 2", "6 x 2 x 1", "12",
                              "5",         "5",         "5",         "5",         "5"}));
        QCOMPARE(sound.layers[5].place, std::string("model.layers[3].layers[1]"));
        QVERIFY(sound.output.gives == MapShape(3));
    }
    void aLayerWithoutANetworksLayerChangesTheShapeAllTheSame() {
        // One channel lies in a sample as flatten wants it: there is nothing to do, and yet features come
        // out.
        QCOMPARE(shapesOf(outline({layer("flatten"), layer("dense")}, {1, 3, 4})).front(), QString("12"));
    }
    void parametersAreThoseOfThePlannedNetwork() {
        for (const NetworkEntry& entry : networkCatalog().entries()) {
            const MapShape inputs{3, 32, 32};
            const LayerOutline sound = outlineLayers(entry.layers, inputs, 10, "model.layers");
            QVERIFY2(!sound.mistake, entry.key.c_str());
            QCOMPARE(sound.parameters(), planLayers(entry.layers, inputs, 10, "model.layers").parameters());
        }
        const LayerOutline blocks = outline(manyLayers("relu"));
        QCOMPARE(blocks.layers[0].parameters, 4 * 2 * 9 + 4.0);
        QCOMPARE(blocks.layers[3].parameters, (4 * 2 * 9 + 4) + (4 * 4 * 15 + 4.0)); // with what it holds
        QCOMPARE(blocks.layers[8].parameters, (4 * 6 + 6) + (4 * 6 * 3 + 6) + (6 * 6 * 9 + 6.0));
        QCOMPARE(blocks.layers[9].parameters, 4 * 6 * 3 + 6.0); // without the projection
    }
    void aMistakeStandsAtItsLayerAndWhatIsBehindItIsUnknown() {
        const LayerOutline wrong = outline({conv(4, 3, 1, 1), conv(4, 3, 1, 1, 3), layer("relu")});
        QVERIFY(wrong.mistake.has_value());
        QCOMPARE(wrong.mistaken, std::optional<std::size_t>(1));
        QCOMPARE(shapesOf(wrong), (QStringList{"4 x 9 x 8", "?", "?"}));
        QCOMPARE(wrong.layers[0].parameters, 76.0);
        QVERIFY(!wrong.output.gives);

        const LayerOutline within =
            outline({layer("relu"), layer("residual", {}, {layer("flatten"), layer("max_pool")})});
        QCOMPARE(within.mistaken, std::optional<std::size_t>(3)); // relu, the block, flatten, this one
        const LayerOutline range = outline({conv(4, 3, 1, 1), conv(0, 3, 1, 1)});
        QCOMPARE(range.mistaken, std::optional<std::size_t>(1));
        const LayerOutline join = outline({layer("residual", {}, {conv(4, 3, 2, 1)})});
        QCOMPARE(join.mistaken, std::optional<std::size_t>(0));
    }
    void whatTheOutputLayerCannotTakeIsNoLayersMistake() {
        const LayerOutline wrong = outline({conv(4, 3, 1, 1)});
        QVERIFY(wrong.mistake.has_value() && !wrong.mistaken);
        QCOMPARE(shapesOf(wrong), QStringList{"4 x 9 x 8"});
    }
};

QTEST_APPLESS_MAIN(LayerOutlineTest)
#include "layer_outline_test.moc"
