// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/allocations.h"
#include "tests/support/layer_cases.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr Index batch = 3;

/// A layer at a point, with the loss sum w out^2 / 2 of its outputs, so that dL/dout moves with them.
struct Point {
    Point(const LayerCase& one, Mode which, Vector<double> parameters, Matrix<double> inputs)
        : bound(*one.layer, batch), mode(which), in(std::move(inputs)),
          w(randomMatrix<double>(one.layer->outputs(), batch, 3)), out(one.layer->outputs(), batch),
          dIn(in.rows(), batch) {
        bound.theta = std::move(parameters);
        bound.layer->bind(bound.theta.data(), bound.gradient.data());
        bound.layer->forward(in, out, mode);
        dOut = w.cwiseProduct(out);
        Matrix<double> given = dOut;
        MatrixRef<double> dInRef(dIn);
        bound.layer->backward(in, out, given, &dInRef);
    }
    double loss() const { return w.cwiseProduct(out).cwiseProduct(out).sum() / 2; }

    BoundLayer<double> bound;
    Mode mode;
    Matrix<double> in, w, out, dOut, dIn;
};

/// The same a step along the directions.
struct Directions {
    explicit Directions(const LayerCase& one)
        : theta(randomVector<double>(BoundLayer<double>(*one.layer, 1).theta.size(), 11)),
          in(randomMatrix<double>(one.layer->inputs(), batch, 12)) {}
    Point from(const LayerCase& one, const Point& at, double step) const {
        return Point(one, at.mode, at.bound.theta + step * theta, at.in + step * in);
    }
    Vector<double> theta;
    Matrix<double> in;
};

constexpr double step = 1e-5;

Point pointOf(const LayerCase& one, Mode mode) {
    // Values far enough apart that no step changes which one is the largest of a window.
    Matrix<double> in = randomMatrix<double>(one.layer->inputs(), batch, 5);
    return Point(one, mode, BoundLayer<double>(*one.layer, batch).theta, in);
}

double relative(double a, double b) {
    return std::abs(a - b) / std::max(1.0, std::abs(b));
}

template<class A, class B>
double relative(const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b) {
    if (a.size() == 0) return 0;
    return (a - b).cwiseAbs().maxCoeff() / std::max(1.0, b.cwiseAbs().maxCoeff());
}

const std::vector<LayerCase>& cases() {
    static const std::vector<LayerCase> all = layerCases();
    return all;
}

/// Calls check(case, mode), which returns a number, for every case: it must be below the tolerance.
template<class Check>
void forAll(double tolerance, const Check& check) {
    for (const LayerCase& one : cases())
        for (const Mode mode : {Mode::Training, Mode::Evaluation}) {
            const double error = check(one, mode);
            QVERIFY2(error < tolerance, (one.name + ": " + std::to_string(error)).c_str());
        }
}

} // namespace

/// Every layer of maps against finite differences, and what holds for all of them.
class MapLayersTest : public QObject {
    Q_OBJECT

private slots:
    void gradientsAreTheSlopesOfTheLoss() {
        forAll(1e-6, [](const LayerCase& one, Mode mode) {
            const Point at = pointOf(one, mode);
            const Directions along(one);
            const double slope =
                (along.from(one, at, step).loss() - along.from(one, at, -step).loss()) / (2 * step);
            return relative(at.bound.gradient.dot(along.theta) + at.dIn.cwiseProduct(along.in).sum(), slope);
        });
    }

    void tangentsAreTheSlopesOfThePasses() {
        forAll(1e-5, [](const LayerCase& one, Mode mode) {
            const Point at = pointOf(one, mode);
            const Directions along(one);
            const Point ahead = along.from(one, at, step), behind = along.from(one, at, -step);
            Layer<double>& layer = *at.bound.layer;
            layer.linearize(at.in, at.out, at.dOut);
            const Tangent<double>::View inDot(along.in);
            const Tangent<double> tangent{at.in, at.out, at.dOut, &inDot, along.theta.data()};
            Matrix<double> outDot(at.out.rows(), batch), dInDot(at.in.rows(), batch);
            layer.forwardTangent(tangent, outDot);
            double error = relative(outDot, ((ahead.out - behind.out) / (2 * step)).eval());
            Matrix<double> dOutDot = at.w.cwiseProduct(outDot);
            Vector<double> gradientDot(at.bound.gradient.size());
            MatrixRef<double> dInDotRef(dInDot);
            layer.backwardTangent(tangent, dOutDot, gradientDot.data(), &dInDotRef);
            error = std::max(error, relative(dInDot, ((ahead.dIn - behind.dIn) / (2 * step)).eval()));
            return std::max(
                error,
                relative(gradientDot, ((ahead.bound.gradient - behind.bound.gradient) / (2 * step)).eval()));
        });
    }

    // Where nothing below moves, or the layer's own parameters do not, that is as a direction of zeros.
    void tangentsLeaveOutWhatDoesNotMove() {
        forAll(1e-13, [](const LayerCase& one, Mode mode) {
            const Point at = pointOf(one, mode);
            Directions along(one);
            Layer<double>& layer = *at.bound.layer;
            layer.linearize(at.in, at.out, at.dOut);
            const auto passes = [&](const Tangent<double>& tangent) {
                Matrix<double> outDot(at.out.rows(), batch), dInDot(at.in.rows(), batch);
                layer.forwardTangent(tangent, outDot);
                Matrix<double> dOutDot = at.w.cwiseProduct(outDot);
                Vector<double> all(outDot.size() + dInDot.size() + at.bound.gradient.size());
                MatrixRef<double> dInDotRef(dInDot);
                layer.backwardTangent(tangent, dOutDot, all.data() + outDot.size() + dInDot.size(),
                                      &dInDotRef);
                all.head(outDot.size()) = outDot.reshaped();
                all.segment(outDot.size(), dInDot.size()) = dInDot.reshaped();
                return all;
            };
            const Tangent<double>::View moving(along.in);
            const Matrix<double> zeros = Matrix<double>::Zero(at.in.rows(), batch);
            const Tangent<double>::View still(zeros);
            const Vector<double> zero = Vector<double>::Zero(along.theta.size());
            const double below = relative(passes({at.in, at.out, at.dOut, nullptr, along.theta.data()}),
                                          passes({at.in, at.out, at.dOut, &still, along.theta.data()}));
            return std::max(below, relative(passes({at.in, at.out, at.dOut, &moving, nullptr}),
                                            passes({at.in, at.out, at.dOut, &moving, zero.data()})));
        });
    }

    void aPassAllocatesNothing() {
        for (const LayerCase& one : cases())
            for (const Index count : {1, 5}) {
                BoundLayer<float> bound(*one.layer, count);
                const Matrix<float> in = randomMatrix<float>(one.layer->inputs(), count, 5);
                Matrix<float> out(one.layer->outputs(), count), dOut = Matrix<float>::Ones(out.rows(), count);
                Matrix<float> dIn(in.rows(), count);
                const long counted = countAllocations([&] {
                    MatrixRef<float> dInRef(dIn);
                    bound.layer->forward(in, out, Mode::Training);
                    bound.layer->backward(in, out, dOut, &dInRef);
                    bound.layer->forward(in, out, Mode::Evaluation);
                });
                QVERIFY2(counted <= 0, one.name.c_str());
            }
    }

    // So that neither threads nor the chunks of an evaluation change a bit.
    void aSampleGivesTheSameBitsInAnyBatch() {
        for (const LayerCase& one : cases()) {
            if (one.layer->couplesSamples(Mode::Training)) continue;
            BoundLayer<float> bound(*one.layer, 4);
            const Matrix<float> in = randomMatrix<float>(one.layer->inputs(), 4, 5);
            Matrix<float> out(one.layer->outputs(), 4), part(one.layer->outputs(), 4);
            Matrix<float> dOut = randomMatrix<float>(out.rows(), 4, 6), given = dOut;
            Matrix<float> dIn(in.rows(), 4), dInPart(in.rows(), 4);
            MatrixRef<float> dInRef(dIn);
            bound.layer->forward(in, out, Mode::Training);
            bound.layer->backward(in, out, given, &dInRef);
            for (const auto& [first, count] : {std::pair<Index, Index>{0, 1}, {1, 3}}) {
                bound.layer->forward(in.middleCols(first, count), part.middleCols(first, count),
                                     Mode::Training);
                given = dOut;
                MatrixRef<float> some(dInPart.middleCols(first, count));
                bound.layer->backward(in.middleCols(first, count), part.middleCols(first, count),
                                      given.middleCols(first, count), &some);
            }
            QVERIFY2(part == out && dInPart == dIn, one.name.c_str());
        }
    }

    void copiesInTheOtherPrecisionAreTheSame() {
        for (const LayerCase& one : cases()) {
            const auto copy = one.layer->copyAs(std::type_identity<float>{});
            QVERIFY(copy->kind() == one.layer->kind() && copy->inputShape() == one.layer->inputShape() &&
                    copy->outputShape() == one.layer->outputShape());
            QCOMPARE(copy->parameters().size(), one.layer->parameters().size());
        }
    }
};

QTEST_APPLESS_MAIN(MapLayersTest)
#include "map_layers_test.moc"
