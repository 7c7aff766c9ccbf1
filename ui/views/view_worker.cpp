// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/view_worker.h"

#include "engine/core/thread_team.h"

#include <QThread>
#include <algorithm>
#include <exception>

namespace kappascope::ui {

namespace {

constexpr int shortestInterval = 50;  // ms: 20 pictures a second look continuous
constexpr int longestInterval = 2000; // ms: slower than this looks dead
constexpr double share = 0.33;        // of one thread, for all views together
constexpr qint64 activeFor = 3000;    // ms: a channel silent for longer costs nothing any more
constexpr int politeness = 5;         // nice value: behind the window, before the training

/// What the GUI thread shall do: take the result, or say what went wrong.
struct Outcome {
    std::function<void()> deliver; ///< empty when nobody wants the result any more
    QString failure;
};

Outcome outcomeOf(const std::function<std::function<void()>(const Cancelled&)>& compute,
                  const Cancelled& cancelled) {
    if (cancelled) return {};
    try {
        return {compute(cancelled), {}};
    } catch (const std::exception& error) {
        return {{}, QString::fromUtf8(error.what())};
    } catch (...) {
        return {{}, QStringLiteral("unknown error")};
    }
}

} // namespace

ViewWorker::ViewWorker(int threads, QObject* parent) : QObject(parent) {
    clock_.start();
    for (int t = 0; t < std::max(1, threads); ++t) {
        threads_.emplace_back(QThread::create([this] { work(); }));
        threads_.back()->setObjectName("view-worker");
        threads_.back()->start(QThread::LowPriority);
    }
}

ViewWorker::~ViewWorker() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        queue_.clear();
        for (const auto& job : running_)
            job->cancelled = true;
    }
    wake_.notify_all();
    for (const auto& thread : threads_)
        thread->wait();
}

int ViewWorker::interval() const {
    double total = 0;
    for (const Cost& cost : costs_)
        if (clock_.elapsed() - cost.at < activeFor) total += cost.milliseconds;
    const double fair = total / (share * static_cast<double>(threads_.size()));
    return static_cast<int>(std::clamp<double>(fair, shortestInterval, longestInterval));
}

void ViewWorker::submit(const std::shared_ptr<Job>& job) {
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(job);
    }
    wake_.notify_one();
}

bool ViewWorker::replace(Job& job, const Compute& compute) {
    const std::lock_guard lock(mutex_);
    if (job.started) return false;
    job.compute = compute;
    return true;
}

void ViewWorker::work() {
    lowerThreadPriority(politeness);
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        const std::shared_ptr<Job> job = queue_.front();
        queue_.pop_front();
        job->started = true;
        running_.push_back(job);
        lock.unlock();

        QElapsedTimer stopwatch;
        stopwatch.start();
        const Outcome outcome = outcomeOf(job->compute, job->cancelled);
        const double milliseconds = static_cast<double>(stopwatch.nsecsElapsed()) * 1e-6;

        lock.lock();
        std::erase(running_, job);
        // Posted under the lock: the destructor cannot be past its own locked part while this thread lives.
        QMetaObject::invokeMethod(
            this,
            [this, job, outcome, milliseconds] {
                if (!job->channel) return;
                noteCost(job->channel, milliseconds);
                job->channel->finish(job, outcome.deliver, outcome.failure);
            },
            Qt::QueuedConnection);
    }
}

void ViewWorker::noteCost(const ViewChannel* channel, double milliseconds) {
    const auto found = std::ranges::find(costs_, channel, &Cost::channel);
    const Cost cost{channel, milliseconds, clock_.elapsed()};
    if (found == costs_.end())
        costs_.push_back(cost);
    else
        *found = cost;
}

void ViewWorker::forget(const ViewChannel* channel) {
    std::erase_if(costs_, [&](const Cost& cost) { return cost.channel == channel; });
}

ViewChannel::ViewChannel(ViewWorker& worker, QObject* parent) : QObject(parent), worker_(&worker) {}

ViewChannel::~ViewChannel() {
    cancel();
    if (worker_) worker_->forget(this);
}

void ViewChannel::enqueue(ViewWorker::Compute compute) {
    sinceRequest_.start();
    if (!job_)
        start(std::move(compute));
    else if (worker_ && !worker_->replace(*job_, compute))
        next_ = std::move(compute);
}

void ViewChannel::start(ViewWorker::Compute compute) {
    if (!worker_) return;
    job_ = std::make_shared<ViewWorker::Job>();
    job_->channel = this;
    job_->compute = std::move(compute);
    worker_->submit(job_);
}

void ViewChannel::cancel() {
    next_ = nullptr;
    if (job_) job_->cancelled = true;
    job_.reset();
}

bool ViewChannel::due() const {
    if (busy() || !worker_) return false;
    return !sinceRequest_.isValid() || sinceRequest_.elapsed() >= worker_->interval();
}

void ViewChannel::finish(const std::shared_ptr<ViewWorker::Job>& job, const std::function<void()>& deliver,
                         const QString& failure) {
    if (job != job_) return; // cancelled, and perhaps another one is on its way
    job_.reset();
    if (next_) start(std::exchange(next_, nullptr));
    if (job->cancelled) return;
    if (!failure.isEmpty()) emit failed(failure);
    if (!deliver) return;
    deliver();
    emit delivered();
}

} // namespace kappascope::ui
