// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/step_team.h"

#include "engine/core/thread_team.h"

#include <cassert>
#include <chrono>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace kappascope {

namespace {

using Clock = std::chrono::steady_clock;

// The state: job | parts. A claim: job | parts taken.
constexpr int jobShift = 16;
constexpr std::uint64_t mask = 0xFFFF;

constexpr auto awake = std::chrono::microseconds(50);
constexpr int looksAtOnce = 64; ///< between two looks at the clock

/// Tells the processor that this thread only waits.
void relax() {
#if defined(__x86_64__) || defined(__i386__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

} // namespace

StepTeam::StepTeam(int size, bool background) : claims_(static_cast<std::size_t>(size)) {
    try {
        for (int i = 1; i < size; ++i)
            threads_.emplace_back([this, i, background] { serve(i, background); });
    } catch (...) { // no more threads to be had: those that run must not outlive this
        stop();
        throw;
    }
}

StepTeam::~StepTeam() {
    stop();
}

void StepTeam::stop() {
    stopping_ = true;
    state_ = ((state_ >> jobShift) + 1) << jobShift;
    state_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

void StepTeam::share(int parts, Call call, const void* work) {
    assert(parts >= 1 && parts <= static_cast<int>(mask));
    assert(unfinished_.load(std::memory_order_relaxed) ==
           0); // by one thread at a time, not from within `work`
    call_.store(call, std::memory_order_relaxed);
    work_.store(work, std::memory_order_relaxed);
    unfinished_.store(parts, std::memory_order_relaxed);
    const std::uint64_t number = (state_.load(std::memory_order_relaxed) >> jobShift) + 1;
    const std::uint64_t job = number << jobShift | static_cast<std::uint64_t>(parts);
    state_.store(job);
    if (parts > 1) state_.notify_all();
    workOff(job, 0);
    // The others are at their last parts; where one has lost its core, this thread gives way.
    for (int looks = 0; unfinished_.load(std::memory_order_acquire) > 0; ++looks) {
        relax();
        if (looks % 4096 == 4095) std::this_thread::yield();
    }
}

/// The next part of the job `state` that belongs to thread `owner`, or -1. (Who comes late, when that job is
/// over, finds all of its parts taken, or a later job's.)
int StepTeam::claim(std::uint64_t state, int owner) {
    std::atomic<std::uint64_t>& claimed = claims_[static_cast<std::size_t>(owner)].claimed;
    const std::uint64_t job = state >> jobShift, parts = state & mask;
    std::uint64_t seen = claimed.load(std::memory_order_relaxed);
    for (;;) {
        if (seen >> jobShift > job) return -1;
        const std::uint64_t taken = seen >> jobShift == job ? seen & mask : 0;
        const std::uint64_t part = static_cast<std::uint64_t>(owner) + taken * claims_.size();
        if (part >= parts) return -1;
        if (claimed.compare_exchange_weak(seen, job << jobShift | (taken + 1), std::memory_order_acq_rel,
                                          std::memory_order_relaxed))
            return static_cast<int>(part);
    }
}

/// Does parts of the job `state` until none is left, first those of thread `self`; false when there was none.
bool StepTeam::workOff(std::uint64_t state, int self) {
    bool any = false;
    const int size = static_cast<int>(claims_.size()); // threads_ may still be growing
    for (int i = 0; i < size; ++i)
        for (int part; (part = claim(state, (self + i) % size)) >= 0; any = true) {
            call_.load(std::memory_order_relaxed)(work_.load(std::memory_order_relaxed), part);
            unfinished_.fetch_sub(1, std::memory_order_release);
        }
    return any;
}

void StepTeam::serve(int self, bool background) {
    if (background) lowerThreadPriority();
    auto sleepAt = Clock::now() + awake;
    for (;;) {
        const std::uint64_t seen = state_.load(std::memory_order_acquire);
        // In this order: who sees the last state, which nothing follows, sees that it is the last.
        if (stopping_.load(std::memory_order_relaxed)) return;
        if (workOff(seen, self)) {
            sleepAt = Clock::now() + awake;
            continue;
        }
        for (int look = 0; look < looksAtOnce && state_.load(std::memory_order_relaxed) == seen; ++look)
            relax();
        if (state_.load(std::memory_order_relaxed) != seen || Clock::now() < sleepAt) continue;
        state_.wait(seen, std::memory_order_acquire);
        sleepAt = Clock::now() + awake;
    }
}

} // namespace kappascope
