// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/normalization/group_norm_layer.h"

#include <algorithm>

namespace kappascope {

/// What the normalizations have in common that look at one sample at a time.
template<class S>
class SampleNorm : public Normalization<S> {
public:
    explicit SampleNorm(const Parameters& parameters)
        : pre_(parameters.choice("placement") == "pre"), epsilon_(parameters.real("epsilon")) {}

    Placement placement() const override { return {.inputs = false, .post = !pre_, .pre = pre_}; }
    bool folds() const override { return false; }
    double epsilon() const { return epsilon_; }

private:
    bool pre_;
    double epsilon_;
};

inline Parameter samplePlacementParameter() {
    return Parameter::choice("placement", "Placement",
                             "After the activation ('post') or before it ('pre', as in the paper).", "pre",
                             {"post", "pre"});
}

inline Parameter sampleEpsilonParameter() {
    return Parameter::real("epsilon", "Epsilon", "Added to the variance: sqrt(sigma^2 + epsilon).", 1e-5, 0,
                           1)
        .open(true, false)
        .decades();
}

} // namespace kappascope
