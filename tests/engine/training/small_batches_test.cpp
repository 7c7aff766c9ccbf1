// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/training.h"

#include <QTest>

#include <cmath>

using namespace kappascope;
using namespace kappascope::test;

namespace {

/// math.md section 6, row D: badly scaled XOR, mini-batches of one sample.
std::unique_ptr<Trainer<double>> badlyScaledXor(const MethodSpec& normalization,
                                                const MethodSpec& preconditioner) {
    DataSpec spec;
    spec.set = "xor";
    spec.parameters = Parameters(dataCatalog().at("xor"));
    spec.samples = 300;
    spec.noise = 0.3;
    spec.scale = {1, 100};
    spec.offset = {10, 10};
    const Split split = loadData(spec, 7);
    Recipe recipe;
    recipe.normalization = normalization;
    recipe.preconditioner = preconditioner;
    recipe.learningRate = 0.3;
    std::shared_ptr<const Loss<double>> loss =
        lossCatalog()
            .at("binary_cross_entropy")
            .make<double>(Parameters(lossCatalog().at("binary_cross_entropy")));
    auto methods = makeMethods<double>(recipe);
    auto network = buildStack<double>(2, {8, 8}, 1, recipe.activation, *methods.normalization);
    initializeWeights(*network, methodOf(initializationCatalog(), "xavier_uniform"), 3);
    foldStandardization(*network, split.train.x, FoldedLayers::First);
    return std::make_unique<Trainer<double>>(std::move(network), loss, makeData<double>(split, *loss),
                                             BatchPlan(static_cast<int>(split.train.samples()), 1, 11),
                                             std::move(methods));
}

MethodSpec bnp(const std::string& variance) {
    return methodOf(preconditioningCatalog(), "bnp", {{"variance", variance}});
}

MethodSpec none(const auto& catalog) {
    return methodOf(catalog, "none");
}

} // namespace

class SmallBatchesTest : public QObject {
    Q_OBJECT

private slots:
    /// BNP's point: with the total variance it learns from one sample at a time, where plain descent does
    /// not.
    void totalVarianceLearnsFromSingleSamples() {
        const auto trainer = badlyScaledXor(none(normalizationCatalog()), bnp("total"));
        train(*trainer, 3000);
        QVERIFY(trainer->evaluate().trainLoss < 0.1);
        QVERIFY(trainer->evaluate().trainAccuracy > 0.95);

        const auto plain = badlyScaledXor(none(normalizationCatalog()), none(preconditioningCatalog()));
        train(*plain, 3000);
        QVERIFY(plain->evaluate().trainLoss > 0.5);
    }

    /// Taken literally, the variance of single samples decays to 0 and the steps grow without bound.
    void literalVarianceExplodesOnSingleSamples() {
        const auto trainer = badlyScaledXor(none(normalizationCatalog()), bnp("literal"));
        NoSink sink;
        double worst = 0;
        for (int step = 0; step < 3000; ++step) {
            const double loss = trainer->step(sink, 1000);
            worst = std::isfinite(loss) ? std::max(worst, loss) : loss;
            if (!std::isfinite(loss)) break;
        }
        QVERIFY(!(worst < 20)); // log 2 = 0.7 is the loss of a coin
        QVERIFY(!(trainer->evaluate().trainLoss < 0.7));
    }

    /// A batch of one normalizes to 0: nothing below the first normalization learns (math.md section 3).
    void batchNormalizationStandsStillOnSingleSamples() {
        const auto trainer =
            badlyScaledXor(methodOf(normalizationCatalog(), "batch_norm"), none(preconditioningCatalog()));
        const Matrix<double> first = trainer->network().weighted()[0]->weight();
        train(*trainer, 500);
        QVERIFY(trainer->network().weighted()[0]->weight() == first);
        QVERIFY(trainer->evaluate().trainLoss > 0.5);
    }
};

QTEST_APPLESS_MAIN(SmallBatchesTest)
#include "small_batches_test.moc"
