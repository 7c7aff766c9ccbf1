// SPDX-License-Identifier: GPL-3.0-or-later
// What the laboratory's coordinator does when it is told something. Its own thread only.
#include "engine/laboratory/stop_rules.h"
#include "engine/laboratory/worker.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace kappascope {

void Laboratory::Worker::obeyAll(std::deque<Order>& orders) {
    while (!orders.empty()) {
        const std::size_t obeyed = obeyEdits(orders);
        if (obeyed == 0) {
            std::visit([this](const auto& order) { obey(order); }, orders.front());
            orders.pop_front();
        }
        const std::lock_guard lock(mutex_);
        taken_ += std::max<std::size_t>(obeyed, 1);
        if (stopping_) return;
    }
}

/// Takes the edits at the head of the queue; returns their number. When one of them starts over, those before
/// it are moot and those behind it only alter the start: the last one says it all. So a slider that is
/// dragged faster than data load is not lagged behind.
std::size_t Laboratory::Worker::obeyEdits(std::deque<Order>& orders) {
    std::deque<command::Edit> edits;
    for (const Order& order : orders) {
        const Command* command = std::get_if<Command>(&order);
        const auto* edit = command ? std::get_if<command::Edit>(command) : nullptr;
        if (!edit) break;
        edits.push_back(*edit);
    }
    bool restarts = false;
    for (std::size_t i = 0; i < edits.size(); ++i)
        restarts |= i == 0 ? lockstep_.restarts(edits[0].experiment)
                           : needsRestart(edits[i - 1].experiment, edits[i].experiment);
    if (restarts) {
        begin(edits.back().experiment, false);
    } else {
        for (const command::Edit& edit : edits)
            obey(edit);
    }
    orders.erase(orders.begin(), orders.begin() + static_cast<std::ptrdiff_t>(edits.size()));
    return edits.size();
}

void Laboratory::Worker::obey(const Command& command) {
    std::visit([this](const auto& order) { obey(order); }, command);
}

void Laboratory::Worker::obey(const command::Play&) {
    playing_ = lockstep_.ready();
    target_.reset();
    pacer_.restart(Clock::now(), lockstep_.step());
}

void Laboratory::Worker::obey(const command::Pause&) {
    pause();
}

void Laboratory::Worker::obey(const command::Step& order) {
    if (order.steps > 0) stepTo(target_.value_or(lockstep_.step()) + order.steps);
}

void Laboratory::Worker::obey(const command::StepEpoch&) {
    constexpr double rounding = 1e-9; // of epochs that are sums of fractions
    const double epoch = lockstep_.plan().epochAt(target_.value_or(lockstep_.step()));
    stepTo(firstStepAtEpoch(lockstep_.plan(), std::floor(epoch + rounding) + 1));
}

/// In the midst of a replay: back to the start of what the session ends with, which is what its forms show.
void Laboratory::Worker::obey(const command::Reset&) {
    const bool changesToCome = replay_ && !replay_->log.changes.empty();
    const Experiment experiment = changesToCome       ? replay_->log.changes.back().after
                                  : deferred_         ? deferred_->experiment
                                  : lockstep_.ready() ? lockstep_.experiment()
                                                      : wanted_;
    begin(experiment, false);
}

void Laboratory::Worker::obey(const command::StopReplay&) {
    if (!replay_) return;
    endReplay();
    pause();
}

void Laboratory::Worker::obey(const command::SetSpeed& order) {
    pacer_.setSpeed(order.stepsPerSecond);
    pacer_.restart(Clock::now(), lockstep_.step());
}

void Laboratory::Worker::obey(const command::Edit& edit) {
    obey(command::StopReplay{}); // the user has taken over
    if (lockstep_.mustWait(edit.experiment)) {
        deferred_ = edit; // in place of an earlier one, whose changes it holds too
        return;
    }
    deferred_.reset();
    editNow(edit);
}

void Laboratory::Worker::obey(const ReplayOrder& order) {
    const bool done = begin(order->log.start, true);
    replaysTried_ = order->number;
    if (!done) return;
    opened_ = order->number;
    replay_ = order;
    pause();
    const std::int64_t end = order->log.step;
    for (const Change& change : order->log.changes)
        if (change.step <= end) script_.push_back(change);
    std::ranges::stable_sort(script_, {}, &Change::step);
    if (order->goOn)
        obey(command::Play{});
    else if (end > 0)
        stepTo(end);
    endReplayIfOver(); // commands that come with it are for what it has led to
}

void Laboratory::Worker::obey(const Inquiry& inquiry) {
    inquiry(lockstep_);
}

void Laboratory::Worker::stepTo(std::int64_t step) {
    playing_ = lockstep_.ready();
    target_ = step;
    pacer_.restart(Clock::now(), lockstep_.step());
}

void Laboratory::Worker::pause() {
    playing_ = false;
    target_.reset();
    speedometer_.clear();
}

void Laboratory::Worker::editNow(const command::Edit& edit) {
    changed_ = true;
    chunk_ = {}; // steps may cost otherwise from now on
    if (attempt([&] { lockstep_.edit(edit.experiment, edit.description, beginLoading()); }))
        failure_.clear();
    else
        obey(command::StopReplay{}); // what comes after it would be another session
}

/// Sets an experiment up, which may take long; others see that it is not ready meanwhile. When it fails the
/// one before stays in force.
bool Laboratory::Worker::begin(const Experiment& experiment, bool reload) {
    loading_ = true;
    wanted_ = experiment;
    publish();
    const bool done = attempt([&] { lockstep_.begin(experiment, reload, beginLoading()); });
    loading_ = false;
    changed_ = true;
    if (!done) return false;
    failure_.clear();
    endReplay();
    deferred_.reset();
    chunk_ = {};
    seconds_ = 0;
    if (target_) pause(); // the steps that were asked for were others
    pacer_.restart(Clock::now(), 0);
    return true;
}

/// Tells that loading begins; the result is set once nobody wants it any more. While nothing is in force yet
/// only the end cancels: what comes next may fail.
const Cancelled* Laboratory::Worker::beginLoading() {
    const std::lock_guard lock(mutex_);
    replaceable_ = lockstep_.ready();
    const auto replays = [](const Order& order) { return std::holds_alternative<ReplayOrder>(order); };
    unwanted_ = stopping_ || (replaceable_ && std::ranges::any_of(orders_, replays));
    return &unwanted_;
}

/// False, with failure_ saying why, when `work` throws (or without, when it is cancelled). An older failure
/// stays to be read.
bool Laboratory::Worker::attempt(const std::function<void()>& work) {
    try {
        work();
        return true;
    } catch (const WorkCancelled&) {
        return false;
    } catch (const std::exception& error) {
        failure_ = error.what();
        ++failures_;
        return false;
    }
}

bool Laboratory::Worker::scriptIsDue() const {
    return !script_.empty() && script_.front().step <= lockstep_.step();
}

void Laboratory::Worker::followScript() {
    while (scriptIsDue() && !lockstep_.mustWait(script_.front().after)) {
        const Change change = script_.front();
        script_.pop_front();
        editNow({change.after, change.description});
    }
}

void Laboratory::Worker::endReplay() {
    replay_.reset();
    script_.clear();
    pacer_.restart(Clock::now(), lockstep_.step());
}

void Laboratory::Worker::endReplayIfOver() {
    if (!replay_ || deferred_ || lockstep_.catchingUp() || scriptIsDue()) return;
    const std::int64_t step = lockstep_.step(), end = replay_->log.step;
    if (step < end && lockstep_.canTrain()) return;
    endReplay();
    if (step >= end) return;
    pause();
    attempt([&] {
        throw std::runtime_error("The replay ended at step " + std::to_string(step) + " of " +
                                 std::to_string(end) + ": no run trains any more.");
    });
}

} // namespace kappascope
