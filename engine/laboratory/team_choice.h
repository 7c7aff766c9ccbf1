// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace kappascope {

/// Whether threads that share the work of a step make it shorter: measured, because it depends on what else
/// the machine does. (Beside a window that paints, a step on two threads took four times as long as on one.)
/// Steps give the same bits either way.
class TeamChoice {
public:
    /// Whether the next chunk of steps shall be shared.
    bool shared() const {
        if (perStep_[1] == 0) return true;
        if (perStep_[0] == 0) return false;
        return looksAtTheOther() ? !faster() : faster();
    }

    /// The chunk has taken so long.
    void learn(std::int64_t steps, double seconds) {
        if (steps <= 0) return;
        double& estimate = perStep_[shared() ? 1 : 0];
        const double now = seconds / static_cast<double>(steps);
        const bool before = faster(), looks = looksAtTheOther();
        estimate = estimate == 0 || looks ? now : estimate + (now - estimate) * share;
        if (faster() != before)
            every_ = soonest;
        else if (looks)
            every_ = std::min(2 * every_, latest());
        untilLook_ = looks || faster() != before ? every_ : untilLook_ - 1;
    }

private:
    /// Chunks between two looks at the other way: few after a change, since one look may mislead (the first
    /// shared step wakes threads; some unrelated program may just have run), then more and more. A look at
    /// steps done alone is needed least: they hardly depend on what else the machine does, and if shared ones
    /// become slow, that shows by itself.
    static constexpr std::int64_t soonest = 2, latestWhileAlone = 32, latestWhileShared = 128;
    static constexpr double share = 0.25; ///< of the latest chunk in the estimate

    bool faster() const { return perStep_[1] < perStep_[0]; }
    std::int64_t latest() const { return faster() ? latestWhileShared : latestWhileAlone; }
    bool looksAtTheOther() const { return perStep_[0] > 0 && perStep_[1] > 0 && untilLook_ <= 0; }

    std::array<double, 2> perStep_ = {}; ///< seconds, alone and shared; 0: not known yet
    std::int64_t every_ = soonest, untilLook_ = soonest;
};

} // namespace kappascope
