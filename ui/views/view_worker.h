// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

class QThread;

namespace kappascope::ui {

class ViewChannel;

/// The threads that evaluate snapshots for the views, below the window and above the training in priority.
/// Jobs come through channels, one for each view; waiting channels take turns. GUI thread only.
class ViewWorker : public QObject {
    Q_OBJECT
public:
    explicit ViewWorker(int threads = 1, QObject* parent = nullptr);
    ~ViewWorker() override; ///< cancels what runs and joins; no result arrives afterwards

    /// Milliseconds that a view should leave between two refreshes: 50 while the machine keeps up, longer as
    /// all views together would take more than a third of one thread.
    int interval() const;

private:
    friend class ViewChannel;

    /// Runs in a worker's thread; returns what the GUI thread shall do with the result. What it throws is
    /// told by ViewChannel::failed.
    using Compute = std::function<std::function<void()>(const Cancelled&)>;
    struct Job {
        QPointer<ViewChannel> channel; ///< touched by the GUI thread only
        Compute compute;               ///< guarded by mutex_ until started
        bool started = false;
        Cancelled cancelled{false};
    };
    struct Cost {
        const ViewChannel* channel;
        double milliseconds;
        qint64 at;
    };

    void submit(const std::shared_ptr<Job>& job);
    /// Puts `compute` in the place of a job that still waits; false when it has begun.
    bool replace(Job& job, const Compute& compute);
    void work();
    void noteCost(const ViewChannel* channel, double milliseconds);
    void forget(const ViewChannel* channel);

    std::vector<std::unique_ptr<QThread>> threads_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::shared_ptr<Job>> queue_;
    std::vector<std::shared_ptr<Job>> running_;
    bool stopping_ = false;
    std::vector<Cost> costs_; ///< newest cost of each channel
    QElapsedTimer clock_;
};

/// One view's line to the worker: at most one job runs and one waits, the latest request wins. GUI thread
/// only; the thread behind it may outlive neither the result nor the wish for it.
class ViewChannel : public QObject {
    Q_OBJECT
public:
    explicit ViewChannel(ViewWorker& worker, QObject* parent = nullptr);
    ~ViewChannel() override;

    /// `compute(const Cancelled&)` in a worker's thread, then `deliver(result)` on the GUI thread unless
    /// cancelled. A request that still waits is replaced; one that runs is delivered first.
    template<class F, class Deliver>
    void request(F compute, Deliver deliver) {
        enqueue([compute = std::move(compute), deliver = std::move(deliver)](const Cancelled& cancelled) {
            auto result = std::make_shared<decltype(compute(cancelled))>(compute(cancelled));
            return std::function<void()>([deliver, result] { deliver(std::move(*result)); });
        });
    }
    /// No result of what has been requested will be delivered.
    void cancel();

    bool busy() const { return job_ != nullptr; }
    /// Idle, and long enough after the last request: see ViewWorker::interval.
    bool due() const;

signals:
    void delivered();
    void failed(const QString& why); ///< the computation threw; nothing is delivered

private:
    friend class ViewWorker;

    void enqueue(ViewWorker::Compute compute);
    void start(ViewWorker::Compute compute);
    void finish(const std::shared_ptr<ViewWorker::Job>& job, const std::function<void()>& deliver,
                const QString& failure);

    QPointer<ViewWorker> worker_;
    std::shared_ptr<ViewWorker::Job> job_; ///< queued or running
    ViewWorker::Compute next_;             ///< waits for job_ to end
    QElapsedTimer sinceRequest_;
};

} // namespace kappascope::ui
