// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace kappascope {

/// Threads that share the work within a step of training. A fork and join costs a few tenths of a microsecond
/// while they are awake: for 50 microseconds after the last one they wait without sleeping. (ThreadTeam,
/// whose threads sleep in between, takes 7 to 50 microseconds.) Part i is that of thread i, or i less
/// multiples of the team's size, so that what one job writes the next one finds in the same core's cache. (To
/// whoever comes first, half of them went to the other core.) But parts are claimed: while the system gives a
/// thread's core to somebody else, the others do its part.
class StepTeam {
public:
    /// `size` >= 1, the calling thread counted, which is number 0. `background`: the other threads run at low
    /// priority.
    explicit StepTeam(int size, bool background = false);
    ~StepTeam();
    StepTeam(const StepTeam&) = delete;
    StepTeam& operator=(const StepTeam&) = delete;

    int size() const { return static_cast<int>(threads_.size()) + 1; }

    /// Calls work(0), ..., work(parts - 1), each once, by any of the threads; returns when all are done.
    /// `work` must not throw, nor call this. By one thread at a time; 1 <= parts <= 65535.
    template<class Work>
    void run(int parts, const Work& work) {
        share(
            parts, [](const void* shared, int part) { (*static_cast<const Work*>(shared))(part); }, &work);
    }

private:
    using Call = void (*)(const void* work, int part);

    void share(int parts, Call call, const void* work);
    void stop();
    void serve(int self, bool background);
    bool workOff(std::uint64_t state, int self);
    int claim(std::uint64_t state, int owner);

    /// How many of its parts of which job somebody has taken; by thread, each in a cache line of its own.
    struct alignas(64) Claim {
        std::atomic<std::uint64_t> claimed = 0;
    };

    /// The number of the present job and how many parts it has. Call and work are those of this job as long
    /// as a part is left: they change only when all parts are done.
    std::atomic<std::uint64_t> state_ = 0;
    std::atomic<Call> call_ = nullptr;
    std::atomic<const void*> work_ = nullptr;
    std::atomic<int> unfinished_ = 0;
    std::atomic<bool> stopping_ = false;
    std::vector<Claim> claims_;
    std::vector<std::thread> threads_;
};

} // namespace kappascope
