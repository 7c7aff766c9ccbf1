// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/fixed_linear_layer.h"
#include "engine/network/pooling_kernels.h"

namespace kappascope {

/// The mean of each window over each channel of a channels-last map, as torch.nn.AvgPool2d: what lies beyond
/// the border counts as zero.
template<class S>
class AveragePool2d final : public FixedLinearLayer<S> {
public:
    /// The windows fit on the map; padding is at most half of a window.
    AveragePool2d(const MapShape& in, const WindowRule& rule);

    std::string kind() const override { return "average_pool"; }
    Index inputs() const override { return pooling_.in.features(); }
    Index outputs() const override { return pooling_.out().features(); }
    MapShape inputShape() const override { return pooling_.in; }
    MapShape outputShape() const override { return pooling_.out(); }
    const WindowRule& rule() const { return pooling_.rule; }
    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override;
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override;

private:
    void apply(ConstMatrixRef<S> in, MatrixRef<S> out) const override;
    void applyTransposed(ConstMatrixRef<S> dOut, MatrixRef<S> dIn) const override;
    S share() const { return S(1) / static_cast<S>(pooling_.rule.area()); }

    Pooling pooling_;
};

/// The mean of each channel over the whole map: plain features, one a channel.
template<class S>
class GlobalAveragePool final : public FixedLinearLayer<S> {
public:
    explicit GlobalAveragePool(const MapShape& in) : in_(in) {}

    std::string kind() const override { return "global_average_pool"; }
    Index inputs() const override { return in_.features(); }
    Index outputs() const override { return in_.channels; }
    MapShape inputShape() const override { return in_; }
    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override;
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override;

private:
    void apply(ConstMatrixRef<S> in, MatrixRef<S> out) const override;
    void applyTransposed(ConstMatrixRef<S> dOut, MatrixRef<S> dIn) const override;

    MapShape in_;
};

} // namespace kappascope
