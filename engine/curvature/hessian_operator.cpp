// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/hessian_operator.h"

#include "engine/curvature/parameter_range.h"

#include <algorithm>

namespace kappascope {

HessianOperator::HessianOperator(CurvatureProblem problem)
    : HessianOperator(problem, problem.network->theta()) {}

HessianOperator::HessianOperator(CurvatureProblem problem, ConstVectorRef<double> theta)
    : problem_(std::move(problem)), network_(*problem_.network) {
    const Index n = problem_.data->x.cols();
    network_.reserve(n);
    Index offset = 0, widest = 0;
    lowest_ = network_.depth();
    for (std::size_t l = 0; l < network_.depth(); ++l) {
        const Layer<double>& layer = network_.layer(l);
        offsets_.push_back(offset);
        for (const TensorShape& shape : layer.parameters()) {
            lowest_ = std::min(lowest_, l);
            offset += shape.size();
        }
        dOut_.emplace_back(layer.outputs(), n);
        outDot_.emplace_back(layer.outputs(), n);
        widest = std::max({widest, layer.inputs(), layer.outputs()});
    }
    for (auto& buffer : buffers_)
        buffer.resize(widest * n);
    moveTo(theta);
}

void HessianOperator::moveTo(ConstVectorRef<double> theta) {
    network_.theta() = theta;
    linearize();
}

/// Values, first derivatives, and what the layers keep of them.
void HessianOperator::linearize() {
    const Matrix<double>& x = problem_.data->x;
    const MatrixRef<double> z = network_.forward(x, problem_.mode);
    loss_ = problem_.loss->gradient(z, problem_.data->targets, problem_.data->samples, dOut_.back());
    for (std::size_t l = network_.depth(); l-- > lowest_;) {
        Layer<double>& layer = network_.layer(l);
        MatrixRef<double> dOut = buffer(0, layer.outputs());
        dOut = dOut_[l]; // may be overwritten
        MatrixRef<double> dIn(dOut_[l > 0 ? l - 1 : 0]);
        layer.backward(network_.inputOf(l, x), network_.outputOf(l, x.cols()), dOut,
                       l > lowest_ ? &dIn : nullptr);
        layer.linearize(network_.inputOf(l, x), network_.outputOf(l, x.cols()), dOut_[l]);
    }
    gradient_ = network_.gradient();
    for (int d = 0; problem_.l2 != 0 && d < denseLayers(network_); ++d) {
        const auto [offset, count] = weightRange(network_, d);
        const auto W = network_.theta().segment(offset, count);
        loss_ += problem_.l2 / 2 * W.squaredNorm();
        gradient_.segment(offset, count) += problem_.l2 * W;
    }
}

MatrixRef<double> HessianOperator::buffer(std::size_t which, Index rows) {
    return MatrixMap<double>(buffers_[which].data(), rows, problem_.data->x.cols());
}

Tangent<double> HessianOperator::tangentOf(std::size_t l, const Tangent<double>::View* inDot,
                                           const double* v) const {
    const Matrix<double>& x = problem_.data->x;
    return {network_.inputOf(l, x), network_.outputOf(l, x.cols()), dOut_[l], inDot,
            v ? v + offsets_[l] : nullptr};
}

/// R{out} of the layers from `first` on; that of the layer below is there already unless first is the lowest.
void HessianOperator::pushForward(std::size_t first, const double* v) {
    for (std::size_t l = first; l < network_.depth(); ++l) {
        const Tangent<double>::View inDot(outDot_[l > 0 ? l - 1 : 0]);
        network_.layer(l).forwardTangent(tangentOf(l, l > lowest_ ? &inDot : nullptr, v), outDot_[l]);
    }
}

/// From R{dL/dz} in buffer 0 down to layer `last`: sets that layer's part, and those above, of `product`
/// (null: none) and returns R{dL/din} of `last`, not computed for the lowest one.
MatrixRef<double> HessianOperator::pullBack(std::size_t last, const double* v, double* product) {
    std::size_t at = 0;
    for (std::size_t l = network_.depth(); l-- > last;) {
        Layer<double>& layer = network_.layer(l);
        const Tangent<double>::View inDot(outDot_[l > 0 ? l - 1 : 0]);
        const bool more = l > lowest_;
        MatrixRef<double> dInDot = buffer(1 - at, layer.inputs());
        layer.backwardTangent(tangentOf(l, more ? &inDot : nullptr, v), buffer(at, layer.outputs()),
                              product ? product + offsets_[l] : nullptr, more ? &dInDot : nullptr);
        at = 1 - at;
    }
    return buffer(at, network_.layer(last).inputs());
}

/// From dL/dz in buffer 0 by an ordinary backward pass; sets network_.gradient() of the layers passed.
MatrixRef<double> HessianOperator::pullBackLinear(std::size_t last) {
    const Matrix<double>& x = problem_.data->x;
    std::size_t at = 0;
    for (std::size_t l = network_.depth(); l-- > last;) {
        Layer<double>& layer = network_.layer(l);
        MatrixRef<double> dIn = buffer(1 - at, layer.inputs());
        layer.backward(network_.inputOf(l, x), network_.outputOf(l, x.cols()), buffer(at, layer.outputs()),
                       l > lowest_ ? &dIn : nullptr);
        at = 1 - at;
    }
    return buffer(at, network_.layer(last).inputs());
}

void HessianOperator::apply(ConstVectorRef<double> v, VectorRef<double> product) {
    const CurvatureData& data = *problem_.data;
    const std::size_t top = network_.depth() - 1;
    pushForward(lowest_, v.data());
    problem_.loss->hessianTimes(network_.outputOf(top, data.x.cols()), data.targets, data.samples,
                                outDot_[top], buffer(0, network_.outputs()));
    if (problem_.matrix == CurvatureMatrix::Hessian) {
        pullBack(lowest_, v.data(), product.data());
    } else {
        pullBackLinear(lowest_);
        product = network_.gradient();
    }
    for (int d = 0; problem_.l2 != 0 && d < denseLayers(network_); ++d) {
        const auto [offset, count] = weightRange(network_, d);
        product.segment(offset, count) += problem_.l2 * v.segment(offset, count);
    }
}

Eigen::Ref<const Matrix<double>> HessianOperator::inputOfDense(int d) const {
    return network_.inputOf(network_.positionOfDense(d), problem_.data->x);
}

bool HessianOperator::couplesSamplesAbove(int d) const {
    for (std::size_t l = network_.positionOfDense(d) + 1; l < network_.depth(); ++l)
        if (network_.layer(l).couplesSamples(problem_.mode)) return true;
    return false;
}

// Samples do not meet above the layer, so one direction that moves a_{n,i} of all samples at once gives every
// second derivative d^2 L/da_{n,i}^2.
void HessianOperator::curvatureOfUnit(int d, Index i, VectorRef<double> s) {
    const CurvatureData& data = *problem_.data;
    const std::size_t position = network_.positionOfDense(d), top = network_.depth() - 1;
    outDot_[position].setZero();
    outDot_[position].row(i).setOnes();
    pushForward(position + 1, nullptr);
    problem_.loss->hessianTimes(network_.outputOf(top, data.x.cols()), data.targets, data.samples,
                                outDot_[top], buffer(0, network_.outputs()));
    if (position == top)
        s = buffer(0, network_.outputs()).row(i).transpose();
    else if (problem_.matrix == CurvatureMatrix::Hessian)
        s = pullBack(position + 1, nullptr, nullptr).row(i).transpose();
    else
        s = pullBackLinear(position + 1).row(i).transpose();
}

} // namespace kappascope
