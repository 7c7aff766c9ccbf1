// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/products.h"

#include "engine/core/random.h"

#include <QTest>
#include <cmath>

using namespace kappascope;

namespace {

/// Rounding of a sum of terms of size up to 1, with room: 100 units in the last place of the sum of sizes.
template<class S>
constexpr double tolerance = 100 * static_cast<double>(std::numeric_limits<S>::epsilon());

template<class S>
Matrix<S> random(RandomStream& stream, Index rows, Index cols) {
    return Matrix<S>::NullaryExpr(rows, cols, [&] { return static_cast<S>(stream.uniform(-1, 1)); });
}

/// A matrix whose columns stand three elements further apart than their length, the gaps filled with 7: to
/// see that strides are followed and nothing else is touched.
template<class S>
struct Gapped {
    Matrix<S> whole;
    Index gap;
    Gapped(Index rows, Index cols, Index width = 3)
        : whole(Matrix<S>::Constant(rows + width, cols, S(7))), gap(width) {}
    auto inner() { return whole.topRows(whole.rows() - gap); }
    bool gapsIntact() const { return (whole.bottomRows(gap).array() == S(7)).all(); }
};

/// G and W -= rate G in parts of their columns, as threads that share them: none but their own are touched.
template<class S>
void partsDescendToTheSameBits(Index m, Index k, Index n, Index cut) {
    RandomStream stream(5, "products");
    const Matrix<S> D = random<S>(stream, m, n), H = random<S>(stream, k, n), start = random<S>(stream, m, k);
    Matrix<S> whole = start, parts = start;
    descendOuterProduct<S>(D, H, S(0.1), whole);
    descendOuterProduct<S>(D, H.topRows(cut), S(0.1), parts.leftCols(cut));
    QVERIFY(parts.rightCols(k - cut) == start.rightCols(k - cut));
    descendOuterProduct<S>(D, H.bottomRows(k - cut), S(0.1), parts.rightCols(k - cut));
    QVERIFY(whole == parts);
}

/// D H^T and W -= rate D H^T at once, where columns may share vectors, against a column at a time.
template<class S>
void columnsTogetherGiveTheBitsOfOne(Index m, Index k, Index n) {
    RandomStream stream(6, "products", static_cast<std::uint64_t>((m * 100 + k) * 100 + n));
    const Matrix<S> D = random<S>(stream, m, n), H = random<S>(stream, k, n);
    Gapped<S> together(m, k), single(m, k);
    for (const S rate : {S(0), S(0.3)}) {
        together.inner() = random<S>(stream, m, k);
        single.inner() = together.inner();
        products::outer<S>(D, H, rate, together.inner());
        for (Index j = 0; j < k; ++j) {
            const Matrix<S> row = H.row(j);
            products::outer<S>(D, row, rate, single.inner().col(j));
        }
        QVERIFY(together.inner() == single.inner());
        QVERIFY(together.gapsIntact());
    }
}

/// W H + b 1^T of six columns, whose last rows may share vectors, against half of them at a time.
template<class S>
void sixColumnsGiveTheBitsOfThree(Index m, Index k) {
    RandomStream stream(7, "products", static_cast<std::uint64_t>(m * 1000 + k));
    const Matrix<S> W = random<S>(stream, m, k), H = random<S>(stream, k, 6);
    const Vector<S> b = random<S>(stream, m, 1);
    Gapped<S> six(m, 6), halves(m, 6);
    affine<S>(W, H, b, six.inner());
    affine<S>(W, H.leftCols(3), b, halves.inner().leftCols(3));
    affine<S>(W, H.rightCols(3), b, halves.inner().rightCols(3));
    QVERIFY(six.inner() == halves.inner());
    QVERIFY(six.gapsIntact());
}

template<class S>
double worst(const Matrix<S>& found, const Matrix<double>& expected, Index terms) {
    return (found.template cast<double>() - expected).cwiseAbs().maxCoeff() / static_cast<double>(terms + 1);
}

template<class S>
void agreesWithPlainSums(Index m, Index k, Index n) {
    RandomStream stream(1, "products", static_cast<std::uint64_t>((m * 100 + k) * 100 + n));
    Gapped<S> W(m, k), H(k, n), D(m, n), A(m, n), G(m, k), X(k, n);
    W.inner() = random<S>(stream, m, k);
    H.inner() = random<S>(stream, k, n);
    D.inner() = random<S>(stream, m, n);
    const Vector<S> b = random<S>(stream, m, 1);
    Vector<S> room(m * k);
    const Matrix<double> w = W.inner().template cast<double>(), h = H.inner().template cast<double>(),
                         d = D.inner().template cast<double>();

    affine<S>(W.inner(), H.inner(), b, A.inner());
    outerProduct<S>(D.inner(), H.inner(), G.inner());
    projectBack<S>(W.inner(), D.inner(), X.inner(), room);

    const QByteArray shape = QStringLiteral("m %1 k %2 n %3").arg(m).arg(k).arg(n).toUtf8();
    const Matrix<double> expectedA = w.lazyProduct(h).colwise() + b.template cast<double>();
    QVERIFY2(worst<S>(A.inner(), expectedA, k) < tolerance<S>, shape);
    QVERIFY2(worst<S>(G.inner(), d.lazyProduct(h.transpose()), n) < tolerance<S>, shape);
    QVERIFY2(worst<S>(X.inner(), w.transpose().lazyProduct(d), m) < tolerance<S>, shape);
    QVERIFY2(A.gapsIntact() && G.gapsIntact() && X.gapsIntact(), shape);
}

template<class S>
void aBlockOfColumnsGivesTheSameBits(Index m, Index k) {
    const Index n = 161, cut = 17; // more terms than two vectors of dot products hold
    RandomStream stream(2, "products");
    const Matrix<S> W = random<S>(stream, m, k), H = random<S>(stream, k, n), D = random<S>(stream, m, n);
    const Vector<S> b = random<S>(stream, m, 1);
    Vector<S> room(m * k);
    Matrix<S> A(m, n), blocksA(m, n), X(k, n), blocksX(k, n), G(m, k), blocksG(m, k);
    affine<S>(W, H, b, A);
    affine<S>(W, H.leftCols(cut), b, blocksA.leftCols(cut));
    affine<S>(W, H.rightCols(n - cut), b, blocksA.rightCols(n - cut));
    projectBack<S>(W, D, X, room);
    projectBack<S>(W, D.leftCols(cut), blocksX.leftCols(cut), room);
    projectBack<S>(W, D.rightCols(n - cut), blocksX.rightCols(n - cut), room);
    outerProduct<S>(D, H, G);
    outerProduct<S>(D, H.topRows(cut), blocksG.leftCols(cut));
    outerProduct<S>(D, H.bottomRows(k - cut), blocksG.rightCols(k - cut));
    QVERIFY(A == blocksA);
    QVERIFY(X == blocksX);
    QVERIFY(G == blocksG);
}

/// The rate times the gradient, as a step along it takes it: one of few terms takes it term by term.
template<class S>
S moveOf(const Matrix<S>& D, const Matrix<S>& H, Index i, Index j, S rate) {
    S sum = 0;
    for (Index n = 0; n < D.cols(); ++n)
        sum = D.rows() == 1 ? std::fma(rate * H(j, n), D(i, n), sum) // as the transpose of a column
                            : std::fma(rate * D(i, n), H(j, n), sum);
    return sum;
}

/// Steps along the gradient, the gradient written or not.
template<class S>
void descendsToTheSameBits(Index m, Index k, Index n, Index gap) {
    RandomStream stream(3, "products", static_cast<std::uint64_t>((m * 1000 + k) * 100 + n));
    Gapped<S> W(m, k, gap), D(m, n), H(k, n), G(m, k, gap);
    W.inner() = random<S>(stream, m, k);
    D.inner() = random<S>(stream, m, n);
    H.inner() = random<S>(stream, k, n);
    Vector<S> b = random<S>(stream, m, 1), g(m), expectedB(m);
    const S rate = S(0.1);
    outerProduct<S>(D.inner(), H.inner(), G.inner());
    sumColumns<S>(D.inner(), nullptr, g);
    Matrix<S> expected = W.inner(), termByTerm = expected;
    for (Index j = 0; j < k; ++j)
        for (Index i = 0; i < m; ++i)
            termByTerm(i, j) -= moveOf<S>(D.inner(), H.inner(), i, j, rate);
    for (Index j = 0; j < k; ++j)
        for (Index i = 0; i < m; ++i)
            expected(i, j) = std::fma(-rate, G.inner()(i, j), expected(i, j));
    for (Index i = 0; i < m; ++i)
        expectedB[i] = std::fma(-rate, g[i], b[i]);

    descendOuterProduct<S>(D.inner(), H.inner(), rate, W.inner());
    descendColumns<S>(D.inner(), nullptr, rate, b);
    const QByteArray shape = QStringLiteral("m %1 k %2 n %3").arg(m).arg(k).arg(n).toUtf8();
    constexpr Index few = 8; // terms: as many rows as a vector holds decide which of the two ways is faster
    QVERIFY2(W.inner() == expected || (n <= few && W.inner() == termByTerm), shape);
    QVERIFY2(b == expectedB, shape);
    QVERIFY2(W.gapsIntact(), shape);
    QVERIFY2(worst<S>(g, D.inner().template cast<double>().rowwise().sum(), n) < tolerance<S>, shape);
}

} // namespace

class ProductsTest : public QObject {
    Q_OBJECT
private slots:
    void agreeWithPlainSumsAtEverySmallShape() {
        for (Index m = 1; m <= 20; ++m)
            for (Index k = 1; k <= 20; k += 3)
                for (Index n = 1; n <= 13; ++n) {
                    agreesWithPlainSums<float>(m, k, n);
                    agreesWithPlainSums<double>(m, k, n);
                }
    }

    void giveTheBitsOfSingleColumnsWhereTermsAreFew() {
        for (const Index m : {16, 20, 24, 28, 29, 36, 100, 103})
            for (const Index k : {1, 3, 4, 5, 8, 33, 37})
                for (Index n = 1; n <= 8; ++n) {
                    columnsTogetherGiveTheBitsOfOne<float>(m, k, n);
                    columnsTogetherGiveTheBitsOfOne<double>(m, k, n);
                }
    }

    void giveTheBitsOfFewerColumns() {
        for (const Index m :
             {64, 65, 66, 67, 68, 69, 81, 84, 97, 98, 99, 100, 101, 115, 116, 130, 132, 144, 148})
            for (const Index k : {1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 100, 102}) {
                sixColumnsGiveTheBitsOfThree<float>(m, k);
                sixColumnsGiveTheBitsOfThree<double>(m, k);
            }
    }

    void agreeWithPlainSumsAtEveryNumberOfVectors() {
        for (const Index m : {31, 32, 33, 47, 48, 63, 64, 65, 79, 80, 81, 96, 100, 127, 129})
            for (const Index n : {1, 6, 60}) {
                agreesWithPlainSums<float>(m, 17, n);
                agreesWithPlainSums<double>(m, 17, n);
                agreesWithPlainSums<float>(9, m, n);
                agreesWithPlainSums<double>(9, m, n);
            }
    }

    void agreeWithPlainSumsOfManyTerms() {
        for (const Index m : {7, 8, 33, 100})
            for (const Index k : {257, 300, 784, 1100})
                for (const Index n : {1, 2, 3, 12, 61}) {
                    agreesWithPlainSums<float>(m, k, n);
                    agreesWithPlainSums<double>(m, k, n);
                }
    }

    void partsOfAStepGiveTheSameBits() {
        for (const Index m : {16, 33, 100, 130})
            for (const Index n : {1, 2, 6, 16})
                for (const Index cut : {32, 41, 77}) {
                    partsDescendToTheSameBits<float>(m, 130, n, cut);
                    partsDescendToTheSameBits<double>(m, 130, n, cut);
                }
    }

    void stepsAlongTheGradientNeedNotWriteIt() {
        for (const Index m : {1, 2, 3, 4, 5, 8, 10, 15, 16, 17, 20, 31, 33, 36, 100})
            for (const Index k : {1, 2, 7, 33, 130})
                for (const Index n : {1, 2, 3, 6, 10, 16, 161})
                    for (const Index gap : {0, 3}) {
                        descendsToTheSameBits<float>(m, k, n, gap);
                        descendsToTheSameBits<double>(m, k, n, gap);
                    }
    }

    void theLargestIsFoundAndNothingElseIsHidden() {
        for (const Index rows : {1, 3, 16, 37})
            for (const Index cols : {1, 5}) {
                RandomStream stream(4, "products");
                Gapped<float> X(rows, cols);
                X.inner() = random<float>(stream, rows, cols);
                QCOMPARE(largest<float>(X.inner()), X.inner().cwiseAbs().maxCoeff());
                X.inner()(rows - 1, cols - 1) = -std::numeric_limits<float>::infinity();
                QVERIFY(std::isinf(largest<float>(X.inner())));
                X.inner()(0, 0) = std::numeric_limits<float>::quiet_NaN();
                QVERIFY(std::isnan(largest<float>(X.inner())));
            }
    }

    void weightedSumsOfColumnsAgreeWithPlainOnes() {
        RandomStream stream(5, "products");
        for (const Index rows : {1, 4, 10, 100}) {
            const Matrix<double> D = random<double>(stream, rows, 33);
            const Vector<double> s = random<double>(stream, 33, 1);
            Vector<double> g(rows), b = random<double>(stream, rows, 1), expected = b;
            sumColumns<double>(D, s.data(), g);
            QVERIFY(worst<double>(g, D.lazyProduct(s), 33) < tolerance<double>);
            descendColumns<double>(D, s.data(), 0.1, b);
            for (Index i = 0; i < rows; ++i)
                expected[i] = std::fma(-0.1, g[i], expected[i]);
            QVERIFY(b == expected);
        }
    }

    void columnsCanBeSharedOutWithoutChangingBits() {
        for (const Index m : {1, 2, 37, 100})
            for (const Index k : {23, 300, 784}) {
                aBlockOfColumnsGivesTheSameBits<float>(m, k);
                aBlockOfColumnsGivesTheSameBits<double>(m, k);
            }
    }
};

QTEST_APPLESS_MAIN(ProductsTest)
#include "products_test.moc"
