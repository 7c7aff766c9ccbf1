// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture.h"
#include "tests/support/layer_cases.h"
#include "tests/support/torch.h"
#include "tests/support/torch_case.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double tolerance = 1e-10; // relative to the largest element

/// A case with a batch, a direction and what we make of it.
struct Pass {
    Pass(const LayerCase& layerCase, Mode which, Index n)
        : one(layerCase), mode(which), batch(n), bound(*one.layer, n),
          x(randomMatrix<double>(one.layer->inputs(), n, 5)),
          w(randomMatrix<double>(one.layer->outputs(), n, 3)),
          xDot(randomMatrix<double>(one.layer->inputs(), n, 12)),
          v(randomVector<double>(bound.theta.size(), 11)) {}

    json tensors(const Vector<double>& flat) const {
        json all = json::object();
        Index offset = 0;
        for (const TensorShape& shape : bound.layer->parameters()) {
            all[shape.name] = listOf(
                Eigen::Map<const Matrix<double>>(flat.data() + offset, shape.rows, shape.cols), shape.vector);
            offset += shape.size();
        }
        return all;
    }

    json task() const {
        json all = one.torch;
        all["training"] = mode == Mode::Training;
        all["x"] = listOf(x.transpose(), false);
        all["w"] = listOf(w.transpose(), false);
        all["x_dot"] = listOf(xDot.transpose(), false);
        all["tensors"] = tensors(bound.theta);
        for (const auto& buffer : bound.layer->buffers())
            all["tensors"][buffer.shape.name] =
                listOf(VectorMap<double>(buffer.data, buffer.shape.size()), true);
        all["v"] = tensors(v);
        return all;
    }

    /// As PyTorch answers.
    json answer() {
        Layer<double>& layer = *bound.layer;
        Matrix<double> y(w.rows(), batch), dIn(x.rows(), batch), yDot = y, dInDot = dIn;
        Vector<double> gradientDot(v.size());
        MatrixRef<double> dInRef(dIn), dInDotRef(dInDot);
        layer.forward(x, y, mode);
        const Matrix<double> dOut = w.cwiseProduct(y);
        Matrix<double> given = dOut;
        layer.backward(x, y, given, &dInRef);
        layer.linearize(x, y, dOut);
        const Tangent<double>::View inDot(xDot);
        const Tangent<double> tangent{x, y, dOut, &inDot, v.data()};
        layer.forwardTangent(tangent, yDot);
        given = w.cwiseProduct(yDot);
        layer.backwardTangent(tangent, given, gradientDot.data(), &dInDotRef);
        json gradient = tensors(bound.gradient), hessian = tensors(gradientDot);
        gradient["x"] = listOf(dIn.transpose(), false);
        hessian["x"] = listOf(dInDot.transpose(), false);
        return {{"y", listOf(y.transpose(), false)}, {"gradient", gradient}, {"hessian", hessian}};
    }

    const LayerCase& one;
    Mode mode;
    Index batch;
    BoundLayer<double> bound;
    Matrix<double> x, w, xDot;
    Vector<double> v;
};

Matrix<double> matrixOrVector(const json& values) {
    return values.at(0).is_array() ? matrixOf(values) : Matrix<double>(vectorOf(values));
}

double error(const json& ours, const json& theirs) {
    const Matrix<double> a = matrixOrVector(ours), b = matrixOrVector(theirs);
    if (a.rows() != b.rows() || a.cols() != b.cols()) return INFINITY;
    return (a - b).cwiseAbs().maxCoeff() / std::max(1.0, b.cwiseAbs().maxCoeff());
}

} // namespace

/// Every layer of maps against PyTorch: outputs, gradients, and Hessian products, which it differentiates
/// twice for.
class MapLayersTorchTest : public QObject {
    Q_OBJECT

private slots:
    void agreeWithPyTorch() {
        const std::vector<LayerCase> cases = layerCases();
        std::vector<Pass> passes;
        json task{{"cases", json::array()}};
        for (const LayerCase& one : cases)
            for (const Mode mode : {Mode::Training, Mode::Evaluation})
                for (const Index batch : {1, 3}) {
                    const bool coupled = one.layer->couplesSamples(mode);
                    if (mode == Mode::Evaluation && !one.layer->couplesSamples(Mode::Training)) continue;
                    if (coupled && batch == 1) continue; // PyTorch refuses one sample of plain features
                    passes.emplace_back(one, mode, batch);
                    task["cases"].push_back(passes.back().task());
                }
        const auto answers = askTorch("layers.py", task);
        if (!answers) QSKIP("PyTorch is not installed for /usr/bin/python3");
        QCOMPARE(answers->size(), passes.size());
        for (std::size_t i = 0; i < passes.size(); ++i) {
            const json ours = passes[i].answer(), &theirs = answers->at(i);
            const std::string name = passes[i].one.name + ", batch " + std::to_string(passes[i].batch);
            QVERIFY2(error(ours["y"], theirs["y"]) < tolerance, (name + ", y").c_str());
            for (const char* what : {"gradient", "hessian"}) {
                QCOMPARE(ours[what].size(), theirs[what].size());
                for (const auto& [tensor, values] : theirs[what].items())
                    QVERIFY2(error(ours[what][tensor], values) < tolerance,
                             (name + ", " + what + " of " + tensor + " by " +
                              std::to_string(error(ours[what][tensor], values)))
                                 .c_str());
            }
        }
    }
};

QTEST_GUILESS_MAIN(MapLayersTorchTest)
#include "map_layers_torch_test.moc"
