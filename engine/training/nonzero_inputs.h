// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/step_team.h"
#include "engine/core/types.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace kappascope {

/// Which inputs of a mini-batch are not 0 in all of its samples: of images with a margin, far from all.
/// Network::forward() and descend() leave the others out, to the same bits. By one thread at a time;
/// allocates nothing but in reserve().
template<class S>
class NonzeroInputs {
public:
    void reserve(Index inputs) { places_.resize(static_cast<std::size_t>(inputs)); }

    /// Those of x, inputs x batch, in ascending order, until the next call; null where leaving the others out
    /// does not pay, as was seen a few batches ago: looking costs 1 to 2 % of a step. The threads of `team`
    /// share the work as they share the inputs; null: none.
    const std::span<const std::int32_t>* find(const ConstColumns<S>& x, StepTeam* team);

private:
    static constexpr int mostParts = 16;

    std::vector<std::int32_t> places_;
    std::span<const std::int32_t> found_;
    std::array<Index, mostParts> counts_{};
    int rest_ = 0; ///< batches that are not looked at
};

} // namespace kappascope
