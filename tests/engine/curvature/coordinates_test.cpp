// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/coordinates.h"
#include "engine/curvature/dense_spectrum.h"
#include "engine/curvature/neuron_blocks.h"
#include "tests/support/curvature.h"
#include "tests/support/fixture.h"

#include <Eigen/Eigenvalues>
#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr Index batch = 20;

CurvatureProblem problem() {
    return randomProblem(lossCases(3, batch).front(), {5, 4}, activationSpec("tanh"),
                         {"none", Parameters(normalizationCatalog().at("none"))}, 5);
}

/// The layers of a preconditioning method that have seen what the network's layers receive.
Coordinates::Layers observed(HessianOperator& op, const std::string& key) {
    const auto& entry = preconditioningCatalog().at(key);
    const auto method = entry.make<double>(Parameters(entry));
    Coordinates::Layers layers;
    for (int d = 0; d < weightedLayers(op.network()); ++d) {
        std::shared_ptr<Preconditioner<double>> layer = method->makeLayer(d);
        if (layer) {
            layer->bind(op.network().weighted()[static_cast<std::size_t>(d)]->weightShape());
            layer->observe(op.inputOfWeighted(d));
        }
        layers.push_back(layer);
    }
    return layers;
}

/// An optimizer after one step, with the gradient `g`.
std::unique_ptr<Optimizer<double>> stepped(const std::string& key, const Vector<double>& g) {
    const auto& entry = optimizerCatalog().at(key);
    auto optimizer = entry.make<double>(Parameters(entry));
    Vector<double> theta = g;
    optimizer->bind(g.size());
    optimizer->step(theta, g, 0.1);
    return optimizer;
}

Vector<double> timesPPt(const Coordinates& P, Vector<double> g) {
    P.toCoordinates(g);
    P.toParameters(g);
    return g;
}

} // namespace

class CoordinatesTest : public QObject {
    Q_OBJECT

private slots:
    void theUpdateOfAPreconditionerIsPlainDescentInItsCoordinates_data() {
        QTest::addColumn<QString>("key");
        for (const auto& key : preconditioningCatalog().keys())
            QTest::newRow(key.c_str()) << QString::fromStdString(key);
    }
    void theUpdateOfAPreconditionerIsPlainDescentInItsCoordinates() {
        QFETCH(QString, key);
        HessianOperator op(problem());
        const Coordinates::Layers layers = observed(op, key.toStdString());
        const Coordinates P(op.network(), layers, batch, *stepped("sgd", op.gradient()));
        Vector<double> expected = op.gradient();
        for (int d = 0; d < weightedLayers(op.network()); ++d) {
            if (!layers[static_cast<std::size_t>(d)]) continue;
            const WeightedLayer<double>& dense = *op.network().weighted()[static_cast<std::size_t>(d)];
            const Index offset = layerRange(op.network(), d).offset;
            const MatrixMap<double> W(expected.data() + offset, dense.outputs(), dense.inputs());
            const VectorMap<double> b(expected.data() + offset + W.size(), dense.outputs());
            std::const_pointer_cast<Preconditioner<double>>(layers[static_cast<std::size_t>(d)])
                ->transform(W, b, batch);
        }
        QVERIFY(difference(timesPPt(P, op.gradient()), expected) < 1e-13);
        QCOMPARE(P.identity(), key == "none");
    }

    void theUpdateOfAnOptimizerIsPlainDescentInItsCoordinates() {
        HessianOperator op(problem());
        for (const auto& key : optimizerCatalog().keys()) {
            const auto optimizer = stepped(key, op.gradient());
            Vector<double> metric = Vector<double>::Ones(op.size());
            optimizer->metric(metric);
            const Coordinates P(op.network(), {}, batch, *optimizer);
            QVERIFY(P.undefined().empty());
            QVERIFY(difference(timesPPt(P, op.gradient()), metric.cwiseProduct(op.gradient())) < 1e-13);
        }
    }

    // The update multiplies by M = D P_l P_l^T. P P^T has M's eigenvalues, and P^T H P nearly those of M H.
    void anOptimizerThatScalesWhatAPreconditionerReturnsIsMadeSymmetric() {
        HessianOperator op(problem());
        const Index n = op.size();
        for (const char* optimizer : {"adam", "rmsprop", "adagrad"}) {
            const auto scaling = stepped(optimizer, op.gradient());
            const Coordinates bnp(op.network(), observed(op, "bnp"), batch, *stepped("sgd", op.gradient()));
            const Coordinates both(op.network(), observed(op, "bnp"), batch, *scaling);
            QVERIFY(both.undefined().empty() && both.symmetrized() && !bnp.symmetrized());
            Vector<double> D(n);
            scaling->metric(D);
            Matrix<double> M(n, n), PPt(n, n);
            for (Index j = 0; j < n; ++j) {
                M.col(j) = D.cwiseProduct(timesPPt(bnp, Vector<double>::Unit(n, j)));
                PPt.col(j) = timesPPt(both, Vector<double>::Unit(n, j));
            }
            QVERIFY(difference(PPt, PPt.transpose().eval()) < 1e-13);
            const auto largestOf = [](const Matrix<double>& A) {
                return Eigen::EigenSolver<Matrix<double>>(A, false).eigenvalues().cwiseAbs().maxCoeff();
            };
            QVERIFY(std::abs(largestOf(PPt) / largestOf(M) - 1) < 1e-10);
            QVERIFY(std::abs(PPt.trace() / M.trace() - 1) < 1e-12);
            const Matrix<double> H = denseMatrix(op);
            const double met = largestOf(M * H), shown = largestOf(both.preconditioned(H));
            QVERIFY2(std::abs(std::log(shown / met)) < std::log(2.0),
                     qPrintable(QString("%1: %2 for %3").arg(optimizer).arg(shown).arg(met)));
        }
    }

    void anOptimizerThatHasSeenNoGradientHasNoScaleYet() {
        HessianOperator op(problem());
        const auto& entry = optimizerCatalog().at("adam");
        const auto fresh = entry.make<double>(Parameters(entry));
        fresh->bind(op.size());
        QVERIFY(!Coordinates(op.network(), {}, batch, *fresh).undefined().empty());
    }

    void productsAndMatricesAgree() {
        const HessianOperator op(problem());
        HessianOperator copy(op);
        const Matrix<double> H = denseMatrix(op);
        for (const char* preconditioner : {"none", "bnp"})
            for (const char* optimizer : {"sgd", "rmsprop"}) {
                const auto P = std::make_shared<const Coordinates>(
                    op.network(), observed(copy, preconditioner), batch, *stepped(optimizer, op.gradient()));
                QVERIFY(P->undefined().empty());
                const Matrix<double> expected = P->preconditioned(H);
                const PreconditionedOperator product(op.clone(), P);
                QVERIFY(difference(denseMatrix(product), expected) < 1e-13);
                const ParameterRange layer = layerRange(op.network(), 1);
                const BlockOperator block(product.clone(), layer);
                QVERIFY(difference(denseMatrix(block), expected.block(layer.offset, layer.offset, layer.size,
                                                                      layer.size)) < 1e-13);
            }
    }

    // P^T H^T S H P is the neuron's part of the preconditioned Hessian.
    void preconditionedBlocksAreThoseOfThePreconditionedHessian() {
        HessianOperator op(problem());
        const Coordinates::Layers layers = observed(op, "bnp");
        const Coordinates P(op.network(), layers, batch, *stepped("sgd", op.gradient()));
        const Matrix<double> whole = P.preconditioned(denseMatrix(op));
        for (int d = 0; d < weightedLayers(op.network()); ++d) {
            const WeightedLayer<double>& dense = *op.network().weighted()[static_cast<std::size_t>(d)];
            const Matrix<double> factor =
                factorOf(*layers[static_cast<std::size_t>(d)], dense.inputs(), batch);
            for (Index i = 0; i < dense.outputs(); ++i) {
                const Matrix<double> expected = factor.transpose() * neuronBlock(op, d, i) * factor;
                const auto places = neuronPlaces(op.network(), d, i);
                QVERIFY(difference(whole(places, places).eval(), expected) < 1e-12);
            }
        }
    }

    // An optimizer scales each neuron's parameters in its own way.
    void neuronsMeetTheOptimizersScaleToo() {
        CurvatureProblem gaussNewton = problem();
        gaussNewton.matrix = CurvatureMatrix::GaussNewton;
        HessianOperator op(gaussNewton);
        for (const char* preconditioner : {"none", "bnp"}) {
            const Coordinates::Layers layers = observed(op, preconditioner);
            const Coordinates P(op.network(), layers, batch, *stepped("adam", op.gradient()));
            const Matrix<double> whole = P.preconditioned(denseMatrix(op));
            for (int d = 0; d < weightedLayers(op.network()); ++d) {
                const LayerConditioning layer =
                    layerConditioning(op, d,
                                      {.preconditioner = layers[static_cast<std::size_t>(d)],
                                       .batch = batch,
                                       .root = &P.root()});
                for (const NeuronBlock& block : layer.blocks) {
                    const auto places = neuronPlaces(op.network(), d, block.unit);
                    const Vector<double> lambda = denseSpectrum(whole(places, places)).eigenvalues;
                    const double kappa = lambda[lambda.size() - 1] / lambda[lambda.size() - block.rank];
                    QVERIFY2(
                        kappa > 1e9 || std::abs(block.preconditioned.value / kappa - 1) < 1e-5,
                        qPrintable(QString("%1 %2 %3").arg(kappa).arg(block.preconditioned.value).arg(d)));
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(CoordinatesTest)
#include "coordinates_test.moc"
