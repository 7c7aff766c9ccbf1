// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cache_lines.h"
#include "engine/core/convolution_kernels.h"
#include "engine/network/framed_map.h"
#include "engine/network/weighted_layer.h"
#include "engine/network/window_rule.h"

#include <atomic>

namespace kappascope {

/// Convolution (cross-correlation, as torch.nn.Conv2d) of channels-last maps with zero padding:
///     a(o, y, x) = b(o) + sum over ky, kx, c of W(o, ky, kx, c) h(c, y strideY + ky - paddingY, ...)
/// c over the channels of o's group. W: outputs x (taps channels/groups), see WeightShape; in the flat vector
/// W column-major, then b.
///
/// All passes are products with windows that are read where they stand (ConvolutionKernels), on a copy of one
/// sample with its frame of zeros, which stays in the nearest caches. The inputs' gradient is a convolution
/// of the outputs' with the turned kernel; with strides one for each phase, to which those taps contribute
/// that meet it. The weights' gradient is shared out by samples, in as many sums whatever the number of
/// threads, which the last one adds up; that of many weights, of which these sums would be too large, by
/// terms.
template<class S>
class Conv2d final : public WeightedLayer<S> {
public:
    /// The windows fit on the map; groups divide both numbers of channels.
    Conv2d(const MapShape& in, Index channels, const WindowRule& rule, Index groups = 1);

    std::string kind() const override { return "conv2d"; }
    Index inputs() const override { return in_.features(); }
    Index outputs() const override { return out_.features(); }
    MapShape inputShape() const override { return in_; }
    MapShape outputShape() const override { return out_; }
    const WindowRule& rule() const { return rule_; }
    Index kernelHeight() const override { return rule_.height; }
    Index kernelWidth() const override { return rule_.width; }
    bool padded() const override { return rule_.padded(); }

    void reserve(Index batch) override;
    void forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode mode) override;
    void backward(ConstMatrixRef<S> in, ConstMatrixRef<S> out, MatrixRef<S> dOut, MatrixRef<S>* dIn) override;
    void linearize(ConstMatrixRef<S> in, ConstMatrixRef<S> out, ConstMatrixRef<S> dOut) override;
    void forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) override;
    void backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S* gradientDot,
                         MatrixRef<S>* dInDot) override;
    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override;
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override;

    void unroll(ConstMatrixRef<S> in, Index group, MatrixRef<S> patches) const override;
    void reserveParts(int parts) override;
    void forwardPart(const ConstColumns<S>& in, const Columns<S>& out, int part) override;
    void prepare(Index n) override;
    void propagatePart(const ConstColumns<S>& dOut, const Columns<S>& dIn, Index n, int part) override;
    void setGradientPart(const ConstColumns<S>& in, const ConstColumns<S>& dOut, int part,
                         int parts) override;

private:
    using WeightedLayer<S>::theta_;
    using WeightedLayer<S>::gradient_;

    /// Inputs at every strideY-th row and strideX-th column, and the taps that reach them.
    struct Phase {
        Index y, x;                 ///< the first of its inputs
        Index rows, columns;        ///< of them
        Index origin;               ///< of the first window, within the framed outputs
        Index tapsY, tapsX;         ///< how many reach it, ...
        Index firstTapY, firstTapX; ///< and the first of them
        std::vector<Index> blocks;
        Index blockLength;
        Index packed; ///< where its weights of the first group stand
    };

    Index unitsOfGroup() const { return this->weightShape().unitsOfGroup(); }
    Index channelsOfGroup() const { return this->weightShape().channelsOfGroup(); }
    void planForward();
    void planBackward();
    void addPhase(Index y, Index x);
    Windows<S> windowsOn(const S* framed) const;

    // --- the passes, of any weights laid out as these are; room: of one part ---
    void convolve(const S* W, const S* bias, const ConstColumns<S>& in, const Columns<S>& out, S* room) const;
    void packTurned(const S* W, S* packed);
    void propagate(const S* packed, const ConstColumns<S>& dOut, const Columns<S>& dIn, S* room) const;
    void gradientOf(const ConstColumns<S>& in, const ConstColumns<S>& dOut, S* gradient);
    void correlate(const ConstColumns<S>& in, const ConstColumns<S>& dOut, Index first, Index count,
                   Index sum, S* room);
    void collect(Index sums, Index first, Index count, S* gradient);

    /// Sums over samples that the gradient is made of.
    Index sumsOf(Index samples) const { return std::min(sharedSums_, samples); }
    /// Of one of them, a matrix in whole vectors for each group: a column a term and, behind them, the bias.
    Index heightOfSum() const;
    Index sizeOfSum() const { return this->groups() * heightOfSum() * (this->fanIn() + 1); }
    S* room(int part) { return rooms_[static_cast<std::size_t>(part)].data(); }

    MapShape in_, out_;
    WindowRule rule_;
    FramedMap framedIn_, framedOut_;
    std::vector<Index> blocks_; ///< of a window on the framed inputs
    Index blockLength_ = 0;
    std::vector<Phase> phases_;
    Index packedSize_ = 0; ///< of a group's weights
    Index turnedSize_ = 0; ///< of a group's turned weights, all phases
    Index sharedSums_;     ///< at most so many; 1: the gradient is shared out by terms
    Index roomSize_ = 0;
    std::vector<CacheLines<S>> rooms_; ///< one for each part
    CacheLines<S> sums_;
    std::atomic<Index> finishedSums_ = 0;
    CacheLines<S> turned_; ///< the turned weights, packed
    Vector<S> transposed_; ///< the same of one phase, not packed
    Vector<S> work_;       ///< tangents: the second of two results
};

} // namespace kappascope
