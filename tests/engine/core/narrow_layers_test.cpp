// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/narrow_layers.h"

#include "engine/core/elementary.h"
#include "engine/core/products.h"
#include "engine/core/random.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <deque>

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

/// One link of a chain with all that it needs.
template<class S>
struct OwnLink {
    Vector<S> theta, gradient, transposed;
    Matrix<S> a, h, d;
    NarrowLink<S> link;

    OwnLink(RandomStream& stream, const NarrowPasses<S>& passes, Index inputs, Index rows, Index n)
        : theta(random<S>(stream, rows * (inputs + 1), 1)), gradient(rows * (inputs + 1)),
          transposed(rows * inputs), a(rows, n), h(rows, n),
          d(rows, n), link{passes.g,          inputs,   rows,     theta.data(), gradient.data(),
                           transposed.data(), a.data(), h.data(), d.data()} {
        Eigen::Map<Matrix<S>>(transposed.data(), inputs, rows) =
            Eigen::Map<const Matrix<S>>(theta.data(), rows, inputs).transpose();
    }
};

template<class S>
bool sameBits(const Matrix<S>& one, const Matrix<S>& other) {
    return one.size() == other.size() &&
           std::equal(one.data(), one.data() + one.size(), other.data(),
                      [](S a, S b) { return a == b || (std::isnan(a) && std::isnan(b)); });
}

/// A chain of the given heights forward and back against its links one by one.
template<class S>
void chainDoesWhatItsLinksDo(const std::vector<Index>& heights, Index n, S special) {
    const NarrowLayers<S>& layers = narrowLayers<S>();
    RandomStream stream(2, "narrow", static_cast<std::uint64_t>(n));
    const Index inputs = 3, outputs = 2;
    Matrix<S> x = random<S>(stream, inputs + 1, n); // one row is none of its business
    x(1, n / 2) = special;
    const Matrix<S> V = random<S>(stream, heights.back(), outputs), D = random<S>(stream, outputs, n);
    const NarrowProduct<S> last{V.data(), D.data(), 1, outputs, outputs, n};

    std::deque<OwnLink<S>> own, expected;
    std::vector<NarrowLink<S>> links;
    for (std::size_t l = 0; l < heights.size(); ++l) {
        const auto& passes = l % 2 == 0 ? layers.tanh : layers.relu;
        const Index below = l == 0 ? inputs : heights[l - 1];
        own.emplace_back(stream, passes, below, heights[l], n);
        links.push_back(own.back().link);
        expected.emplace_back(own.back());
    }
    const NarrowChain<S> chain{links, x.data(), x.rows(), n};
    layers.forward(chain);
    layers.backward(chain, last);

    const auto passesOf = [&](std::size_t l) { return l % 2 == 0 ? layers.tanh : layers.relu; };
    const auto below = [&](std::size_t l) { return l == 0 ? x : expected[l - 1].h; };
    for (std::size_t l = 0; l < heights.size(); ++l) {
        OwnLink<S>& e = expected[l];
        const Matrix<S> in = below(l);
        passesOf(l).forward({e.theta.data(), in.data(), 1, in.rows(), e.link.inputs, n}, e.link.rows,
                            e.theta.data() + e.link.rows * e.link.inputs, e.a.data(), e.h.data());
        QVERIFY(sameBits<S>(own[l].a, e.a) && sameBits<S>(own[l].h, e.h));
    }
    NarrowProduct<S> product = last;
    Matrix<S> turned;
    for (std::size_t l = heights.size(); l-- > 0;) {
        OwnLink<S>& e = expected[l];
        const Index k = e.link.inputs, rows = e.link.rows;
        passesOf(l).backward(product, rows, e.h.data(), e.d.data());
        QVERIFY(sameBits<S>(own[l].d, e.d));
        const Matrix<S> in = below(l);
        layers.gradient({e.d.data(), in.data(), in.rows(), 1, n, k}, rows, e.gradient.data(),
                        e.gradient.data() + rows * k);
        QVERIFY(sameBits<S>(own[l].gradient, e.gradient));
        turned = Eigen::Map<const Matrix<S>>(e.theta.data(), rows, k).transpose();
        product = {turned.data(), e.d.data(), 1, rows, rows, n};
    }
}

template<class S>
void chainsDoWhatTheirLinksDo() {
    const Index vector = narrowLayers<S>().vector;
    std::vector<std::vector<Index>> chains{{vector}, {vector, vector}, {vector, vector, vector, vector}};
    if (isNarrow<S>(vector / 2)) chains.push_back({vector, vector / 2, vector / 2, vector});
    if (isNarrow<S>(vector / 4)) chains.push_back({vector / 4, vector, vector / 2, vector / 4});
    for (const auto& heights : chains)
        for (const Index n : {1, 2, 3, 4, 5, 7, 10, 33})
            for (const double special :
                 {0.5, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
                chainDoesWhatItsLinksDo<S>(heights, n, static_cast<S>(special));
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

    void chainsDoWhatTheirLinksDoOneByOne() {
        chainsDoWhatTheirLinksDo<float>();
        chainsDoWhatTheirLinksDo<double>();
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
