// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace kappascope {

/// Nice values of threads in the background: those that train, and those that have time for all others.
inline constexpr int trainingPriority = 10, lastPriority = 19;

/// Lets the calling thread run behind the others of the machine, where the system allows it; `nice` up to
/// lastPriority.
void lowerThreadPriority(int nice = trainingPriority);

/// Processor time that the calling thread has used, in seconds, from an arbitrary start; the time of day
/// where the system does not tell.
double threadSeconds();

/// A few threads that do the same kind of job over and over, parked in between: nobody spins. The caller of
/// run() is one of them, so a team of one has no thread of its own.
class ThreadTeam {
public:
    /// `size` >= 1, the caller counted. `background`: the other threads run at low priority.
    explicit ThreadTeam(int size, bool background = false);
    ~ThreadTeam();
    ThreadTeam(const ThreadTeam&) = delete;
    ThreadTeam& operator=(const ThreadTeam&) = delete;

    int size() const { return static_cast<int>(threads_.size()) + 1; }

    /// Calls job(0), ..., job(jobs - 1), each once, dealt out as threads become free; returns when all are
    /// done. The first exception that a job threw is thrown here then. By one thread at a time.
    void run(int jobs, const std::function<void(int)>& job);

private:
    void serve(bool background);
    void workOff(std::unique_lock<std::mutex>& lock);

    std::mutex mutex_;
    std::condition_variable wake_, done_;
    const std::function<void(int)>* job_ = nullptr;
    int next_ = 0, jobs_ = 0; ///< jobs [next_, jobs_) wait
    int unfinished_ = 0;
    std::exception_ptr failure_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace kappascope
