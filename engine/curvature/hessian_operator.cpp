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
        dOutDot_.emplace_back(layer.outputs(), n);
        widest = std::max({widest, layer.inputs(), layer.outputs()});
    }
    moves_.resize(network_.depth());
    started_.resize(network_.depth());
    work_.resize(widest * n);
    addition_.resize(widest * n);
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
    passBack(lowest_, dOut_, [&](std::size_t l, MatrixRef<double>* dIn) {
        Layer<double>& layer = network_.layer(l);
        MatrixMap<double> dOut(work_.data(), layer.outputs(), x.cols());
        dOut = dOut_[l]; // may be overwritten
        layer.backward(network_.inputOf(l, x), network_.outputOf(l, x.cols()), dOut, dIn);
        layer.linearize(network_.inputOf(l, x), network_.outputOf(l, x.cols()), dOut_[l]);
    });
    gradient_ = network_.gradient();
    for (int d = 0; problem_.l2 != 0 && d < weightedLayers(network_); ++d) {
        const auto [offset, count] = weightRange(network_, d);
        const auto W = network_.theta().segment(offset, count);
        loss_ += problem_.l2 / 2 * W.squaredNorm();
        gradient_.segment(offset, count) += problem_.l2 * W;
    }
}

/// A backward pass from dOut of the last layer down to layer `last`: pass(l, dIn) sets dIn from dOut[l], or
/// is told null where nothing below learns. What a layer gives to several receives the sum.
template<class Pass>
void HessianOperator::passBack(std::size_t last, std::vector<Matrix<double>>& dOut, const Pass& pass) {
    std::vector<bool>& started = started_;
    std::fill(started.begin(), started.end(), false);
    const auto add = [&](int to, ConstMatrixRef<double> values) {
        const auto layer = static_cast<std::size_t>(to);
        if (started[layer])
            dOut[layer] += values;
        else
            dOut[layer] = values;
        started[layer] = true;
    };
    const int lowest = static_cast<int>(std::max(lowest_, last > 0 ? last - 1 : 0));
    for (std::size_t l = network_.depth(); l-- > last;) {
        const auto [from, joined] = network_.sources(l);
        if (l + 1 < network_.depth() && !started[l]) continue; // nothing that is asked for depends on it
        if (joined >= lowest) add(joined, dOut[l]);
        if (from < lowest) {
            pass(l, nullptr);
            continue;
        }
        const auto below = static_cast<std::size_t>(from);
        const bool first = !started[below];
        MatrixRef<double> dIn = first ? MatrixRef<double>(dOut[below])
                                      : MatrixRef<double>(MatrixMap<double>(
                                            addition_.data(), dOut[below].rows(), dOut[below].cols()));
        pass(l, &dIn);
        if (!first) dOut[below] += dIn;
        started[below] = true;
    }
}

Tangent<double> HessianOperator::tangentOf(std::size_t l, const Tangent<double>::View* inDot,
                                           const double* v) const {
    const Matrix<double>& x = problem_.data->x;
    return {network_.inputOf(l, x), network_.outputOf(l, x.cols()), dOut_[l], inDot,
            v ? v + offsets_[l] : nullptr};
}

/// R{out} of the layers from `first` on, where only they and, below, what moves_ says moves.
void HessianOperator::pushForward(std::size_t first, const double* v) {
    for (std::size_t l = first; l < network_.depth(); ++l) {
        const auto [from, joined] = network_.sources(l);
        const auto moves = [this](int source) {
            return source >= 0 && moves_[static_cast<std::size_t>(source)];
        };
        moves_[l] = moves(from) || moves(joined) || (v && !network_.layer(l).parameters().empty());
        if (!moves_[l]) continue;
        if (moves(from)) {
            const Tangent<double>::View inDot(outDot_[static_cast<std::size_t>(from)]);
            network_.layer(l).forwardTangent(tangentOf(l, &inDot, v), outDot_[l]);
        } else {
            network_.layer(l).forwardTangent(tangentOf(l, nullptr, v), outDot_[l]);
        }
        if (moves(joined)) outDot_[l] += outDot_[static_cast<std::size_t>(joined)];
    }
}

/// From R{dL/dz} down to layer `last`: sets that layer's part, and those above, of `product` (null: none),
/// and R{dL/dout} of the layers that they receive from.
void HessianOperator::pullBack(std::size_t last, const double* v, double* product) {
    passBack(last, dOutDot_, [&](std::size_t l, MatrixRef<double>* dInDot) {
        const int from = network_.sources(l).from;
        const auto below = static_cast<std::size_t>(std::max(from, 0));
        const Tangent<double>::View inDot(outDot_[below]);
        network_.layer(l).backwardTangent(tangentOf(l, from >= 0 && moves_[below] ? &inDot : nullptr, v),
                                          dOutDot_[l], product ? product + offsets_[l] : nullptr, dInDot);
    });
}

/// From dL/dz in the place of R{dL/dz} by an ordinary backward pass; sets network_.gradient() of the layers
/// passed.
void HessianOperator::pullBackLinear(std::size_t last) {
    const Matrix<double>& x = problem_.data->x;
    passBack(last, dOutDot_, [&](std::size_t l, MatrixRef<double>* dIn) {
        network_.layer(l).backward(network_.inputOf(l, x), network_.outputOf(l, x.cols()), dOutDot_[l], dIn);
    });
}

void HessianOperator::apply(ConstVectorRef<double> v, VectorRef<double> product) {
    const CurvatureData& data = *problem_.data;
    const std::size_t top = network_.depth() - 1;
    std::fill(moves_.begin(), moves_.end(), false);
    pushForward(lowest_, v.data());
    problem_.loss->hessianTimes(network_.outputOf(top, data.x.cols()), data.targets, data.samples,
                                outDot_[top], dOutDot_[top]);
    if (problem_.matrix == CurvatureMatrix::Hessian) {
        pullBack(lowest_, v.data(), product.data());
    } else {
        pullBackLinear(lowest_);
        product = network_.gradient();
    }
    for (int d = 0; problem_.l2 != 0 && d < weightedLayers(network_); ++d) {
        const auto [offset, count] = weightRange(network_, d);
        product.segment(offset, count) += problem_.l2 * v.segment(offset, count);
    }
}

Eigen::Ref<const Matrix<double>> HessianOperator::inputOfWeighted(int d) const {
    return network_.inputOf(network_.positionOfWeighted(d), problem_.data->x);
}

bool HessianOperator::couplesSamplesAbove(int d) const {
    for (std::size_t l = network_.positionOfWeighted(d) + 1; l < network_.depth(); ++l)
        if (network_.layer(l).couplesSamples(problem_.mode)) return true;
    return false;
}

// Samples do not meet above the layer, so one direction that moves a_{n,i} of all samples at once gives every
// second derivative d^2 L/da_{n,i}^2.
void HessianOperator::curvatureOfUnit(int d, Index i, VectorRef<double> s) {
    const CurvatureData& data = *problem_.data;
    const std::size_t position = network_.positionOfWeighted(d), top = network_.depth() - 1;
    std::fill(moves_.begin(), moves_.end(), false);
    moves_[position] = true;
    outDot_[position].setZero();
    outDot_[position].row(i).setOnes();
    pushForward(position + 1, nullptr);
    problem_.loss->hessianTimes(network_.outputOf(top, data.x.cols()), data.targets, data.samples,
                                outDot_[top], dOutDot_[top]);
    if (position < top && problem_.matrix == CurvatureMatrix::Hessian)
        pullBack(position + 1, nullptr, nullptr);
    else if (position < top)
        pullBackLinear(position + 1);
    s = dOutDot_[position].row(i).transpose();
}

const Matrix<double>& HessianOperator::jacobianAt(int d, Index k) {
    const std::size_t position = network_.positionOfWeighted(d), top = network_.depth() - 1;
    dOutDot_[top].setZero();
    dOutDot_[top].row(k).setOnes();
    if (position < top) pullBackLinear(position + 1);
    return dOutDot_[position];
}

} // namespace kappascope
