// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/convolution_blocks.h"

#include "engine/curvature/parameter_range.h"

#include <Eigen/Eigenvalues>

namespace kappascope {

namespace {

const WeightedLayer<double>& layerOf(const HessianOperator& op, int d) {
    return *op.network().weighted()[static_cast<std::size_t>(d)];
}

/// (d^2 L/dz^2)^(1/2) of sample n, L the mean loss; outputs x outputs.
class LossRoots {
public:
    explicit LossRoots(const HessianOperator& op) {
        const CurvatureProblem& problem = op.problem();
        const Network<double>& network = op.network();
        const Index n = problem.data->x.cols(), outputs = network.outputs();
        const auto z = network.outputOf(network.depth() - 1, n);
        Matrix<double> zDot(outputs, n), column(outputs, n);
        for (Index k = 0; k < outputs; ++k) {
            zDot.setZero();
            zDot.row(k).setOnes();
            problem.loss->hessianTimes(z, problem.data->targets, problem.data->samples, zDot, column);
            columns_.push_back(column);
        }
    }

    Matrix<double> ofSample(Index n) const {
        const auto outputs = static_cast<Index>(columns_.size());
        Matrix<double> hessian(outputs, outputs);
        for (Index k = 0; k < outputs; ++k)
            hessian.col(k) = columns_[static_cast<std::size_t>(k)].col(n);
        const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver((hessian + hessian.transpose()) / 2);
        const Vector<double> root = solver.eigenvalues().cwiseMax(0).cwiseSqrt();
        return solver.eigenvectors() * root.asDiagonal() * solver.eigenvectors().transpose();
    }

private:
    std::vector<Matrix<double>> columns_; ///< by output k: d^2 L/dz dz_k, outputs x samples
};

/// [1, patches] of one sample, positions x (fanIn + 1).
Matrix<double> patchesOfSample(const WeightedLayer<double>& layer, ConstMatrixRef<double> input, Index n,
                               Index group) {
    Matrix<double> patches(layer.fanIn(), layer.positions());
    layer.unroll(input.col(n), group, patches);
    Matrix<double> H(layer.positions(), layer.fanIn() + 1);
    H.col(0).setOnes();
    H.rightCols(layer.fanIn()) = patches.transpose();
    return H;
}

} // namespace

Matrix<double> patchMatrix(HessianOperator& op, int d, Index group, Index most) {
    const WeightedLayer<double>& layer = layerOf(op, d);
    const auto input = op.inputOfWeighted(d);
    const Index all = layer.positions() * input.cols(), rows = std::min(all, most);
    Matrix<double> H(rows, layer.fanIn() + 1);
    Index row = 0;
    for (Index n = 0; n < input.cols() && row < rows; ++n) {
        const auto place = [&](Index r) { return r * all / rows - n * layer.positions(); }; // in this sample
        if (place(row) >= layer.positions()) continue;
        const Matrix<double> ofSample = patchesOfSample(layer, input, n, group);
        for (; row < rows && place(row) < layer.positions(); ++row)
            H.row(row) = ofSample.row(place(row));
    }
    return H;
}

std::vector<Matrix<double>> channelFactors(HessianOperator& op, int d, const std::vector<Index>& channels,
                                           const Cancelled* cancelled) {
    const WeightedLayer<double>& layer = layerOf(op, d);
    const WeightShape& shape = layer.weightShape();
    const Index samples = op.problem().data->x.cols(), outputs = op.network().outputs();
    const auto input = op.inputOfWeighted(d);
    std::vector<Matrix<double>> factors(channels.size(),
                                        Matrix<double>(samples * outputs, shape.fanIn() + 1));
    for (Index k = 0; k < outputs; ++k) {
        const Matrix<double>& jacobian = op.jacobianAt(d, k);
        for (Index n = 0; n < samples; ++n) {
            stopIfCancelled(cancelled);
            const Eigen::Map<const Matrix<double>> ofChannels(jacobian.col(n).data(), shape.outputs,
                                                              shape.positions);
            Index group = -1;
            Matrix<double> H;
            for (std::size_t c = 0; c < channels.size(); ++c) {
                const Index wanted = channels[c] / shape.unitsOfGroup();
                if (wanted != group) H = patchesOfSample(layer, input, n, group = wanted);
                factors[c].row(n * outputs + k) = ofChannels.row(channels[c]) * H;
            }
        }
    }
    const LossRoots roots(op);
    for (Index n = 0; n < samples; ++n) {
        const Matrix<double> root = roots.ofSample(n);
        for (Matrix<double>& factor : factors)
            factor.middleRows(n * outputs, outputs) = (root * factor.middleRows(n * outputs, outputs)).eval();
    }
    return factors;
}

Matrix<double> unitBlock(HessianOperator& op, int d, Index unit, const Cancelled* cancelled) {
    const WeightedLayer<double>& layer = layerOf(op, d);
    const Index units = layer.outputChannels(), size = layer.fanIn() + 1,
                offset = layerRange(op.network(), d).offset;
    const auto placeOf = [&](Index k) { return offset + (k == 0 ? layer.fanIn() : k - 1) * units + unit; };
    Matrix<double> block(size, size);
    Vector<double> v = Vector<double>::Zero(op.size()), product(op.size());
    for (Index j = 0; j < size; ++j) {
        stopIfCancelled(cancelled);
        v[placeOf(j)] = 1;
        op.apply(v, product);
        v[placeOf(j)] = 0;
        for (Index i = 0; i < size; ++i)
            block(i, j) = product[placeOf(i)];
    }
    return (block + block.transpose()) / 2;
}

} // namespace kappascope
