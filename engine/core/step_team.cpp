// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/step_team.h"

#include "engine/core/thread_team.h"

#include <chrono>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace kappascope {

namespace {

using Clock = std::chrono::steady_clock;

// The state: job | parts | next part.
constexpr int partsShift = 16, jobShift = 32;
constexpr std::uint64_t mask = 0xFFFF;

int nextPart(std::uint64_t state) {
    return static_cast<int>(state & mask);
}

int partsOf(std::uint64_t state) {
    return static_cast<int>(state >> partsShift & mask);
}

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

StepTeam::StepTeam(int size, bool background) {
    for (int i = 1; i < size; ++i)
        threads_.emplace_back([this, background] { serve(background); });
}

StepTeam::~StepTeam() {
    stopping_ = true;
    state_ = ((state_ >> jobShift) + 1) << jobShift;
    state_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

void StepTeam::share(int parts, Call call, const void* work) {
    call_.store(call, std::memory_order_relaxed);
    work_.store(work, std::memory_order_relaxed);
    unfinished_.store(parts, std::memory_order_relaxed);
    const std::uint64_t number = (state_.load(std::memory_order_relaxed) >> jobShift) + 1;
    const std::uint64_t job = number << jobShift | static_cast<std::uint64_t>(parts) << partsShift;
    state_.store(job);
    if (parts > 1) state_.notify_all();
    workOff(job);
    // The others are at their last parts; where one has lost its core, this thread gives way.
    for (int looks = 0; unfinished_.load(std::memory_order_acquire) > 0; ++looks) {
        relax();
        if (looks % 4096 == 4095) std::this_thread::yield();
    }
}

/// Takes parts of the job of `seen` until none is left; false when there was none.
bool StepTeam::workOff(std::uint64_t seen) {
    bool any = false;
    while (nextPart(seen) < partsOf(seen)) {
        const Call call = call_.load(std::memory_order_relaxed);
        const void* work = work_.load(std::memory_order_relaxed);
        if (!state_.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel,
                                          std::memory_order_acquire))
            continue; // another thread was faster, or there is another job
        call(work, nextPart(seen));
        any = true;
        unfinished_.fetch_sub(1, std::memory_order_release);
        seen = state_.load(std::memory_order_acquire);
    }
    return any;
}

void StepTeam::serve(bool background) {
    if (background) lowerThreadPriority();
    auto sleepAt = Clock::now() + awake;
    for (;;) {
        const std::uint64_t seen = state_.load(std::memory_order_acquire);
        // In this order: who sees the last state, which nothing follows, sees that it is the last.
        if (stopping_.load(std::memory_order_relaxed)) return;
        if (workOff(seen)) {
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
