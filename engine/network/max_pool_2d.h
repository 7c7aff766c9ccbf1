// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/layer.h"
#include "engine/network/pooling_kernels.h"

namespace kappascope {

/// The largest value of each window over each channel of a channels-last map, as torch.nn.MaxPool2d: what
/// lies beyond the border does not count, and of equal values the first one, row by row, gets the gradient.
template<class S>
class MaxPool2d final : public Layer<S> {
public:
    /// The windows fit on the map; padding is at most half of a window.
    MaxPool2d(const MapShape& in, const WindowRule& rule);

    std::string kind() const override { return "max_pool"; }
    Index inputs() const override { return pooling_.in.features(); }
    Index outputs() const override { return pooling_.out().features(); }
    MapShape inputShape() const override { return pooling_.in; }
    MapShape outputShape() const override { return pooling_.out(); }
    const WindowRule& rule() const { return pooling_.rule; }

    void forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode mode) override;
    void backward(ConstMatrixRef<S> in, ConstMatrixRef<S> out, MatrixRef<S> dOut, MatrixRef<S>* dIn) override;
    void forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) override;
    void backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S* gradientDot,
                         MatrixRef<S>* dInDot) override;
    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override;
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override;

private:
    void giveBack(ConstMatrixRef<S> in, ConstMatrixRef<S> out, ConstMatrixRef<S> d, MatrixRef<S> dIn) const;

    Pooling pooling_;
};

} // namespace kappascope
