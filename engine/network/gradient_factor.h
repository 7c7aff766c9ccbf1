// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace kappascope {

/// How large the numbers of a GradientFactor may be at most, by the largest number h that the layer has
/// received: at0 + slope h. By default those of a layer's own inputs.
struct FactorBounds {
    struct Bound {
        double at0, slope;
        double of(double largest) const { return at0 + slope * largest; }
    };
    Bound inputs{0, 1}, shares{1, 0};
};

/// What the gradient of a dense layer is made of besides dL/da: G_w = dL/da inputs^T, G_b = dL/da shares.
/// inputs: as many x batch, without gaps; null: what the layer has received. shares: batch; null: ones.
template<class S>
struct GradientFactor {
    const S* inputs = nullptr;
    const S* shares = nullptr;
    FactorBounds bounds{};
};

} // namespace kappascope
