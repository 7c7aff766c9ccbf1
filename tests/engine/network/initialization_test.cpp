// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initialization.h"

#include <QTest>

using namespace kappascope;

namespace {

template<class S>
std::unique_ptr<Network<S>> network(Index hidden) {
    std::vector<std::unique_ptr<Layer<S>>> layers;
    layers.push_back(std::make_unique<Dense<S>>(3, 4));
    layers.push_back(std::make_unique<Dense<S>>(4, hidden));
    layers.push_back(std::make_unique<Dense<S>>(hidden, 2));
    return std::make_unique<Network<S>>(std::move(layers));
}

const MethodSpec xavier{"xavier_uniform", Parameters(initializationCatalog().at("xavier_uniform"))};

} // namespace

class InitializationTest : public QObject {
    Q_OBJECT

private slots:
    void drawsAllWeightsAndNoBias() {
        const auto net = network<double>(5);
        net->theta().setConstant(-77);
        initializeWeights(*net, xavier, 1);
        for (auto* dense : net->weighted()) {
            QVERIFY((dense->weight().array() != -77).all() && dense->weight().norm() > 0);
            QVERIFY((dense->bias().array() == 0).all());
        }
        QVERIFY(net->weighted()[0]->weight() != net->weighted()[1]->weight().topLeftCorner(4, 3));
    }

    void aLayersWeightsDoNotDependOnTheOthers() {
        const auto narrow = network<double>(5), wide = network<double>(50);
        initializeWeights(*narrow, xavier, 1);
        initializeWeights(*wide, xavier, 1);
        QVERIFY(narrow->weighted()[0]->weight() == wide->weighted()[0]->weight());
    }

    void bothPrecisionsStartAlike() {
        const auto net = network<double>(5);
        const auto single = network<float>(5);
        initializeWeights(*net, xavier, 1);
        initializeWeights(*single, xavier, 1);
        QVERIFY(single->theta() == net->theta().cast<float>());
    }
};

QTEST_APPLESS_MAIN(InitializationTest)
#include "initialization_test.moc"
