// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/preconditioning/preconditioner.h"
#include "tests/support/random_matrix.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr Index inputs = 6, outputs = 4, samples = 24;

/// Inputs of exactly mean 0 and variance 1 in every row, up to rounding.
Matrix<double> standardized() {
    Matrix<double> H = randomMatrix<double>(inputs, samples, 1);
    H.colwise() -= H.rowwise().mean().eval();
    for (Index j = 0; j < inputs; ++j)
        H.row(j) /= std::sqrt(H.row(j).squaredNorm() / samples);
    return H;
}

template<class S>
void restoresExactly(const PreconditioningEntry& entry) {
    const auto method = entry.make<S>(Parameters(entry));
    const auto layer = method->makeLayer(0), copy = method->makeLayer(0);
    if (!layer) return;
    layer->bind({.inputChannels = inputs, .outputs = outputs});
    copy->bind({.inputChannels = inputs, .outputs = outputs});
    for (std::uint64_t t = 0; t < 5; ++t)
        layer->observe(randomMatrix<S>(inputs, samples, t));
    const auto from = layer->state();
    auto to = copy->state();
    QCOMPARE(to.size(), from.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
        QCOMPARE(to[i].name, from[i].name);
        to[i].values = from[i].values;
    }
    for (std::uint64_t t = 5; t < 10; ++t) {
        Matrix<S> Gw = randomMatrix<S>(outputs, inputs, t), gw = Gw;
        Vector<S> Gb = randomVector<S>(outputs, t), gb = Gb;
        layer->observe(randomMatrix<S>(inputs, samples, t));
        copy->observe(randomMatrix<S>(inputs, samples, t));
        layer->transform(Gw, Gb, samples);
        copy->transform(gw, gb, samples);
        QVERIFY(Gw == gw && Gb == gb);
    }
}

} // namespace

class PreconditionersTest : public QObject {
    Q_OBJECT

private slots:
    void everyMember_data() {
        QTest::addColumn<QString>("key");
        for (const auto& key : preconditioningCatalog().keys())
            QTest::newRow(key.c_str()) << QString::fromStdString(key);
    }
    void everyMember() {
        QFETCH(QString, key);
        const auto& entry = preconditioningCatalog().at(key.toStdString());
        restoresExactly<float>(entry);
        restoresExactly<double>(entry);
        observesAndTransformsInParts(entry);
        leavesStandardizedInputsAlone(entry);
        pointsDownhill(entry);
        inputsMayBeTransformedInsteadOfGradients(entry);
        factorsMultiplyToTheTransform(entry);
    }

private:
    /// On inputs of mean 0 and variance 1, without floors and with q = 1, P P^T is the identity.
    void leavesStandardizedInputsAlone(const PreconditioningEntry& entry) {
        constexpr double bound = 1e-13; // rounding of the standardization
        Parameters values(entry);
        for (const char* epsilon : {"epsilon1", "epsilon2"})
            if (values.has(epsilon)) values.set(epsilon, 0.0);
        const auto layer = entry.make<double>(values)->makeLayer(0);
        if (!layer) return;
        layer->bind({.inputChannels = inputs, .outputs = outputs});
        for (int t = 0; t < 50; ++t)
            layer->observe(standardized());
        const Matrix<double> before = randomMatrix<double>(outputs, inputs, 2);
        Matrix<double> Gw = before;
        Vector<double> Gb = randomVector<double>(outputs, 3);
        const Vector<double> biasBefore = Gb;
        layer->transform(Gw, Gb, samples);
        QVERIFY((Gw - before).cwiseAbs().maxCoeff() < bound);
        QVERIFY((Gb - biasBefore).cwiseAbs().maxCoeff() < bound);
    }

    /// P P^T is positive definite: the preconditioned step still goes down, from any gradient.
    void pointsDownhill(const PreconditioningEntry& entry) {
        const auto layer = entry.make<double>(Parameters(entry))->makeLayer(0);
        if (!layer) return;
        layer->bind({.inputChannels = inputs, .outputs = outputs});
        for (std::uint64_t t = 0; t < 20; ++t) {
            layer->observe(
                (randomMatrix<double>(inputs, 1 + static_cast<Index>(t), t).array() * 5 + 3).matrix());
            const Matrix<double> before = randomMatrix<double>(outputs, inputs, t + 100);
            const Vector<double> biasBefore = randomVector<double>(outputs, t + 200);
            Matrix<double> Gw = before;
            Vector<double> Gb = biasBefore;
            layer->transform(Gw, Gb, 1 + static_cast<Index>(t));
            QVERIFY(Gw.cwiseProduct(before).sum() + Gb.dot(biasBefore) > 0);
        }
    }

    /// D (shares, inputs^T) is the transform of D (1, H^T).
    void inputsMayBeTransformedInsteadOfGradients(const PreconditioningEntry& entry) {
        const auto layer = entry.make<double>(Parameters(entry))->makeLayer(0);
        if (!layer) return;
        layer->bind({.inputChannels = inputs, .outputs = outputs});
        for (const Index batch : {1, 3, 24}) {
            const Matrix<double> H = (randomMatrix<double>(inputs, batch, 7).array() * 5 + 3).matrix();
            const Matrix<double> D = randomMatrix<double>(outputs, batch, 8);
            layer->observe(H);
            Matrix<double> Gw = D * H.transpose(), transformed(inputs, batch);
            Vector<double> Gb = D.rowwise().sum(), shares(batch);
            const double size = Gw.cwiseAbs().maxCoeff() + Gb.cwiseAbs().maxCoeff();
            layer->transform(Gw, Gb, batch);
            layer->transformInputs(H, transformed, shares);
            QVERIFY((D * transformed.transpose() - Gw).cwiseAbs().maxCoeff() < 1e-12 * size);
            QVERIFY((D * shares - Gb).cwiseAbs().maxCoeff() < 1e-12 * size);
            const FactorBounds bounds = layer->factorBounds();
            const double largest = H.cwiseAbs().maxCoeff();
            QVERIFY(transformed.cwiseAbs().maxCoeff() <= bounds.inputs.of(largest));
            QVERIFY(shares.cwiseAbs().maxCoeff() <= bounds.shares.of(largest));
            QVERIFY(!std::isfinite(bounds.inputs.of(std::numeric_limits<double>::infinity())));
        }
    }

    /// Parts of features and samples, as threads share them, give the same bits.
    void observesAndTransformsInParts(const PreconditioningEntry& entry) {
        const auto method = entry.make<float>(Parameters(entry));
        const auto whole = method->makeLayer(0), parts = method->makeLayer(0);
        if (!whole) return;
        constexpr Index features = 100, batch = 30, cut = 48, some = 13;
        for (const auto& layer : {whole.get(), parts.get()})
            layer->bind({.inputChannels = features, .outputs = outputs});
        for (std::uint64_t t = 0; t < 3; ++t) {
            const Matrix<float> H = randomMatrix<float>(features, batch, t);
            Matrix<float> expected(features, batch), inputs(features, batch);
            Vector<float> expectedShares(batch), shares(batch);
            whole->observe(H);
            whole->transformInputs(H, expected, expectedShares);
            parts->beginObserving();
            parts->observeFeatures(H, cut, features - cut);
            parts->observeFeatures(H, 0, cut);
            parts->beginTransform(batch);
            parts->transformSamples(H.rightCols(batch - some), inputs.rightCols(batch - some),
                                    shares.data() + some);
            parts->transformSamples(H.leftCols(some), inputs.leftCols(some), shares.data());
            QVERIFY(inputs == expected && shares == expectedShares);
        }
    }

    /// P (P^T g) is the transformed gradient, and P^T is the transpose of P: <P z, g> = <z, P^T g>.
    void factorsMultiplyToTheTransform(const PreconditioningEntry& entry) {
        const auto layer = entry.make<double>(Parameters(entry))->makeLayer(0);
        if (!layer) return;
        layer->bind({.inputChannels = inputs, .outputs = outputs});
        for (const Index batch : {1, 3, 24}) { // fewer samples than inputs: q > 1
            layer->observe((randomMatrix<double>(inputs, batch, 7).array() * 5 + 3).matrix());
            const Matrix<double> gradient = randomMatrix<double>(outputs, inputs + 1, 8);
            const Matrix<double> z = randomMatrix<double>(outputs, inputs + 1, 9);
            Matrix<double> expected = gradient, product = gradient, weights = z;
            layer->transform(expected.leftCols(inputs), expected.col(inputs), batch);
            layer->toCoordinates(product.leftCols(inputs), product.col(inputs), batch);
            layer->toWeights(weights.leftCols(inputs), weights.col(inputs), batch);
            const double a = weights.cwiseProduct(gradient).sum(), b = z.cwiseProduct(product).sum();
            QVERIFY(std::abs(a - b) < 1e-12 * (1 + std::abs(a)));
            layer->toWeights(product.leftCols(inputs), product.col(inputs), batch);
            QVERIFY((product - expected).cwiseAbs().maxCoeff() < 1e-12 * expected.cwiseAbs().maxCoeff());
        }
    }
};

QTEST_APPLESS_MAIN(PreconditionersTest)
#include "preconditioners_test.moc"
