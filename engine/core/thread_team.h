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

/// From now on threads that lower their priority to trainingPriority or further take only what the other
/// threads leave: for a program with a window, whose own threads then find a core at once instead of waiting
/// for the end of a time slice. (Beside eight toy runs it waited 0.06 instead of 0.15 ms for a core, once in
/// a hundred times 1.4 instead of 3.8 ms, and two cores stood idle for 3.5 instead of 6 % of the time,
/// because the system takes a core with such threads alone for a free one.) Linux deals time to sessions or
/// programs first, so that these threads starve beside others only where it does not.
void yieldToTheWindow();

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
