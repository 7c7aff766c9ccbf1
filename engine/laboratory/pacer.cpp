// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/pacer.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

namespace {

using Seconds = std::chrono::duration<double>;
using namespace std::chrono_literals;

/// At the end of a chunk all threads wait for the last one, which a window that paints may have pushed aside:
/// with 4 ms, eight toy runs beside the window did a tenth fewer steps. Much more would show as old frames.
constexpr double chunkSeconds = 0.012;
constexpr double mostSteps = 1e6;
constexpr Seconds forgetBacklog = 250ms;
constexpr Clock::duration shortestWait = 4ms, longestWait = 1h;
constexpr double slowest = 1e-3, fastest = 1e9;
constexpr Clock::duration window = 1s;

} // namespace

void Pacer::setSpeed(double stepsPerSecond) {
    const bool limits = std::isfinite(stepsPerSecond) && stepsPerSecond > 0;
    speed_ = limits ? std::clamp(stepsPerSecond, slowest, fastest) : 0;
}

void Pacer::restart(Clock::time_point now, std::int64_t step) {
    start_ = now;
    startStep_ = step;
}

std::int64_t Pacer::due(Clock::time_point now, std::int64_t step) {
    const double elapsed = Seconds(now - start_).count();
    const auto behind = static_cast<std::int64_t>(std::floor(elapsed * speed_)) + 1 - (step - startStep_);
    const auto backlog = static_cast<std::int64_t>(std::ceil(forgetBacklog.count() * speed_));
    if (behind <= backlog) return behind;
    restart(now, step);
    return backlog;
}

Clock::time_point Pacer::nextDue(Clock::time_point now, std::int64_t step) const {
    const Seconds passed = now - start_;
    const Seconds wait = Seconds(static_cast<double>(step - startStep_) / speed_) - passed;
    // Bounded before it becomes ticks, which could not count it.
    return now +
           std::chrono::duration_cast<Clock::duration>(std::clamp<Seconds>(wait, shortestWait, longestWait));
}

void ChunkSize::learn(std::int64_t steps, Clock::duration took) {
    const double seconds = std::max(Seconds(took).count(), 1e-9);
    const double fitting = static_cast<double>(steps) * chunkSeconds / seconds;
    steps_ = std::clamp(fitting, std::max(1.0, steps_ / 2), std::min(mostSteps, 2 * steps_));
}

void Speedometer::see(Clock::time_point now, std::int64_t step) {
    samples_.push_back({now, step});
    // The window keeps one sample from before, so that a slow speed has two to compare.
    while (samples_.size() > 2 && samples_[1].time < now - window)
        samples_.pop_front();
}

double Speedometer::stepsPerSecond() const {
    if (samples_.size() < 2) return 0;
    const Seconds span = samples_.back().time - samples_.front().time;
    const auto steps = static_cast<double>(samples_.back().step - samples_.front().step);
    return span.count() > 0 ? steps / span.count() : 0;
}

} // namespace kappascope
