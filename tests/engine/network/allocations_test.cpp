// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/allocations.h"
#include "tests/support/loss_cases.h"
#include "tests/support/random_network.h"
#include "tests/support/variants.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

template<class S>
long allocationsOfAPass(Index inputs, const std::vector<int>& hidden, const MethodSpec& activation,
                        const MethodSpec& normalization, const LossCase& lossCase, Index batch) {
    const auto loss = lossCase.entry->make<S>(Parameters(*lossCase.entry));
    const auto targets = loss->targets(lossCase.data);
    const auto network =
        randomNetwork<S>(inputs, hidden, loss->outputs(lossCase.data), activation, normalization, 3);
    network->reserve(batch);
    const std::vector<int> samples = firstSamples(batch);
    const Matrix<S> x = randomMatrix<S>(inputs, batch, 5);
    Matrix<S> dz(network->outputs(), batch);
    return countAllocations([&] {
        const auto z = network->forward(x, Mode::Training);
        loss->gradient(z, targets, samples, dz);
        network->backward(x, dz);
        network->forward(x, Mode::Evaluation);
        loss->sum(z, targets, 0);
    });
}

} // namespace

class AllocationsTest : public QObject {
    Q_OBJECT

private slots:
    void theCounterCounts() {
        const long counted = countAllocations([] { QVERIFY(randomVector<double>(1000, 1).norm() > 0); });
        if (counted < 0) QSKIP("a sanitizer owns malloc");
        QVERIFY(counted > 0);
    }

    void aPassAllocatesNothing_data() {
        QTest::addColumn<QString>("activation");
        for (const auto& key : activationCatalog().keys())
            QTest::newRow(key.c_str()) << QString::fromStdString(key);
    }
    void aPassAllocatesNothing() {
        QFETCH(QString, activation);
        const MethodSpec spec = activationSpec(activation.toStdString());
        for (const auto& normalization : variantsOf(normalizationCatalog()))
            for (const auto& lossCase : lossCases(3, 11))
                for (const Index batch : {1, 11}) {
                    QVERIFY(allocationsOfAPass<float>(3, {9, 5}, spec, normalization.spec, lossCase, batch) <=
                            0);
                    QVERIFY(allocationsOfAPass<double>(3, {9, 5}, spec, normalization.spec, lossCase,
                                                       batch) <= 0);
                }
    }

    // Eigen packs products of this size into blocks on the heap.
    void aLargePassAllocatesNothing() {
        const LossCase lossCase = lossCases(3, 500).front();
        for (const auto& key : normalizationCatalog().keys()) {
            const MethodSpec normalization{key, Parameters(normalizationCatalog().at(key))};
            for (const Index batch : {60, 500})
                for (const int width : {100, 1000}) {
                    QVERIFY(allocationsOfAPass<float>(784, {width, 100}, activationSpec("relu"),
                                                      normalization, lossCase, batch) <= 0);
                    QVERIFY(allocationsOfAPass<double>(784, {width, 100}, activationSpec("tanh"),
                                                       normalization, lossCase, batch) <= 0);
                }
        }
    }
};

QTEST_APPLESS_MAIN(AllocationsTest)
#include "allocations_test.moc"
