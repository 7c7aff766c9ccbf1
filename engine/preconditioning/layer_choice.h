// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/parameters.h"

#include <algorithm>
#include <string>
#include <vector>

namespace kappascope {

/// The numbers of the layers with weights that a method acts on, from its parameter "layers".
class LayerChoice {
public:
    static Parameter parameter();
    /// Whether `parameters` have "layers".
    static bool isIn(const Parameters& parameters);
    /// `place`: of the parameters, "runs.BNP.preconditioner". Throws InputError for a number that is not
    /// whole, or stands twice.
    explicit LayerChoice(const Parameters& parameters, const std::string& place = {});
    /// Throws InputError for a number beyond the last of `count` layers.
    void checkAmong(int count) const;
    bool contains(int d) const { return layers_.empty() || std::ranges::find(layers_, d) != layers_.end(); }

private:
    std::string place_;
    std::vector<int> layers_;
};

} // namespace kappascope
