// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace kappascope {

/// Work that a LoaderThread may do ahead of time. Outlives its being posted: finish() it before.
class LoaderJob {
public:
    virtual ~LoaderJob() = default;
    /// By one thread at a time; must not throw.
    virtual void work() = 0;

private:
    friend class LoaderThread;
    enum class State { Idle, Waiting, Running, Done };
    State state_ = State::Idle; ///< guarded by the loader's mutex
};

/// A thread that does jobs in the order in which they come, while those who will need the results do
/// something else. It sleeps in between. Whoever needs a result that it has not begun with does the job
/// himself, so that nobody waits for somebody else's.
class LoaderThread {
public:
    LoaderThread();
    ~LoaderThread(); ///< all jobs are finished by then
    LoaderThread(const LoaderThread&) = delete;
    LoaderThread& operator=(const LoaderThread&) = delete;

    /// Leaves `job`, which is not posted, to the thread. Any thread.
    void post(LoaderJob& job);
    /// Takes `job` back: true when it has been done (waits for one that has begun), false when it has not, or
    /// was not posted; then it is the caller's. By the thread that has posted it.
    bool finish(LoaderJob& job);

private:
    void serve();

    std::mutex mutex_;
    std::condition_variable wake_, done_;
    std::deque<LoaderJob*> waiting_;
    bool stopping_ = false;
    std::thread thread_; ///< last: it uses the others
};

} // namespace kappascope
