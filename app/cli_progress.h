// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace kappascope::cli {

/// A line on standard error that tells how far the training is; silent unless that is a terminal.
class Progress {
public:
    /// `quiet`: silent on a terminal too. `total` steps; 0: not known.
    Progress(bool quiet, std::int64_t total);
    ~Progress();

    /// `text` is what else to say. Paints at most a few times a second.
    void show(std::int64_t step, const std::string& text);
    /// The same for work that is not counted in steps: `done` of it in [0, 1].
    void showShare(double done, const std::string& text);
    /// Clears the line, so that messages can be written.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    std::string line(std::int64_t step, const std::string& text) const;
    bool due();
    void paint(const std::string& line);
    double secondsSince(Clock::time_point time) const;

    bool visible_, painted_ = false;
    std::int64_t total_;
    std::int64_t firstStep_ = -1; ///< where the clock started
    Clock::time_point start_, lastPaint_;
};

/// "0:07", "12:30", "3:02:05".
std::string clockText(double seconds);

} // namespace kappascope::cli
