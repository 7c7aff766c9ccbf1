// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/lockstep.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>

namespace kappascope {

namespace {

/// Versions of the runs lie this far apart.
constexpr std::uint64_t firstVersion = std::uint64_t{1} << 32;

int wantedThreads(const LaboratoryOptions& options) {
    const int machine = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    return options.threads > 0 ? options.threads : machine;
}

/// Within a step threads wait for each other: one of them that has lost its core to a window that paints
/// makes the step four times slower than a single thread is. So a core is left to the window.
int threadsOfAStep(const LaboratoryOptions& options, std::size_t runs) {
    const int available = wantedThreads(options) - (options.background ? 1 : 0);
    return runs == 0 ? 1 : available / static_cast<int>(runs);
}

/// Parts that a run's share of a chunk of steps is cut into, so that the last one that all wait for is short:
/// with whole shares a thread that the window had pushed aside kept the others waiting, and two cores that
/// trained eight toy runs beside the window stood still for 6 % of the time.
constexpr std::int64_t piecesOfAShare = 8;

/// Deals the steps of a chunk to threads, a piece at a time, always of the run that is furthest behind. A run
/// is with one thread at a time; its steps are the same however they are cut.
class DealtChunk {
public:
    DealtChunk(const std::vector<Run*>& runs, const std::function<std::int64_t(const Run&)>& until,
               std::int64_t pieces) {
        for (Run* run : runs) {
            const std::int64_t end = until(*run), steps = end - run->stepsDone();
            shares_.push_back({run, end, std::max<std::int64_t>((steps + pieces - 1) / pieces, 1)});
        }
    }

    /// By each thread: returns when no run is left that waits. When a run throws, the others go on.
    void workOff() {
        std::unique_lock lock(mutex_);
        while (Share* share = take()) {
            lock.unlock();
            Run& run = *share->run;
            run.advance(std::min(run.stepsDone() + share->piece, share->end));
            const bool goesOn = run.isActive() && run.stepsDone() < share->end;
            lock.lock();
            ++share->done;
            share->waits = goesOn;
        }
    }

private:
    struct Share {
        Run* run;
        std::int64_t end, piece;
        std::int64_t done = 0; ///< pieces
        bool waits = true;
    };
    Share* take() {
        Share* least = nullptr;
        for (Share& share : shares_)
            if (share.waits && (!least || share.done < least->done)) least = &share;
        if (least) least->waits = false;
        return least;
    }

    std::mutex mutex_;
    std::vector<Share> shares_;
};

} // namespace

Run* Lockstep::run(int id) const {
    const auto found = std::ranges::find_if(runs_, [id](const auto& run) { return run->spec().id == id; });
    return found == runs_.end() ? nullptr : found->get();
}

/// Brings what follows from experiment, plan and step up to date: team, cadence, rules, who is behind.
void Lockstep::settle() {
    settleThreads();
    cadence_ = MeasureCadence::asked(
        experiment_.measureEvery, experiment_.evaluateEvery,
        MeasureCadence::automatic(data_->train.samples(), data_->test.samples(), plan_.batchSizeAt(step_)));
    const StopRules rules(experiment_.stop, plan_);
    for (const auto& run : runs_) {
        if (run->version() < firstVersion) run->startVersions(++runsMade_ * firstVersion);
        run->history()->setMemoryBound(
            std::min(options_.historyBytes, options_.allHistoriesBytes / runs_.size()));
        run->setCadence(cadence_);
        run->setRules(rules);
        run->compareWith(step_);
    }
}

/// Threads for the runs side by side; what is left over is for the work within their steps.
void Lockstep::settleThreads() {
    const int threads = std::clamp(static_cast<int>(runs_.size()), 1, wantedThreads(options_));
    if (!team_ || team_->size() != threads) {
        team_.reset();
        team_ = std::make_unique<ThreadTeam>(threads, options_.background);
    }
    const int within = threadsOfAStep(options_, runs_.size());
    const bool large = std::ranges::any_of(runs_, [](const auto& run) { return run->sharesSteps(); });
    const std::size_t teams = within > 1 && large ? runs_.size() : 0;
    const bool same = stepTeams_.size() == teams && (teams == 0 || stepTeams_.front()->size() == within);
    for (const auto& run : runs_)
        run->setTeam(nullptr);
    if (!same) stepTeams_.clear();
    while (stepTeams_.size() < teams)
        stepTeams_.push_back(std::make_unique<StepTeam>(within, options_.background));
    for (std::size_t i = 0; i < teams; ++i)
        runs_[i]->setTeam(stepTeams_[i].get());
}

int Lockstep::threads() const {
    const int within = stepTeams_.empty() ? 1 : stepTeams_.front()->size();
    return team_ ? team_->size() * within : 1;
}

bool Lockstep::canTrain() const {
    return std::ranges::any_of(runs_, [](const auto& run) { return run->isActive(); });
}

bool Lockstep::catchingUp() const {
    return std::ranges::any_of(runs_, [](const auto& run) { return run->state() == RunState::CatchingUp; });
}

/// The runs that are behind the others, or all that train.
std::vector<Run*> Lockstep::runsIn(bool behind) const {
    std::vector<Run*> runs;
    for (const auto& run : runs_)
        if (behind ? run->state() == RunState::CatchingUp : run->isActive()) runs.push_back(run.get());
    return runs;
}

bool Lockstep::evaluateAhead(Clock::duration slice) {
    return evaluate(runsIn(catchingUp()),
                    [slice](Run& run) { return run.evaluateAhead(Clock::now() + slice); });
}

bool Lockstep::evaluateAtRest(Clock::duration slice) {
    std::vector<Run*> all;
    for (const auto& run : runs_)
        all.push_back(run.get());
    return evaluate(all, [slice](Run& run) { return run.evaluateAtRest(Clock::now() + slice); });
}

bool Lockstep::evaluate(const std::vector<Run*>& runs, const std::function<bool(Run&)>& proceed) {
    std::atomic<bool> done = true;
    team_->run(static_cast<int>(runs.size()), [&](int i) {
        if (!proceed(*runs[static_cast<std::size_t>(i)])) done = false;
    });
    return done;
}

double Lockstep::evaluatedShare() const {
    double done = 0;
    int evaluating = 0;
    for (const auto& run : runs_)
        if (run->state() != RunState::Diverged) {
            done += run->status().evaluated;
            ++evaluating;
        }
    return evaluating > 0 ? done / evaluating : 1;
}

void Lockstep::advance(std::int64_t steps) {
    const std::vector<Run*> training = runsIn(false);
    std::int64_t until = step_ + steps;
    for (const Run* run : training)
        until = run->nextLongEvaluation(step_, until);
    train(training, [until](const Run&) { return until; });

    // When all have ended within the chunk, the last of them says how far it went.
    std::int64_t reached = step_;
    for (const Run* run : training)
        reached = std::max(reached, std::min(run->reached(), until));
    step_ = canTrain() ? until : reached;
}

void Lockstep::catchUp(std::int64_t steps) {
    const std::vector<Run*> behind = runsIn(true);
    train(behind, [this, steps](const Run& run) {
        return run.nextLongEvaluation(run.stepsDone(), std::min(step_, run.stepsDone() + steps));
    });
    for (Run* run : behind)
        run->compareWith(step_);
}

void Lockstep::giveUpCatchingUp(const std::string& why) {
    for (const auto& run : runs_)
        if (run->state() == RunState::CatchingUp) run->fail(why);
}

void Lockstep::train(const std::vector<Run*>& runs, const std::function<std::int64_t(const Run&)>& until) {
    // Threads that share the work of a run's steps meet in them anyway: nothing is gained by cutting those.
    DealtChunk chunk(runs, until, stepTeams_.empty() && team_->size() > 1 ? piecesOfAShare : 1);
    const int workers = std::min(team_->size(), static_cast<int>(runs.size()));
    team_->run(workers, [&](int) { chunk.workOff(); });
}

std::string Lockstep::signature() const {
    FnvHash hash;
    for (const auto& run : runs_)
        run->addTo(hash);
    std::array<char, 16> digits;
    std::uint64_t value = hash.value();
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, value >>= 4)
        *digit = "0123456789abcdef"[value & 15];
    return {digits.begin(), digits.end()};
}

} // namespace kappascope
