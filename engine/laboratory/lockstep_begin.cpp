// SPDX-License-Identifier: GPL-3.0-or-later
// How a Lockstep is set up: at step 0, or where a saved training was.
#include "engine/data/data_catalog.h"
#include "engine/laboratory/lockstep.h"
#include "engine/laboratory/memory_need.h"
#include "engine/laboratory/run_of.h"
#include "engine/network/weighted_layer.h"
#include "engine/preconditioning/layer_choice.h"

#include <algorithm>

namespace kappascope {

namespace {

/// Methods that act on some of the layers name those that the network has.
void checkLayerChoices(const Experiment& experiment, const NetworkPlan& plan) {
    const auto weighted = std::ranges::count_if(plan.layers, [](const PlannedLayer& planned) {
        return dynamic_cast<const WeightedLayer<double>*>(planned.layer.get()) != nullptr;
    });
    for (const RunSpec& run : experiment.runs)
        if (LayerChoice::isIn(run.preconditioner.parameters))
            LayerChoice(run.preconditioner.parameters, "runs." + run.name + ".preconditioner")
                .checkAmong(static_cast<int>(weighted));
}

} // namespace

void Lockstep::begin(const Experiment& given, bool reload, const Cancelled* cancelled) {
    Experiment start = identified(given);
    validate(start);

    const auto data = !reload && hasDataOf(start)
                          ? data_
                          : std::make_shared<const Split>(loadData(start.data, start.seed.data, cancelled));
    Course course = courseFrom(std::move(start), data->train.task);
    const Experiment& experiment = course.experiment;
    AnyMaterials materials;
    if (experiment.precision == Precision::Float32)
        materials = std::make_shared<const Materials<float>>(experiment, data);
    else
        materials = std::make_shared<const Materials<double>>(experiment, data);
    checkFit(materials, experiment);
    const BatchPlan plan = course.batches(static_cast<int>(data->train.samples()));
    std::vector<std::unique_ptr<Run>> runs;
    for (const RunSpec& spec : experiment.runs)
        runs.push_back(makeRun(materials, experiment, spec, plan));

    const std::int64_t step = restoreSaved(runs);

    // Nothing can fail from here on.
    experiment_ = std::move(course.experiment);
    start_ = std::move(course.start);
    changes_ = std::move(course.changes);
    data_ = data;
    materials_ = std::move(materials);
    plan_ = plan;
    runs_ = std::move(runs);
    step_ = step;
    options_.resume.reset();
    ++generation_;
    settle();
}

/// From `start` on, on data of this task: as it is, or as the changes of a saved training have left it.
Lockstep::Course Lockstep::courseFrom(Experiment start, Task task) const {
    const auto complete = [task](Experiment& experiment) {
        if (experiment.loss.method.empty()) experiment.loss = standardLoss(task);
    };
    complete(start);
    Course course{start, start, {}};
    if (!options_.resume) return course;
    for (Change change : options_.resume->changes) {
        complete(change.after);
        validate(change.after);
        if (needsRestart(course.experiment, change.after))
            throw InputError("session.changes",
                             "that of step " + std::to_string(change.step) + " (" + change.description +
                                 ") starts the training over: there is nothing to go on with",
                             "Train it anew.");
        course.experiment = change.after;
        if (change.step == 0)
            course.start = change.after;
        else
            course.changes.push_back(std::move(change));
    }
    return course;
}

BatchPlan Lockstep::Course::batches(int samples) const {
    int size = start.batchSize;
    BatchPlan plan(samples, size, start.seed.batches);
    for (const Change& change : changes)
        if (change.after.batchSize != size) {
            size = change.after.batchSize;
            plan.changeBatchSize(change.step, size);
        }
    return plan;
}

/// Puts runs that have just been made to where a saved training was, if there is one; returns its step.
std::int64_t Lockstep::restoreSaved(const std::vector<std::unique_ptr<Run>>& runs) const {
    if (!options_.resume) return 0;
    const SavedTraining& saved = *options_.resume;
    if (saved.runs.size() != runs.size())
        throw InputError("runs", "the experiment has " + std::to_string(runs.size()) +
                                     ", the saved training " + std::to_string(saved.runs.size()));
    for (std::size_t i = 0; i < runs.size(); ++i)
        runs[i]->restore(saved.runs[i]);
    return saved.step;
}

/// The runs fit into memory, and their methods fit the network.
void Lockstep::checkFit(const AnyMaterials& materials, const Experiment& experiment) {
    const auto check = [&](const auto& of) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(of)>, std::monostate>) {
            checkLayerChoices(experiment, of->plan);
            checkMemory(experiment, of->plan,
                        std::min<Index>(experiment.batchSize, of->data->train.samples()), machineMemory());
        }
    };
    std::visit(check, materials);
}

std::unique_ptr<Run> Lockstep::makeRun(const AnyMaterials& materials, const Experiment& experiment,
                                       const RunSpec& spec, const BatchPlan& plan) const {
    const RunSettings settings(experiment, spec);
    const auto make = [&]<class S>(const std::shared_ptr<const Materials<S>>& of) -> std::unique_ptr<Run> {
        return std::make_unique<RunOf<S>>(of, spec, settings, plan, options_.historyBytes);
    };
    if (const auto* single = std::get_if<std::shared_ptr<const Materials<float>>>(&materials))
        return make(*single);
    return make(std::get<std::shared_ptr<const Materials<double>>>(materials));
}

} // namespace kappascope
