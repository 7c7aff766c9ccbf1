// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/optimization/optimizer.h"

namespace kappascope {

/// What the methods with momentum have in common: a velocity v <- beta v + g for every parameter.
template<class S>
class Velocity : public Optimizer<S> {
public:
    explicit Velocity(const Parameters& parameters) : beta_(static_cast<S>(parameters.real("momentum"))) {}

    void bind(Index n) override { velocity_.setZero(n); }

    std::vector<StateTensor<S>> state() override {
        return {{"velocity", {velocity_.data(), velocity_.size()}}};
    }

protected:
    S beta_;
    Vector<S> velocity_;
};

} // namespace kappascope
