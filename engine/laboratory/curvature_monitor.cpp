// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/curvature_monitor.h"

#include "engine/laboratory/curvature_record.h"

#include <algorithm>

namespace kappascope {

namespace {

using namespace std::chrono_literals;

/// Between two looks whether a run has moved, and whether a snapshot has come that was asked for.
constexpr auto glance = 50ms, moment = 5ms;
constexpr int mostLooks = 100;    // at an old snapshot
constexpr double longGlimpse = 5; // seconds

} // namespace

CurvatureMonitor::CurvatureMonitor(Laboratory& laboratory, MonitorOptions options)
    : laboratory_(laboratory), options_(options), team_(options.threads, true),
      teamAtRest_(options.threadsAtRest, true), thread_([this] { work(); }) {}

CurvatureMonitor::~CurvatureMonitor() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        cancelled_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void CurvatureMonitor::watch(std::vector<int> runs, const CurvatureRequest& request) {
    {
        const std::lock_guard lock(mutex_);
        const bool another = request != request_;
        if (another) watched_.clear();
        request_ = request;
        std::erase_if(watched_,
                      [&](const auto& entry) { return std::ranges::count(runs, entry.first) == 0; });
        for (const int run : runs)
            watched_.try_emplace(run);
        if (measuring_ && (another || !watched_.contains(last_))) cancelled_ = true;
    }
    changed_.notify_all();
}

void CurvatureMonitor::setFirst(int run) {
    const std::lock_guard lock(mutex_);
    first_ = run;
}

void CurvatureMonitor::setPace(Pace pace) {
    {
        const std::lock_guard lock(mutex_);
        pace_ = pace;
    }
    changed_.notify_all();
}

void CurvatureMonitor::measureNow() {
    {
        const std::lock_guard lock(mutex_);
        for (auto& [run, watched] : watched_)
            watched.wanted = true;
    }
    changed_.notify_all();
}

std::shared_ptr<const CurvatureReading> CurvatureMonitor::latest(int run) const {
    const std::lock_guard lock(mutex_);
    const auto found = watched_.find(run);
    return found == watched_.end() || found->second.readings.empty() ? nullptr
                                                                     : found->second.readings.back();
}

std::vector<std::shared_ptr<const CurvatureReading>> CurvatureMonitor::readings(int run) const {
    const std::lock_guard lock(mutex_);
    const auto found = watched_.find(run);
    if (found == watched_.end()) return {};
    return found->second.readings;
}

std::uint64_t CurvatureMonitor::version() const {
    const std::lock_guard lock(mutex_);
    return version_;
}

std::string CurvatureMonitor::failure(int run) const {
    const std::lock_guard lock(mutex_);
    const auto found = watched_.find(run);
    return found == watched_.end() ? std::string() : found->second.failure;
}

bool CurvatureMonitor::measuring() const {
    const std::lock_guard lock(mutex_);
    return measuring_;
}

double CurvatureMonitor::secondsSpent() const {
    const std::lock_guard lock(mutex_);
    return seconds_;
}

void CurvatureMonitor::work() {
    lowerThreadPriority(lastPriority);
    std::unique_lock lock(mutex_);
    while (waitUntilDue(lock))
        measure(nextRun(), lock);
}

/// False at the end.
bool CurvatureMonitor::waitUntilDue(std::unique_lock<std::mutex>& lock) {
    for (;;) {
        if (stopping_) return false;
        const bool wanted =
            std::ranges::any_of(watched_, [](const auto& entry) { return entry.second.wanted; });
        if (wanted) return true;
        if (watched_.empty() || pace_ == Pace::Paused) {
            changed_.wait(lock);
        } else if (pace_ == Pace::Budget && Clock::now() < restUntil_) {
            changed_.wait_until(lock, restUntil_);
        } else {
            return true;
        }
    }
}

/// Those that are wanted at once; then the first look at each; then, as long as there is nothing to see of
/// it, the run that somebody looks at; then all in turns.
int CurvatureMonitor::nextRun() const {
    for (const auto& [run, watched] : watched_)
        if (watched.wanted) return run;
    const auto after = watched_.upper_bound(last_);
    const int inTurn = after == watched_.end() ? watched_.begin()->first : after->first;
    const auto first = watched_.find(first_);
    if (first == watched_.end() || !first->second.readings.empty() || inVain_ >= mostLooks) return inTurn;
    const auto isGlimpsed = [this](const auto& entry) { return entry.second.glimpsed || !request_.neurons; };
    return std::ranges::all_of(watched_, isGlimpsed) ? first->first : inTurn;
}

/// Whether there is nothing to see yet of a run other than this one.
bool CurvatureMonitor::othersWait(int run) const {
    return std::ranges::any_of(watched_, [run](const auto& entry) {
        return entry.first != run && entry.second.readings.empty() && entry.second.failure.empty();
    });
}

/// Measures the run if it has moved since its last reading. Unlocks meanwhile.
void CurvatureMonitor::measure(int run, std::unique_lock<std::mutex>& lock) {
    CurvatureRequest request = request_;
    last_ = run;
    const std::optional<Subject> subject = movedSubject(run, lock);
    inVain_ = subject ? 0 : inVain_ + 1;
    if (!subject) {
        const auto waiting = watched_.find(run);
        const bool soon = waiting != watched_.end() && waiting->second.old;
        if (!stopping_) changed_.wait_for(lock, soon ? moment : glance);
        return;
    }
    const bool glimpse = !watched_[run].glimpsed && request.neurons;
    if (glimpse) request.whole = request.layers = request.alignment = false;
    const auto earlier = watched_[run].readings.empty() ? nullptr : watched_[run].readings.back();
    measuring_ = true;
    lock.unlock();
    ThreadTeam& team = laboratory_.status().playing ? team_ : teamAtRest_;
    const double begin = threadSeconds();
    std::optional<CurvatureReading> reading;
    std::string failure;
    try {
        reading = measureCurvature(*subject->snapshot, request, &team, &cancelled_, earlier.get());
        if (subject->history) recordCurvature(*reading, *subject->history);
    } catch (const WorkCancelled&) { // nobody wants it any more
    } catch (const std::exception& error) {
        failure = error.what();
    }
    const double taken = (threadSeconds() - begin) * team.size();
    lock.lock();
    measuring_ = cancelled_ = false;
    seconds_ += taken;
    // The first looks follow each other at once: there is nothing to see without.
    const bool atOnce = glimpse ? taken < longGlimpse : othersWait(run) && taken < options_.trifle;
    const double rest = atOnce ? 0 : taken * (1 / options_.share - 1);
    restUntil_ =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(rest));
    const auto found = watched_.find(run);
    if ((!reading && failure.empty()) || found == watched_.end()) return;
    found->second.failure = failure;
    if (glimpse) {
        found->second.glimpsed = true;
        ++version_;
        return;
    }
    if (request != request_) return;
    found->second.measured = subject->snapshot;
    found->second.wanted = false;
    if (reading)
        keep(found->second, std::move(*reading));
    else
        ++version_;
}

/// The newest snapshot is that of the last time that one was asked for, perhaps long ago. Not for ever: a run
/// that has ended may get none.
bool CurvatureMonitor::awaitsNewer(Watched& watched, const std::shared_ptr<const Snapshot>& snapshot,
                                   const LaboratoryStatus& status) {
    const auto run = std::ranges::find(status.runs, snapshot->run, &RunStatus::id);
    const bool upToDate = run == status.runs.end() || run->step <= snapshot->step;
    if (upToDate || (watched.old && watched.old != snapshot) || watched.looks >= mostLooks) {
        watched.old = nullptr;
        watched.looks = 0;
        return false;
    }
    watched.old = snapshot;
    ++watched.looks;
    return true;
}

/// A snapshot of a watched run as it is now, which has not been measured yet or is wanted; none when there is
/// none. Unlocks meanwhile.
auto CurvatureMonitor::movedSubject(int run, std::unique_lock<std::mutex>& lock) -> std::optional<Subject> {
    lock.unlock();
    const std::uint64_t before = laboratory_.status().generation;
    auto history = laboratory_.history(run);
    auto snapshot = laboratory_.snapshot(run); // and asks for a newer one
    const LaboratoryStatus status = laboratory_.status();
    if (snapshot && (before != status.generation || snapshot->generation != status.generation))
        history.reset();
    lock.lock();
    if (snapshot) forgetAfterRestart(snapshot->generation);
    const auto found = watched_.find(run);
    if (stopping_ || !snapshot || found == watched_.end()) return std::nullopt;
    if (snapshot->generation < generation_) return std::nullopt; // of before a restart
    if (awaitsNewer(found->second, snapshot, status)) return std::nullopt;
    // Who asks for a measurement gets one, also of what has not moved.
    if (snapshot == found->second.measured && !found->second.wanted) return std::nullopt;
    return Subject{std::move(snapshot), std::move(history)};
}

/// A restarted laboratory's runs have nothing to do with those before.
void CurvatureMonitor::forgetAfterRestart(std::uint64_t generation) {
    if (generation <= generation_) return;
    generation_ = generation;
    for (auto& [run, watched] : watched_)
        watched = {.wanted = watched.wanted};
    ++version_;
}

void CurvatureMonitor::keep(Watched& watched, CurvatureReading reading) {
    auto& readings = watched.readings;
    if (!readings.empty()) { // large, and only the latest are looked at
        auto without = std::make_shared<CurvatureReading>(*readings.back());
        for (BlockReading& block : without->blocks)
            block.raw.vectors.resize(0, 0), block.preconditioned.vectors.resize(0, 0);
        without->matrix.resize(0, 0), without->preconditionedMatrix.resize(0, 0);
        without->snapshot.reset();
        readings.back() = std::move(without);
    }
    if (readings.size() >= keptReadings) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < readings.size(); i += 2)
            readings[kept++] = readings[i];
        readings.resize(kept);
    }
    readings.push_back(std::make_shared<const CurvatureReading>(std::move(reading)));
    ++version_;
}

} // namespace kappascope
