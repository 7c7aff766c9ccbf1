// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace kappascope {

using Clock = std::chrono::steady_clock;

/// Says how many steps are due at a chosen speed.
class Pacer {
public:
    /// Steps per second at most, from one in a quarter of an hour to a thousand million; 0 and what is no
    /// number: no limit.
    void setSpeed(double stepsPerSecond);
    bool limited() const { return speed_ > 0; }
    /// From now on: the next step is due at once.
    void restart(Clock::time_point now, std::int64_t step);
    /// How many steps after `step` are due. A machine that cannot keep up does not save them up.
    std::int64_t due(Clock::time_point now, std::int64_t step);
    /// When the step after `step` will be due, but no sooner than is worth waking up for and no
    /// later than in an hour.
    Clock::time_point nextDue(Clock::time_point now, std::int64_t step) const;

private:
    double speed_ = 0;
    Clock::time_point start_;
    std::int64_t startStep_ = 0;
};

/// Chooses the number of steps in a chunk so that it takes a few milliseconds.
class ChunkSize {
public:
    std::int64_t steps() const { return static_cast<std::int64_t>(steps_); }
    /// A chunk of so many steps has taken so long.
    void learn(std::int64_t steps, Clock::duration took);

private:
    double steps_ = 1;
};

/// Steps per second over the last second or so.
class Speedometer {
public:
    void see(Clock::time_point now, std::int64_t step);
    void clear() { samples_.clear(); }
    double stepsPerSecond() const;

private:
    struct Sample {
        Clock::time_point time;
        std::int64_t step;
    };
    std::deque<Sample> samples_;
};

} // namespace kappascope
