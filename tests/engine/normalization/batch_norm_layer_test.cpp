// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/batch_norm_layer.h"
#include "tests/support/random_matrix.h"

#include <QTest>

#include <cmath>

using namespace kappascope;
using namespace kappascope::test;

namespace {

/// A layer with numbers of its own and its output for a batch.
template<class S>
struct Bound {
    Bound(Index features, Index batch, const BatchNormRule& rule = {})
        : layer(features, rule), theta(2 * features), gradient(2 * features), out(features, batch) {
        layer.bind(theta.data(), gradient.data());
        layer.reserve(batch);
        layer.start(Vector<double>::Zero(features), Vector<double>::Ones(features));
    }
    const Matrix<S>& forward(const Matrix<S>& in, Mode mode) {
        layer.forward(in, out, mode);
        return out;
    }
    VectorMap<S> running(std::size_t which) { // 0 mean, 1 variance
        const auto buffer = layer.buffers()[which];
        return {buffer.data, buffer.shape.size()};
    }
    BatchNormLayer<S> layer;
    Vector<S> theta, gradient;
    Matrix<S> out;
};

} // namespace

class BatchNormLayerTest : public QObject {
    Q_OBJECT

private slots:
    void normalizesEachFeature() {
        const Matrix<double> in = (3 * randomMatrix<double>(4, 20, 1)).array() + 5;
        Bound<double> bound(4, 20);
        bound.theta << 1, -2, 0.5, 3, 0, 1, 2, -1;
        const Matrix<double> out = bound.forward(in, Mode::Training);
        for (Index j = 0; j < 4; ++j) {
            const double mean = in.row(j).mean();
            const double variance = (in.row(j).array() - mean).square().mean(); // biased
            const auto expected =
                bound.theta[j] * (in.row(j).array() - mean) / std::sqrt(variance + 1e-5) + bound.theta[4 + j];
            QVERIFY((out.row(j).array() - expected).abs().maxCoeff() < 1e-14 * 10);
        }
    }

    /// Shares of the features and then of the samples, as threads do them, give the same bits, forward and
    /// back.
    void passesInShares() {
        constexpr Index features = 100, batch = 30, cut = 48, some = 10;
        const Matrix<float> in = randomMatrix<float>(features, batch, 1);
        Bound<float> whole(features, batch), shared(features, batch);
        const Vector<float> theta = randomVector<float>(2 * features, 2);
        whole.theta = theta;
        shared.theta = theta;
        whole.forward(in, Mode::Training);
        shared.layer.measureFeatures(in, cut, features - cut);
        shared.layer.measureFeatures(in, 0, cut);
        shared.layer.forwardSamples(in.leftCols(some), shared.out.leftCols(some));
        shared.layer.forwardSamples(in.rightCols(batch - some), shared.out.rightCols(batch - some));
        QVERIFY(shared.out == whole.out);
        QVERIFY(shared.running(0) == whole.running(0) && shared.running(1) == whole.running(1));

        Matrix<float> given = randomMatrix<float>(features, batch, 3), expected = given, received = given;
        MatrixRef<float> back(expected);
        whole.layer.backward(in, whole.out, expected, &back); // in place
        shared.layer.setGradientOfFeatures(in, received, cut, features - cut);
        shared.layer.setGradientOfFeatures(in, received, 0, cut);
        for (Index n = 0; n < batch; n += some)
            shared.layer.backwardSamples(in.middleCols(n, some), received.middleCols(n, some), batch,
                                         received.middleCols(n, some));
        QVERIFY(received == expected && shared.gradient == whole.gradient);
    }

    void averagesAsPyTorch() {
        const Matrix<double> in = randomMatrix<double>(3, 8, 1);
        const Vector<double> mean = in.rowwise().mean();
        const Vector<double> squares = (in.colwise() - mean).rowwise().squaredNorm();
        for (const bool unbiased : {true, false}) {
            Bound<double> bound(3, 8, {1e-5, 0.3, unbiased});
            bound.forward(in, Mode::Training);
            const Vector<double> variance = squares / (unbiased ? 7 : 8);
            QVERIFY(bound.running(0).isApprox(0.3 * mean, 1e-14));
            QVERIFY(bound.running(1).isApprox((0.7 + 0.3 * variance.array()).matrix(), 1e-14));
        }
    }

    void evaluatesWithTheStoredStatisticsAlone() {
        Bound<double> bound(2, 5);
        bound.layer.setStatistics(Eigen::Vector2d(1, -2), Eigen::Vector2d(4, 0.25));
        bound.theta << 3, 1, 0.5, -1;
        const Matrix<double> in = randomMatrix<double>(2, 5, 1);
        const Matrix<double> out = bound.forward(in, Mode::Evaluation);
        QVERIFY(bound.running(0) == Eigen::Vector2d(1, -2));
        for (Index n = 0; n < 5; ++n) {
            QVERIFY(std::abs(out(0, n) - (3 * (in(0, n) - 1) / std::sqrt(4 + 1e-5) + 0.5)) < 1e-14);
            QVERIFY(std::abs(out(1, n) - ((in(1, n) + 2) / std::sqrt(0.25 + 1e-5) - 1)) < 1e-14);
        }
        Vector<double> scale, shift;
        QVERIFY(bound.layer.evaluationMap(scale, shift));
        const Matrix<double> affine = Matrix<double>(scale.asDiagonal() * in).colwise() + shift;
        QVERIFY((out - affine).cwiseAbs().maxCoeff() < 1e-14);
    }

    void survivesAMeanThatIsLargeBesideTheDeviation() {
        // The deviation is a millionth of the mean: a one-pass variance in float would be noise.
        const Matrix<double> spread = randomMatrix<double>(1, 4000, 1);
        const Matrix<double> normal = (spread.array() - spread.mean()) /
                                      std::sqrt((spread.array() - spread.mean()).square().mean() + 1e-5);
        Bound<double> bound(1, 4000);
        QVERIFY((bound.forward(spread.array() + 1e6, Mode::Training) - normal).cwiseAbs().maxCoeff() < 1e-8);
        Bound<float> single(1, 4000);
        const Matrix<float> in = (spread.array() + 1000).cast<float>();
        QVERIFY((single.forward(in, Mode::Training).cast<double>() - normal).cwiseAbs().maxCoeff() < 1e-3);
        QVERIFY(std::abs(single.running(1)[0] - 1) < 0.01);
    }

    void oneSampleIsNormalizedToZeroAndTeachesNothingBelow() {
        Bound<double> bound(3, 1);
        bound.theta << 1, 2, 3, 0.1, 0.2, 0.3;
        const Matrix<double> in = 100 * randomMatrix<double>(3, 1, 1);
        QVERIFY(bound.forward(in, Mode::Training) == Eigen::Vector3d(0.1, 0.2, 0.3));
        Matrix<double> dOut = randomMatrix<double>(3, 1, 2);
        const Matrix<double> given = dOut;
        Matrix<double> dIn = Matrix<double>::Constant(3, 1, -77);
        MatrixRef<double> dInRef(dIn);
        bound.layer.backward(in, bound.out, dOut, &dInRef);
        QVERIFY(dIn.isZero(0));
        QVERIFY(bound.gradient.head(3).isZero(0));
        QVERIFY(bound.gradient.tail(3) == given);
        QVERIFY(bound.running(1).isApproxToConstant(0.9)); // 0.9 * 1 + 0.1 * 0: no division by N - 1 = 0
    }

    void twoSamplesBecomePlusAndMinusOne() {
        Bound<double> bound(2, 2);
        Matrix<double> in(2, 2), expected(2, 2);
        in << 3, 5, 900, 100;
        expected << -1, 1, 1, -1;
        QVERIFY((bound.forward(in, Mode::Training) - expected).cwiseAbs().maxCoeff() < 1e-5);
    }

    void constantFeaturesBecomeBeta() {
        Bound<float> bound(1, 7);
        QVERIFY(bound.forward(Matrix<float>::Constant(1, 7, 0.1f), Mode::Training).isZero(1e-5f));
    }

    void startsAsTheIdentity() {
        Bound<double> bound(2, 5);
        bound.layer.startAsIdentity(Eigen::Vector2d(30, -2), Eigen::Vector2d(1e-12, 400));
        const Matrix<double> in = randomMatrix<double>(2, 5, 1);
        QVERIFY((bound.forward(in, Mode::Evaluation) - in).cwiseAbs().maxCoeff() < 1e-13);
    }

    void gradientsAreOrthogonalToWhatNormalizationRemoves() {
        // Adding a constant to a feature, or stretching it about its mean, changes nothing (but for epsilon).
        Bound<double> bound(4, 9, {1e-12, 0.1, true});
        const Matrix<double> in = randomMatrix<double>(4, 9, 1);
        bound.forward(in, Mode::Training);
        Matrix<double> dOut = randomMatrix<double>(4, 9, 2), dIn(4, 9);
        MatrixRef<double> dInRef(dIn);
        bound.layer.backward(in, bound.out, dOut, &dInRef);
        QVERIFY(dIn.rowwise().sum().cwiseAbs().maxCoeff() < 1e-14 * 10);
        QVERIFY(dIn.cwiseProduct(in).rowwise().sum().cwiseAbs().maxCoeff() < 1e-10);
    }
};

QTEST_APPLESS_MAIN(BatchNormLayerTest)
#include "batch_norm_layer_test.moc"
