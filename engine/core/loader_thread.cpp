// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/loader_thread.h"

#include <algorithm>

namespace kappascope {

LoaderThread::LoaderThread() : thread_([this] { serve(); }) {}

LoaderThread::~LoaderThread() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void LoaderThread::post(LoaderJob& job) {
    {
        const std::lock_guard lock(mutex_);
        job.state_ = LoaderJob::State::Waiting;
        waiting_.push_back(&job);
    }
    wake_.notify_one();
}

bool LoaderThread::finish(LoaderJob& job) {
    std::unique_lock lock(mutex_);
    if (job.state_ == LoaderJob::State::Waiting) waiting_.erase(std::ranges::find(waiting_, &job));
    done_.wait(lock, [&job] { return job.state_ != LoaderJob::State::Running; });
    const bool isDone = job.state_ == LoaderJob::State::Done;
    job.state_ = LoaderJob::State::Idle;
    return isDone;
}

void LoaderThread::serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        LoaderJob& job = *waiting_.front();
        waiting_.pop_front();
        job.state_ = LoaderJob::State::Running;
        lock.unlock();
        job.work();
        lock.lock();
        job.state_ = LoaderJob::State::Done;
        done_.notify_all();
    }
}

} // namespace kappascope
