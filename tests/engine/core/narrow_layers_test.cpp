// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/narrow_layers.h"

#include "engine/core/elementary.h"
#include "engine/core/products.h"
#include "engine/core/random.h"

#include <QTest>

using namespace kappascope;

namespace {

template<class S>
Matrix<S> random(RandomStream& stream, Index rows, Index cols) {
    return Matrix<S>::NullaryExpr(rows, cols, [&] { return static_cast<S>(stream.uniform(-1, 1)); });
}

template<class S>
constexpr double tolerance = 20 * static_cast<double>(std::numeric_limits<S>::epsilon());

template<class S>
bool close(const Matrix<S>& found, const Matrix<S>& expected) {
    return (found - expected).cwiseAbs().maxCoeff() <= tolerance<S> * (1 + expected.cwiseAbs().maxCoeff());
}

/// The passes of a layer with k inputs, for n samples, against products and activations one by one.
template<class S>
void doWhatTheirPartsDo(Index rows, Index k, Index n) {
    const NarrowLayers<S>& layers = narrowLayers<S>();
    RandomStream stream(1, "narrow", static_cast<std::uint64_t>((rows * 100 + k) * 100 + n));
    const Matrix<S> W = random<S>(stream, rows, k), x = random<S>(stream, k + 2, n),
                    D = random<S>(stream, k, n);
    const Vector<S> b = random<S>(stream, rows, 1);
    Matrix<S> a(rows, n), h(rows, n), expected(rows, n);
    affine<S>(W, x.topRows(k), b, expected);
    layers.relu.forward({W.data(), x.data(), 1, x.rows(), k, n}, rows, b.data(), a.data(), h.data());
    QVERIFY(close(a, expected) && h == a.cwiseMax(S(0)));
    layers.tanh.forward({W.data(), x.data(), 1, x.rows(), k, n}, rows, b.data(), a.data(), h.data());
    QVERIFY(close(a, expected));
    elementary<S>().tanh(a.data(), expected.data(), a.size());
    QVERIFY(h == expected);

    Matrix<S> d(rows, n);
    layers.tanh.backward({W.data(), D.data(), 1, k, k, n}, rows, h.data(), d.data());
    QVERIFY(close<S>(d, (W * D).array() * (1 - h.array().square())));
    layers.relu.backward({W.data(), D.data(), 1, k, k, n}, rows, h.data(), d.data());
    QVERIFY(close<S>(d, (h.array() > 0).select(W * D, S(0))));

    Matrix<S> G(rows, k), expectedG(rows, k);
    Vector<S> sums(rows), expectedSums(rows);
    layers.gradient({d.data(), x.data(), x.rows(), 1, n, k}, rows, G.data(), sums.data());
    outerProduct<S>(d, x.topRows(k), expectedG);
    sumColumns<S>(d, nullptr, expectedSums);
    QVERIFY(close(G, expectedG) && close<S>(sums, expectedSums));
}

template<class S>
void doAtEveryHeight() {
    int heights = 0;
    for (const Index rows : {1, 2, 4, 8, 16}) {
        if (!isNarrow<S>(rows)) continue;
        ++heights;
        for (const Index k : {1, 2, 3, 8, 17})
            for (const Index n : {1, 2, 3, 4, 5, 6, 7, 10, 33})
                doWhatTheirPartsDo<S>(rows, k, n);
    }
    QVERIFY(heights > 0);
}

} // namespace

class NarrowLayersTest : public QObject {
    Q_OBJECT
private slots:
    void doWhatProductsAndActivationsDo() {
        doAtEveryHeight<float>();
        doAtEveryHeight<double>();
    }

    void letWhatIsNoNumberBeSeen() {
        const Index rows = narrowLayers<double>().vector;
        const Matrix<double> W = Matrix<double>::Constant(rows, 1, std::numeric_limits<double>::quiet_NaN());
        const double x = 1;
        Vector<double> a(rows), h(rows);
        narrowLayers<double>().relu.forward({W.data(), &x, 1, 1, 1, 1}, rows, nullptr, a.data(), h.data());
        QVERIFY(h.array().isNaN().all());
    }
};

QTEST_GUILESS_MAIN(NarrowLayersTest)
#include "narrow_layers_test.moc"
