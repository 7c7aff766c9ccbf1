// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/dense.h"

#include "engine/core/random.h"
#include "tests/support/random_matrix.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

/// A dense layer with numbers of its own.
struct Bound {
    Bound(Index inputs, Index outputs, Index batch)
        : layer(inputs, outputs), theta(randomVector<double>((inputs + 1) * outputs, 1)),
          gradient(Vector<double>::Constant(theta.size(), -77)) {
        layer.bind(theta.data(), gradient.data());
        layer.reserve(batch);
    }
    Dense<double> layer;
    Vector<double> theta, gradient;
};

/// Passes and steps of a layer that knows its inputs that are not 0 beside one that does not, in all and in
/// parts that begin anywhere; columns have gaps.
template<class S>
void leavesOutZeros(Index inputs, Index outputs, Index batch, double share) {
    RandomStream stream(7, "zeros");
    Matrix<S> x = randomMatrix<S>(inputs + 3, batch, 2);
    std::vector<std::int32_t> places;
    for (Index i = 0; i < inputs; ++i)
        if (stream.uniform() < share)
            places.push_back(static_cast<std::int32_t>(i));
        else
            x.row(i).setZero();
    const std::span<const std::int32_t> nonzero(places);
    const ConstColumns<S> in = ConstColumns<S>(x).middleRows(0, inputs);

    const Vector<S> start = randomVector<S>((inputs + 1) * outputs, 1);
    Vector<S> theta = start, same = start, gradient(start.size());
    Dense<S> knowing(inputs, outputs), plain(inputs, outputs);
    knowing.bind(theta.data(), gradient.data());
    plain.bind(same.data(), gradient.data());
    knowing.reserve(batch);
    plain.reserve(batch);
    Matrix<S> out(outputs, batch), expected(outputs, batch);
    knowing.apply(in, out, 0, &nonzero);
    plain.apply(in, expected, 0);
    QVERIFY(out == expected);

    const Matrix<S> dOut = randomMatrix<S>(outputs, batch, 3);
    for (const auto& [first, count] :
         {Range{0, inputs}, Range{0, 300}, Range{300, inputs - 300}, Range{6, 7}}) {
        knowing.descend(in, nullptr, dOut, S(0.1), first, count, &nonzero);
        plain.descend(in, nullptr, dOut, S(0.1), first, count);
        QVERIFY(theta == same);
    }
    QVERIFY(theta != start);
}

const std::vector<std::array<Index, 3>> shapes{{1, 1, 1}, {3, 1, 5},   {1, 4, 5},     {3, 4, 1},
                                               {3, 4, 5}, {9, 17, 33}, {784, 200, 60}};

} // namespace

class DenseTest : public QObject {
    Q_OBJECT

private slots:
    void weightsLieColumnByColumnThenTheBias() {
        Bound bound(3, 2, 1);
        bound.theta << 11, 21, 12, 22, 13, 23, 1, 2;
        Matrix<double> W(2, 3);
        W << 11, 12, 13, 21, 22, 23;
        QVERIFY(bound.layer.weight() == W);
        QVERIFY(bound.layer.bias() == Eigen::Vector2d(1, 2));
        const auto tensors = bound.layer.parameters();
        QCOMPARE(tensors.size(), std::size_t{2});
        QVERIFY(tensors[0].name == "weight" && tensors[0].rows == 2 && tensors[0].cols == 3 &&
                !tensors[0].vector);
        QVERIFY(tensors[1].name == "bias" && tensors[1].rows == 2 && tensors[1].vector);
    }

    // Element by element, in extended precision.
    void forwardAndBackwardEqualTheirSums() {
        constexpr double tolerance = 1e-12; // 784 products of about 1
        for (const auto& [inputs, outputs, batch] : shapes) {
            Bound bound(inputs, outputs, batch);
            const Matrix<double> in = randomMatrix<double>(inputs, batch, 2);
            Matrix<double> out(outputs, batch), dOut = randomMatrix<double>(outputs, batch, 3);
            Matrix<double> dIn(inputs, batch);
            MatrixRef<double> dInRef(dIn);
            bound.layer.forward(in, out, Mode::Training);
            const Matrix<double> given = dOut;
            bound.layer.backward(in, out, dOut, &dInRef);

            const auto exact = [](const auto& a, const auto& b) { // a b, of long doubles
                using Long = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
                return Matrix<double>(
                    Long(Long(a.template cast<long double>()) * Long(b.template cast<long double>()))
                        .cast<double>());
            };
            const Matrix<double> W = bound.layer.weight();
            const auto close = [](const auto& a, const auto& b) {
                return (a - b).cwiseAbs().maxCoeff() < tolerance;
            };
            QVERIFY(close(out, exact(W, in).colwise() + Vector<double>(bound.layer.bias())));
            QVERIFY(close(bound.layer.weightGradient(), exact(given, in.transpose())));
            QVERIFY(close(bound.layer.biasGradient(), Vector<double>(given.rowwise().sum())));
            QVERIFY(close(dIn, exact(W.transpose(), given)));
        }
    }

    // So that the size of an evaluation's chunks does not change its numbers.
    void aSampleGivesTheSameBitsInAnyBatch() {
        for (const auto& [inputs, outputs, batch] : shapes) {
            Bound bound(inputs, outputs, batch);
            const Matrix<double> in = randomMatrix<double>(inputs, batch, 2);
            Matrix<double> out(outputs, batch), one(outputs, 1);
            bound.layer.forward(in, out, Mode::Evaluation);
            for (Index n = 0; n < batch; ++n) {
                bound.layer.forward(in.col(n), one, Mode::Evaluation);
                QVERIFY(one == out.col(n));
            }
        }
    }

    // Widths with strips and without, below and above four vectors; batches on every path of the kernels.
    void inputsThatAreZeroAreLeftOutToTheSameBits() {
        for (const Index outputs : {20, 33, 64, 66, 67, 100, 141})
            for (const Index batch : {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 30, 60, 300})
                for (const double share : {0.0, 0.2, 0.6, 1.0}) {
                    leavesOutZeros<float>(530, outputs, batch, share);
                    leavesOutZeros<double>(784, outputs, batch, share);
                }
    }

    void leavesTheInputsGradientOutWhereNobodyWantsIt() {
        Bound bound(3, 4, 5), same(3, 4, 5);
        const Matrix<double> in = randomMatrix<double>(3, 5, 2), out(4, 5);
        Matrix<double> dOut = randomMatrix<double>(4, 5, 3), dIn(3, 5);
        MatrixRef<double> dInRef(dIn);
        bound.layer.backward(in, out, dOut, nullptr);
        same.layer.backward(in, out, dOut, &dInRef);
        QVERIFY(bound.gradient == same.gradient);
    }
};

QTEST_APPLESS_MAIN(DenseTest)
#include "dense_test.moc"
