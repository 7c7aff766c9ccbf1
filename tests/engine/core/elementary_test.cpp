// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/elementary.h"

#include <QTest>
#include <cmath>
#include <functional>

using namespace kappascope;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Units in the last place that `found` is off; what is below the normal numbers counts as the smallest.
template<class S>
double ulps(S found, long double exact) {
    const S rounded = std::max(std::abs(static_cast<S>(exact)), std::numeric_limits<S>::min());
    const long double ulp = std::nextafter(rounded, std::numeric_limits<S>::infinity()) - rounded;
    return static_cast<double>(std::abs(found - exact) / ulp);
}

template<class S>
std::vector<S> between(double low, double high, int count) {
    std::vector<S> x;
    for (int i = 0; i < count; ++i)
        x.push_back(static_cast<S>(low + (high - low) * i / (count - 1)));
    return x;
}

template<class S>
using Function = void (*)(const S*, S*, Index);

template<class S>
double worst(Function<S> function, const std::vector<S>& x, long double (*exact)(long double)) {
    std::vector<S> y(x.size());
    function(x.data(), y.data(), static_cast<Index>(x.size()));
    double most = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        most = std::max(most, ulps<S>(y[i], exact(x[i])));
    return most;
}

/// The cross-entropy of n samples against that of each: slopes to the same bits, the sum as rounding allows.
template<class S>
void crossEntropyIsThatOfEach(Index n) {
    const std::vector<S> z = between<S>(-30, 25, static_cast<int>(n) + 2);
    constexpr std::uint64_t pattern = 0x9D2C'5680'B5A7'31E6;
    const std::uint64_t ones = n == 64 ? pattern : pattern & ((std::uint64_t{1} << n) - 1);
    constexpr S untouched = 7;
    std::vector<S> dz(static_cast<std::size_t>(n) + 1, untouched);
    const double sum = elementary<S>().crossEntropy(z.data(), ones, S(0.25), dz.data(), n);
    double expected = 0;
    for (Index i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        S slope = 0;
        expected += elementary<S>().crossEntropy(&z[k], ones >> i & 1, S(0.25), &slope, 1);
        QVERIFY(dz[k] == slope);
    }
    QCOMPARE(dz.back(), untouched);
    QVERIFY(std::abs(sum - expected) <=
            10 * static_cast<double>(std::numeric_limits<S>::epsilon()) * expected);
}

template<class S>
void areRight() {
    constexpr int many = 20001;
    QVERIFY(worst<S>(elementary<S>().tanh, between<S>(-10, 10, many), std::tanh) < 4);
    QVERIFY(worst<S>(elementary<S>().tanh, between<S>(-1e-3, 1e-3, many), std::tanh) < 4);
    QVERIFY(worst<S>(elementary<S>().exponential, between<S>(-87, 88, many), std::exp) < 2);
    QVERIFY(worst<S>(elementary<S>().log1p, between<S>(0, 1, many), std::log1p) < 3);
    QVERIFY(worst<S>(elementary<S>().log1p, between<S>(0, 1e-5, many), std::log1p) < 3);
    QVERIFY(worst<S>(elementary<S>().log1p, between<S>(0, 1000, many), std::log1p) < 3);

    const std::vector<S> x = between<S>(-80, 80, many);
    std::vector<S> value(x.size()), slope(x.size());
    elementary<S>().softplus(x.data(), value.data(), slope.data(), many);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const long double e = std::exp(-std::abs(static_cast<long double>(x[i])));
        QVERIFY(ulps<S>(value[i], std::max<long double>(x[i], 0) + std::log1p(e)) < 4);
        QVERIFY(ulps<S>(slope[i], (x[i] < 0 ? e : 1) / (1 + e)) < 4);
    }
}

template<class S>
void keepWhatIsNotFinite() {
    const S special[] = {0, S(-0.0), S(infinity), S(-infinity), S(NAN)};
    S y[5];
    elementary<S>().tanh(special, y, 5);
    QVERIFY(y[0] == 0 && !std::signbit(y[0]) && y[1] == 0 && std::signbit(y[1]));
    QVERIFY(y[2] == 1 && y[3] == -1 && std::isnan(y[4]));
    S slope[5];
    elementary<S>().softplus(special, y, slope, 5);
    QVERIFY(std::isinf(y[2]) && y[3] == 0 && std::isnan(y[4]) && slope[2] == 1 && slope[3] == 0);
}

template<class S>
void giveTheSameBits(Function<S> function) {
    const std::vector<S> x = between<S>(0.1, 0.9, 67);
    std::vector<S> whole(x.size());
    function(x.data(), whole.data(), static_cast<Index>(x.size()));
    for (std::size_t count = 1; count <= x.size(); ++count) {
        std::vector<S> part(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(count));
        function(part.data(), part.data(), static_cast<Index>(count)); // in place
        QVERIFY(std::equal(part.begin(), part.end(), whole.begin()));
    }
}

template<class S>
void bytesAreScaled() {
    for (const Index n : {1, 5, 16, 33, 100}) {
        std::vector<std::uint8_t> bytes;
        std::vector<S> scale, offset, y(static_cast<std::size_t>(n));
        for (Index i = 0; i < n; ++i) {
            bytes.push_back(static_cast<std::uint8_t>(i * 37));
            scale.push_back(S(0.125) * static_cast<S>(i + 1)); // products and sums are exact
            offset.push_back(static_cast<S>(i) - 3);
        }
        elementary<S>().fromBytes(bytes.data(), scale.data(), offset.data(), y.data(), n);
        for (std::size_t i = 0; i < y.size(); ++i)
            QCOMPARE(y[i], static_cast<S>(bytes[i]) * scale[i] + offset[i]);
    }
}

} // namespace

class ElementaryTest : public QObject {
    Q_OBJECT
private slots:
    void crossEntropiesAreThoseOfEachSample() {
        for (Index n = 1; n <= 64; ++n) {
            crossEntropyIsThatOfEach<float>(n);
            crossEntropyIsThatOfEach<double>(n);
        }
    }

    void areRightToAFewUlps() {
        areRight<float>();
        areRight<double>();
    }

    void keepZerosAndWhatIsNotFinite() {
        keepWhatIsNotFinite<float>();
        keepWhatIsNotFinite<double>();
    }

    void giveTheSameBitsWhereverANumberStands() {
        for (const auto function :
             {elementary<float>().tanh, elementary<float>().exponential, elementary<float>().log1p})
            giveTheSameBits<float>(function);
        for (const auto function :
             {elementary<double>().tanh, elementary<double>().exponential, elementary<double>().log1p})
            giveTheSameBits<double>(function);
    }

    void convertBytes() {
        bytesAreScaled<float>();
        bytesAreScaled<double>();
    }
};

QTEST_APPLESS_MAIN(ElementaryTest)
#include "elementary_test.moc"
