// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/moments.h"

#include "engine/core/random.h"

#include <QTest>

using namespace kappascope;

namespace {

/// Against sums in long double; `offset` is where the features lie, in deviations.
template<class S>
void agreesWithExactSums(Index features, Index samples, double offset) {
    RandomStream stream(1, "moments", static_cast<std::uint64_t>(features * 1000 + samples));
    Matrix<S> whole(features + 2, samples); // columns further apart than they are long
    whole = Matrix<S>::NullaryExpr(whole.rows(), samples,
                                   [&] { return static_cast<S>(offset + stream.normal()); });
    const auto H = whole.topRows(features);
    Vector<S> mean(features), variance(features);
    measureMoments<S>(H, mean, variance);
    constexpr double epsilon = std::numeric_limits<S>::epsilon();
    for (Index i = 0; i < features; ++i) {
        long double sum = 0, squares = 0;
        for (Index n = 0; n < samples; ++n)
            sum += H(i, n);
        const long double mu = sum / samples;
        for (Index n = 0; n < samples; ++n)
            squares += (H(i, n) - mu) * (H(i, n) - mu);
        const auto exactMean = static_cast<double>(mu), exact = static_cast<double>(squares / samples);
        QVERIFY(std::abs(static_cast<double>(mean[i]) - exactMean) <= 4 * epsilon * (std::abs(offset) + 1));
        // The values themselves are exact; their differences from a rounded mean round once more.
        QVERIFY(std::abs(static_cast<double>(variance[i]) - exact) <=
                epsilon * (40 * exact + 4 * std::abs(offset) * std::sqrt(exact)));
        QVERIFY(variance[i] >= 0);
    }
}

} // namespace

class MomentsTest : public QObject {
    Q_OBJECT
private slots:
    void agreeWithExactSums() {
        for (const Index features : {1, 2, 3, 5, 8, 17, 64, 100, 131})
            for (const Index samples : {1, 2, 3, 10, 60, 257})
                for (const double offset : {0.0, 1e3}) {
                    agreesWithExactSums<float>(features, samples, offset);
                    agreesWithExactSums<double>(features, samples, offset);
                }
    }

    void aConstantHasNoVariance() {
        for (const float value : {0.0F, 0.1F, -1e10F}) {
            const Matrix<float> H = Matrix<float>::Constant(7, 33, value);
            Vector<float> mean(7), variance(7);
            measureMoments<float>(H, mean, variance);
            QVERIFY((mean.array() == value).all());
            QVERIFY((variance.array() == 0).all());
        }
    }

    // A feature's moments do not depend on how many others stand beside it.
    void giveTheSameBitsWhereverAFeatureStands() {
        RandomStream stream(2, "moments");
        const Matrix<double> H = Matrix<double>::NullaryExpr(90, 40, [&] { return stream.normal(); });
        Vector<double> mean(90), variance(90);
        measureMoments<double>(H, mean, variance);
        for (const Index first : {0, 1, 31, 64, 89}) {
            const Index count = 90 - first;
            Vector<double> partMean(count), partVariance(count);
            measureMoments<double>(H.middleRows(first, count), partMean, partVariance);
            QVERIFY(partMean == mean.tail(count) && partVariance == variance.tail(count));
        }
    }
};

QTEST_APPLESS_MAIN(MomentsTest)
#include "moments_test.moc"
