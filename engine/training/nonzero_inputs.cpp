// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/nonzero_inputs.h"

#include "engine/core/products.h"
#include "engine/core/share.h"

#include <algorithm>

namespace kappascope {

template<class S>
const std::span<const std::int32_t>* NonzeroInputs<S>::find(const ConstColumns<S>& x, StepTeam* team) {
    constexpr int pause = 63; // batches
    if (rest_ > 0) {
        --rest_;
        return nullptr;
    }
    std::int32_t* const places = places_.data();
    const int parts = team ? std::min(team->size(), mostParts) : 1;
    const auto look = [&](int part) {
        const auto [first, count] = shareOf(x.rows, part, parts);
        counts_[static_cast<std::size_t>(part)] =
            nonzeroRows<S>(x.middleRows(first, count), first, places + first);
    };
    if (team)
        team->run(parts, look);
    else
        look(0);
    Index found = counts_.front(); // those of the other parts move up
    for (int part = 1; part < parts; ++part) {
        const std::int32_t* from = places + shareOf(x.rows, part, parts).first;
        std::copy_n(from, counts_[static_cast<std::size_t>(part)], places + found);
        found += counts_[static_cast<std::size_t>(part)];
    }
    if (10 * found > 9 * x.rows) {
        rest_ = pause;
        return nullptr;
    }
    found_ = {places, static_cast<std::size_t>(found)};
    return &found_;
}

template class NonzeroInputs<float>;
template class NonzeroInputs<double>;

} // namespace kappascope
