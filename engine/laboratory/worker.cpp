// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/worker.h"

#include <algorithm>
#include <future>
#include <utility>

namespace kappascope {

namespace {

/// Snapshots of one run take at most about this share of the training.
constexpr int snapshotShare = 10;

} // namespace

// --- any thread ---

// cppcheck-suppress passedByValue // four words
Laboratory::Worker::Worker(Experiment experiment, LaboratoryOptions options)
    : lockstep_(options), background_(options.background), evaluatesAtRest_(options.evaluatesAtRest) {
    view_.experiment = view_.start = experiment;
    replay({std::move(experiment), {}, 0}, false);
    thread_ = std::thread([this] { serve(); });
}

Laboratory::Worker::~Worker() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = unwanted_ = true;
    }
    ordered_.notify_all();
    settled_.notify_all();
    thread_.join();
}

void Laboratory::Worker::send(Order order) {
    {
        const std::lock_guard lock(mutex_);
        orders_.push_back(std::move(order));
        ++sent_;
    }
    ordered_.notify_one();
}

std::uint64_t Laboratory::Worker::replay(Log log, bool goOn) {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        number = ++replays_;
        view_.replay = std::make_shared<const Replay>(Replay{std::move(log), goOn, number});
        view_.status.opening = true;
        view_.status.replayTo = view_.replay->log.step;
        orders_.emplace_back(view_.replay);
        ++sent_;
        if (replaceable_) unwanted_ = true;
    }
    ordered_.notify_one();
    return number;
}

Laboratory::Log Laboratory::Worker::log() const {
    const std::lock_guard lock(mutex_);
    if (view_.replay) return view_.replay->log;
    return {view_.start, view_.changes, view_.status.step};
}

void Laboratory::Worker::wait() {
    std::unique_lock lock(mutex_);
    settled_.wait(lock, [this, sent = sent_] { return done_ >= sent || stopping_; });
}

void Laboratory::Worker::ask(const Inquiry& inquiry) {
    std::promise<void> answered;
    send(Inquiry([&](const Lockstep& lockstep) {
        try {
            inquiry(lockstep);
            answered.set_value();
        } catch (...) {
            answered.set_exception(std::current_exception());
        }
    }));
    answered.get_future().get();
}

std::shared_ptr<History> Laboratory::Worker::history(int run) const {
    const std::lock_guard lock(mutex_);
    const auto found = view_.histories.find(run);
    return found == view_.histories.end() ? nullptr : found->second;
}

std::shared_ptr<const Snapshot> Laboratory::Worker::snapshot(int run) {
    std::shared_ptr<const Snapshot> present;
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        const auto found = shots_.find(run);
        if (found == shots_.end()) return nullptr;
        Shot& shot = found->second;
        present = shot.snapshot;
        if (shot.version != shot.newest) wake = snapshotWanted_ = shot.wanted = true;
    }
    if (wake) ordered_.notify_one();
    return present;
}

// --- the coordinator's thread ---

void Laboratory::Worker::serve() {
    if (background_) lowerThreadPriority();
    while (auto orders = takeOrders()) {
        if (!orders->empty()) evaluated_ = false;
        waits_ = false;
        obeyAll(*orders);
        if (deferred_ && !lockstep_.mustWait(deferred_->experiment))
            editNow(*std::exchange(deferred_, std::nullopt));
        followScript();
        resting_.reset();
        if (lockstep_.catchingUp())
            catchUpChunk();
        else if (playing_)
            trainChunk();
        else if (evaluates())
            evaluateAtRest();
        endReplayIfOver();
        takeSnapshots();
        publish();
        if (!works() || resting_) rest();
    }
}

/// Empty when the end has come.
std::optional<std::deque<Laboratory::Worker::Order>> Laboratory::Worker::takeOrders() {
    const std::lock_guard lock(mutex_);
    if (stopping_) return std::nullopt;
    return std::exchange(orders_, {});
}

/// Sleeps until there is something to do.
void Laboratory::Worker::rest() {
    std::unique_lock lock(mutex_);
    const auto called = [this] { return !orders_.empty() || snapshotWanted_ || stopping_; };
    if (resting_)
        ordered_.wait_until(lock, *resting_, called);
    else
        ordered_.wait(lock, called);
}

void Laboratory::Worker::trainChunk() {
    if (!lockstep_.canTrain()) return pause();
    std::int64_t steps = stepsAhead();
    const auto begun = Clock::now();
    if (pacer_.limited() && !replay_) {
        const std::int64_t due = pacer_.due(begun, lockstep_.step());
        if (due <= 0) {
            resting_ = pacer_.nextDue(begun, lockstep_.step());
            return;
        }
        steps = std::min(steps, due);
    }
    const std::int64_t before = lockstep_.step();
    bool evaluated = evaluated_ = false;
    auto stepping = begun;
    if (!attempt([&] {
            evaluated = lockstep_.evaluateAhead();
            waits_ = !evaluated;
            stepping = Clock::now();
            if (evaluated) lockstep_.advance(steps);
        }))
        return pause();
    const auto ended = Clock::now();
    seconds_ += std::chrono::duration<double>(ended - begun).count();
    if (lockstep_.step() - before == chunk_.steps()) chunk_.learn(chunk_.steps(), ended - stepping);
    speedometer_.see(begun, before);
    speedometer_.see(ended, lockstep_.step());
    if (target_ && lockstep_.step() >= *target_) pause();
}

void Laboratory::Worker::catchUpChunk() {
    const auto begun = Clock::now();
    const std::int64_t steps = chunk_.steps();
    bool evaluated = evaluated_ = false;
    if (!attempt([&] {
            evaluated = lockstep_.evaluateAhead();
            waits_ = !evaluated;
            if (evaluated) lockstep_.catchUp(steps);
        })) {
        lockstep_.giveUpCatchingUp(failure_); // else the others would wait for it for ever
        return pause();
    }
    if (evaluated) chunk_.learn(steps, Clock::now() - begun);
}

/// A slice of it: an order waits no longer than that.
void Laboratory::Worker::evaluateAtRest() {
    evaluated_ = true; // also when it cannot be done
    attempt([&] { evaluated_ = lockstep_.evaluateAtRest(); });
    waits_ = !evaluated_;
}

/// Steps of the next chunk: no farther than the next thing to do.
std::int64_t Laboratory::Worker::stepsAhead() const {
    std::int64_t steps = chunk_.steps();
    if (target_) steps = std::min(steps, *target_ - lockstep_.step());
    if (replay_) steps = std::min(steps, replay_->log.step - lockstep_.step());
    if (!script_.empty()) steps = std::min(steps, script_.front().step - lockstep_.step());
    return std::max<std::int64_t>(steps, 1);
}

void Laboratory::Worker::takeSnapshots() {
    std::vector<int> wanted;
    const auto now = Clock::now();
    const bool idle = !works() || resting_;
    {
        const std::lock_guard lock(mutex_);
        snapshotWanted_ = false;
        for (auto& [id, shot] : shots_)
            if (shot.wanted && (idle || now >= shot.notBefore)) {
                shot.wanted = false;
                wanted.push_back(id);
            }
    }
    for (const int id : wanted) {
        Run* run = lockstep_.run(id);
        if (!run) continue;
        const auto begun = Clock::now();
        std::shared_ptr<Snapshot> snapshot;
        if (!attempt([&] { snapshot = run->snapshot(); })) continue;
        snapshot->generation = lockstep_.generation();
        const auto ended = Clock::now();
        const std::lock_guard lock(mutex_);
        Shot& shot = shots_[id];
        shot.snapshot = std::move(snapshot);
        shot.version = run->version();
        shot.notBefore = ended + (snapshotShare - 1) * (ended - begun);
    }
}

LaboratoryStatus Laboratory::Worker::statusNow() const {
    LaboratoryStatus status;
    status.generation = lockstep_.generation();
    status.ready = lockstep_.ready() && !loading_;
    status.failure = failure_;
    status.failures = failures_;
    status.playing = playing_;
    status.replay = opened_;
    if (!lockstep_.ready()) return status;
    status.step = lockstep_.step();
    status.epoch = lockstep_.plan().epochAt(status.step);
    status.examples = lockstep_.plan().examplesAt(status.step);
    status.stepsPerSecond = speedometer_.stepsPerSecond();
    status.seconds = seconds_;
    status.threads = lockstep_.threads();
    status.evaluateEvery = lockstep_.cadence().evaluationsEvery();
    const bool atRest = !playing_ && !lockstep_.catchingUp();
    if (waits_ || (atRest && evaluates())) status.evaluating = lockstep_.evaluatedShare();
    for (const auto& run : lockstep_.runs())
        status.runs.push_back(run->status());
    return status;
}

/// Nothing that was asked for is still to be done.
bool Laboratory::Worker::hasSettled() const {
    return !deferred_ && !lockstep_.catchingUp() && !scriptIsDue() && !(playing_ && (target_ || replay_));
}

/// Puts out what others may see.
void Laboratory::Worker::publish() {
    LaboratoryStatus status = statusNow();
    const bool settled = hasSettled() && !loading_;
    const std::lock_guard lock(mutex_);
    if (view_.replay && view_.replay->number <= replaysTried_) view_.replay = replay_;
    status.opening = view_.replay && view_.replay != replay_;
    status.replayTo = view_.replay ? view_.replay->log.step : 0;
    const bool changed = std::exchange(changed_, false);
    status.version = view_.status.version + (changed ? 1 : 0);
    view_.status = std::move(status);
    if (changed) {
        view_.experiment = lockstep_.ready() ? lockstep_.experiment() : wanted_;
        view_.start = lockstep_.ready() ? lockstep_.start() : wanted_;
        view_.changes = lockstep_.changes();
        view_.data = lockstep_.data();
        view_.histories.clear();
        for (const auto& run : lockstep_.runs())
            view_.histories[run->spec().id] = run->history();
        std::erase_if(shots_, [this](const auto& shot) { return !lockstep_.run(shot.first); });
    }
    for (const auto& run : lockstep_.runs())
        shots_[run->spec().id].newest = run->version();
    if (!settled) return;
    done_ = taken_;
    settled_.notify_all();
}

} // namespace kappascope
