// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/thread_team.h"

#include <chrono>
#include <utility>

#ifdef __linux__
#include <ctime>
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace kappascope {

void lowerThreadPriority([[maybe_unused]] int nice) {
#ifdef __linux__
    // On Linux a priority belongs to a thread, named by its id.
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), nice);
#endif
}

double threadSeconds() {
#ifdef __linux__
    timespec time{};
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0)
        return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
#endif
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

ThreadTeam::ThreadTeam(int size, bool background) {
    for (int i = 1; i < size; ++i)
        threads_.emplace_back([this, background] { serve(background); });
}

ThreadTeam::~ThreadTeam() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

void ThreadTeam::run(int jobs, const std::function<void(int)>& job) {
    std::unique_lock lock(mutex_);
    job_ = &job;
    next_ = 0;
    jobs_ = unfinished_ = jobs;
    if (jobs > 1) wake_.notify_all();
    workOff(lock);
    done_.wait(lock, [this] { return unfinished_ == 0; });
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadTeam::serve(bool background) {
    if (background) lowerThreadPriority();
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || next_ < jobs_; });
        if (stopping_) return;
        workOff(lock);
    }
}

/// Takes one job after the other until none waits.
void ThreadTeam::workOff(std::unique_lock<std::mutex>& lock) {
    while (next_ < jobs_) {
        const int taken = next_++;
        std::exception_ptr failure;
        lock.unlock();
        try {
            (*job_)(taken);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        if (failure && !failure_) failure_ = failure;
        if (--unfinished_ == 0) done_.notify_all();
    }
}

} // namespace kappascope
