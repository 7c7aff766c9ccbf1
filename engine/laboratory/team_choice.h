// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
        const bool faster = perStep_[1] < perStep_[0];
        return looksAtTheOther() ? !faster : faster;
    }

    /// The chunk has taken so long.
    void learn(std::int64_t steps, double seconds) {
        if (steps <= 0) return;
        double& estimate = perStep_[shared() ? 1 : 0];
        const double now = seconds / static_cast<double>(steps);
        estimate = estimate == 0 || looksAtTheOther() ? now : estimate + (now - estimate) * share;
        ++chunks_;
    }

private:
    static constexpr std::int64_t every = 32; ///< chunks between two looks at the other way
    static constexpr double share = 0.25;     ///< of the latest chunk in the estimate

    bool looksAtTheOther() const { return chunks_ % every == 0; }

    std::array<double, 2> perStep_ = {}; ///< seconds, alone and shared; 0: not known yet
    std::int64_t chunks_ = 0;
};

} // namespace kappascope
