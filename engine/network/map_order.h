// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/fixed_linear_layer.h"

namespace kappascope {

/// From a channels-last map to plain features in the order channel, row, column, as torch.nn.Flatten of a
/// map channels x height x width: the weights of a dense layer behind it follow PyTorch's convention.
template<class S>
class Flatten final : public FixedLinearLayer<S> {
public:
    explicit Flatten(const MapShape& in) : in_(in) {}

    std::string kind() const override { return "flatten"; }
    Index inputs() const override { return in_.features(); }
    Index outputs() const override { return in_.features(); }
    MapShape inputShape() const override { return in_; }
    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override;
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override;

private:
    void apply(ConstMatrixRef<S> in, MatrixRef<S> out) const override;
    void applyTransposed(ConstMatrixRef<S> dOut, MatrixRef<S> dIn) const override;

    MapShape in_;
};

/// The reverse, for images, which data sets keep as channels x height x width: gives a channels-last map.
template<class S>
class ChannelsLast final : public FixedLinearLayer<S> {
public:
    explicit ChannelsLast(const MapShape& out) : out_(out) {}

    std::string kind() const override { return "channels_last"; }
    Index inputs() const override { return out_.features(); }
    Index outputs() const override { return out_.features(); }
    MapShape outputShape() const override { return out_; }
    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override;
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override;

private:
    void apply(ConstMatrixRef<S> in, MatrixRef<S> out) const override;
    void applyTransposed(ConstMatrixRef<S> dOut, MatrixRef<S> dIn) const override;

    MapShape out_;
};

} // namespace kappascope
