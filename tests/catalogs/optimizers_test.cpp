// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/optimizer.h"
#include "tests/support/random_matrix.h"

#include <QTest>

#include <algorithm>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr Index size = 19;

template<class S>
void restoresExactly(const OptimizerEntry& entry) {
    const auto optimizer = entry.make<S>(Parameters(entry)), copy = entry.make<S>(Parameters(entry));
    optimizer->bind(size);
    copy->bind(size);
    Vector<S> theta = randomVector<S>(size, 1);
    for (std::uint64_t t = 0; t < 7; ++t)
        optimizer->step(theta, randomVector<S>(size, t), 0.1);

    const auto from = optimizer->state();
    auto to = copy->state();
    QCOMPARE(to.size(), from.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
        QCOMPARE(to[i].name, from[i].name);
        QCOMPARE(to[i].values.size(), from[i].values.size());
        to[i].values = from[i].values;
    }
    Vector<S> other = theta;
    for (std::uint64_t t = 7; t < 14; ++t) {
        optimizer->step(theta, randomVector<S>(size, t), 0.1);
        copy->step(other, randomVector<S>(size, t), 0.1);
        QVERIFY(theta == other);
    }
}

/// 1/2 theta^T diag(1..n)/n theta, a convex quadratic with its minimum 0 at 0.
template<class S>
void descendsAQuadratic(const OptimizerEntry& entry) {
    const Vector<S> curvature = Vector<S>::LinSpaced(size, S(1) / size, 1);
    const auto value = [&](const Vector<S>& theta) {
        return S(0.5) * theta.dot(curvature.cwiseProduct(theta));
    };
    const Parameters parameters(entry);
    const auto optimizer = entry.make<S>(parameters);
    optimizer->bind(size);
    Vector<S> theta = randomVector<S>(size, 3);
    const S before = value(theta);
    // Methods that divide by the gradient's size keep stepping about the minimum by about the learning rate.
    const double rate = parameters.real("learning_rate");
    const S restless = static_cast<S>(size * rate * rate);
    S last = before;
    for (int block = 0; block < 10; ++block) {
        for (int t = 0; t < 100; ++t)
            optimizer->step(theta, curvature.cwiseProduct(theta), rate);
        QVERIFY(value(theta) <= std::max(last, restless)); // lower after every hundred steps
        last = value(theta);
    }
    QVERIFY(last <
            before * S(0.75)); // AdaGrad's default rate is the slowest: it travels 0.5 in a thousand steps
}

/// Dead units have a gradient of exactly 0: no method may make a number of that which is none.
template<class S>
void leavesDeadUnitsAlone(const OptimizerEntry& entry) {
    Parameters parameters(entry);
    if (const auto* epsilon = entry.find("epsilon")) parameters.set("epsilon", epsilon->minimum);
    if (parameters.has("weight_decay")) parameters.set("weight_decay", 0.0);
    const auto optimizer = entry.make<S>(parameters);
    optimizer->bind(size);
    Vector<S> theta = Vector<S>::Ones(size);
    for (int t = 0; t < 10; ++t)
        optimizer->step(theta, Vector<S>::Zero(size), 0.1);
    QVERIFY((theta.array() == 1).all());
}

} // namespace

class OptimizersTest : public QObject {
    Q_OBJECT

private slots:
    void everyMember_data() {
        QTest::addColumn<QString>("key");
        for (const auto& key : optimizerCatalog().keys())
            QTest::newRow(key.c_str()) << QString::fromStdString(key);
    }
    void everyMember() {
        QFETCH(QString, key);
        const auto& entry = optimizerCatalog().at(key.toStdString());
        QCOMPARE(entry.parameters.at(0).key, "learning_rate");
        QVERIFY(entry.parameters[0].logarithmic);
        restoresExactly<float>(entry);
        restoresExactly<double>(entry);
        descendsAQuadratic<float>(entry);
        descendsAQuadratic<double>(entry);
        leavesDeadUnitsAlone<float>(entry);
        leavesDeadUnitsAlone<double>(entry);
    }
};

QTEST_APPLESS_MAIN(OptimizersTest)
#include "optimizers_test.moc"
