// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/pass_size.h"

#include "engine/network/network_catalog.h"
#include "tests/support/map_networks.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

class PassSizeTest : public QObject {
    Q_OBJECT
private slots:
    void smallNetworksTakeManySamplesAndLargeOnesFew() {
        const auto sizeFor = [](const std::vector<LayerSpec>& layers, const MapShape& inputs) {
            return samplesOfOnePass(*mapNetwork<double>(layers, inputs, 10, {"none", {}}, 1));
        };
        QCOMPARE(sizeFor({layer("dense"), layer("relu")}, {20}), Index{512});
        const Index residual = sizeFor(networkCatalog().at("resnet20").layers, {3, 32, 32});
        QVERIFY(residual >= 8 && residual <= 16); // half a million without batch normalization
        // One layer of 4 x 100 x 100 and three flat ones: the bound over their sum.
        const std::vector<LayerSpec> one{conv(4, 1, 1, 0), layer("global_average_pool")};
        const Index activations = 1 + 40'000 + 4 + 10;
        QCOMPARE(sizeFor(one, {1, 100, 100}), (Index{1} << 22) / activations);
    }
};

QTEST_APPLESS_MAIN(PassSizeTest)
#include "pass_size_test.moc"
