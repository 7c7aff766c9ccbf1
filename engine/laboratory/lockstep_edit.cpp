// SPDX-License-Identifier: GPL-3.0-or-later
// How a Lockstep changes in mid-training.
#include "engine/laboratory/lockstep.h"

#include "engine/laboratory/memory_need.h"

#include <algorithm>
#include <set>

namespace kappascope {

namespace {

/// Only what the training of the runs and the rules that end it depend on.
Experiment trainingOf(Experiment experiment) {
    experiment.name.clear();
    for (RunSpec& run : experiment.runs) {
        run.name.clear();
        run.color.clear();
        run.forkOf.clear();
        run.hidden = false;
    }
    std::ranges::sort(experiment.runs, {}, &RunSpec::id);
    return experiment;
}

bool trainsAlike(const Experiment& a, const Experiment& b) {
    return trainingOf(a) == trainingOf(b);
}

const RunSpec* find(const std::vector<RunSpec>& runs, int id) {
    const auto found = std::ranges::find(runs, id, &RunSpec::id);
    return found == runs.end() ? nullptr : &*found;
}

} // namespace

/// Gives runs without an id, or with that of another, one of their own: that of the present run of the same
/// name, or else a new one.
Experiment Lockstep::identified(Experiment after) const {
    std::set<int> taken;
    int next = 1;
    for (const auto& runs : {after.runs, experiment_.runs})
        for (const RunSpec& run : runs)
            next = std::max(next, run.id + 1);
    std::vector<RunSpec*> nameless;
    for (RunSpec& run : after.runs)
        if (run.id == 0 || !taken.insert(run.id).second) nameless.push_back(&run);
    for (RunSpec* run : nameless) {
        const auto same = std::ranges::find(experiment_.runs, run->name, &RunSpec::name);
        run->id = same != experiment_.runs.end() && !taken.contains(same->id) ? same->id : next++;
        taken.insert(run->id);
    }
    return after;
}

bool Lockstep::hasDataOf(const Experiment& experiment) const {
    return data_ && experiment.data == experiment_.data && experiment.seed.data == experiment_.seed.data;
}

/// identified(), with the loss that fits the present data where `after` names none.
Experiment Lockstep::completed(Experiment after) const {
    after = identified(std::move(after));
    if (after.loss.method.empty() && hasDataOf(after)) after.loss = standardLoss(data_->train.task);
    return after;
}

bool Lockstep::mustWait(Experiment given) const {
    if (!catchingUp() || restarts(given)) return false;
    const Experiment after = completed(std::move(given));
    const bool rulesChange = after.stop != experiment_.stop || after.batchSize != experiment_.batchSize ||
                             after.measureEvery != experiment_.measureEvery ||
                             after.evaluateEvery != experiment_.evaluateEvery;
    for (const auto& run : runs_) {
        if (run->state() != RunState::CatchingUp) continue;
        const RunSpec* spec = find(after.runs, run->spec().id);
        if (spec && (rulesChange || RunSettings(after, *spec) != run->settings())) return true;
        for (const RunSpec& other : after.runs)
            if (!this->run(other.id) && forkSource(after, other) == run.get()) return true;
    }
    return false;
}

void Lockstep::edit(Experiment given, const std::string& description, const Cancelled* cancelled) {
    Experiment after = completed(std::move(given));
    validate(after);
    if (restarts(after)) return begin(after, false, cancelled);
    const bool trained = step_ > 0 && !trainsAlike(experiment_, after);
    commit(prepare(std::move(after)));
    if (trained)
        changes_.push_back({step_, description, experiment_});
    else if (step_ == 0)
        start_ = experiment_;
}

Lockstep::Successor Lockstep::prepare(Experiment after) const {
    checkFit(materials_, after);
    BatchPlan plan = plan_;
    if (step_ == 0)
        plan = BatchPlan(static_cast<int>(data_->train.samples()), after.batchSize, after.seed.batches);
    else if (after.batchSize != experiment_.batchSize)
        plan.changeBatchSize(step_, after.batchSize);
    Successor successor{std::move(after), plan, {}};
    for (const RunSpec& spec : successor.experiment.runs)
        successor.made.push_back(prepareRun(successor.experiment, spec, plan));
    return successor;
}

/// A new run, or null where the present one can go on.
std::unique_ptr<Run> Lockstep::prepareRun(const Experiment& after, const RunSpec& spec,
                                          const BatchPlan& plan) const {
    const Run* present = run(spec.id);
    if (present) {
        // At step 0 there is nothing to keep: another start is simply built.
        const bool another =
            RunSettings(after, spec) != present->settings() || after.batchSize != experiment_.batchSize;
        return step_ == 0 && another ? makeRun(materials_, after, spec, plan) : nullptr;
    }
    const Run* source = step_ > 0 ? forkSource(after, spec) : nullptr;
    if (!source) return makeRun(materials_, after, spec, plan);
    std::unique_ptr<Run> fork = source->fork(spec);
    if (after.batchSize != experiment_.batchSize) fork->changeBatchSize(step_, after.batchSize);
    fork->apply(RunSettings(after, spec));
    return fork;
}

/// The present run whose state the new run `spec` takes over; null for none.
const Run* Lockstep::forkSource(const Experiment& after, const RunSpec& spec) const {
    if (spec.forkOf.empty()) return nullptr;
    for (const auto& runs : {after.runs, experiment_.runs})
        for (const RunSpec& candidate : runs)
            if (candidate.name == spec.forkOf && candidate.id != spec.id)
                if (const Run* source = run(candidate.id)) return source;
    return nullptr;
}

void Lockstep::commit(Successor successor) {
    const bool otherBatches = step_ > 0 && successor.experiment.batchSize != experiment_.batchSize;
    std::vector<std::unique_ptr<Run>> runs;
    for (std::size_t i = 0; i < successor.made.size(); ++i) {
        const RunSpec& spec = successor.experiment.runs[i];
        if (successor.made[i]) {
            runs.push_back(std::move(successor.made[i]));
            continue;
        }
        auto present = std::ranges::find_if(
            runs_, [&spec](const auto& run) { return run && run->spec().id == spec.id; });
        Run& run = **present;
        run.setSpec(spec);
        if (otherBatches) run.changeBatchSize(step_, successor.experiment.batchSize);
        run.apply(RunSettings(successor.experiment, spec));
        runs.push_back(std::move(*present));
    }
    runs_ = std::move(runs);
    plan_ = std::move(successor.plan);
    experiment_ = std::move(successor.experiment);
    settle();
}

} // namespace kappascope
