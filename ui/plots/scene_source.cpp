// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/scene_source.h"

#include "engine/data/batch_plan.h"
#include "ui/session.h"

namespace kappascope::ui {

namespace {

constexpr std::size_t mostKnots = 2000; ///< of a run's clock: finer than any plot is wide

} // namespace

StepScale batchScale(const Experiment& start, const std::vector<Change>& changes, int samples,
                     PlotViewState::XUnit unit) {
    StepScale scale;
    if (samples < 1) return scale;
    BatchPlan plan(samples, start.batchSize, start.seed.batches);
    int size = start.batchSize;
    const auto knot = [&](std::int64_t step) {
        scale.add(double(step),
                  unit == PlotViewState::XUnit::Epoch ? plan.epochAt(step) : double(plan.examplesAt(step)));
    };
    knot(0);
    std::int64_t last = 0;
    for (const Change& change : changes) {
        if (change.after.batchSize == size) continue;
        size = change.after.batchSize;
        if (change.step > last) knot(change.step);
        last = std::max(last, change.step);
        plan.changeBatchSize(change.step, size);
    }
    knot(last + 1); // the slope of all that follows
    return scale;
}

void SceneSource::observe() {
    for (const RunStatus& run : session_.status().runs) {
        if (run.step <= 0 || run.seconds <= 0) continue;
        StepScale& clock = clocks_[run.id];
        if (clock.isIdentity()) clock.add(0, 0);
        clock.add(double(run.step), run.seconds);
        clock.thin(mostKnots);
    }
}

const StepScale& SceneSource::batchScaleNow(PlotViewState::XUnit unit) {
    const std::uint64_t version = session_.status().version;
    if (unit == batches_.unit && version == batches_.version) return batches_.scale;
    const auto data = session_.data();
    const Session::Log log = session_.log();
    batches_ = {batchScale(log.start, log.changes, data ? int(data->train.samples()) : 0, unit), unit,
                version};
    return batches_.scale;
}

std::shared_ptr<const PlotScene> SceneSource::scene(PlotViewState::XUnit unit) {
    auto scene = std::make_shared<PlotScene>();
    scene->unit = unit;
    scene->layers = int(session_.experiment().model.hidden.size()) + 1;
    if (unit == PlotViewState::XUnit::Epoch || unit == PlotViewState::XUnit::Examples)
        scene->scale = batchScaleNow(unit);
    addRuns(*scene);
    addFlags(*scene);
    return scene;
}

void SceneSource::addRuns(PlotScene& scene) const {
    scene.lastX = 0;
    int position = 0;
    for (const RunSpec& spec : session_.experiment().runs) {
        PlotRun run;
        run.id = spec.id;
        run.name = QString::fromStdString(spec.name);
        run.color = spec.color;
        run.position = position++;
        run.hidden = spec.hidden;
        run.selected = spec.id == session_.selectedRun();
        run.history = session_.history(spec.id);
        run.scale = scene.scale;
        if (scene.unit == PlotViewState::XUnit::Seconds)
            if (const auto clock = clocks_.find(spec.id); clock != clocks_.end()) run.scale = clock->second;
        std::int64_t last = 0;
        if (const RunStatus* status = session_.runStatus(spec.id)) {
            run.diverged = status->state == RunState::Diverged;
            run.why = QString::fromStdString(status->why);
            // The newest value is of the last step done; of a run that diverged, of the one that failed.
            last = std::max<std::int64_t>(run.diverged ? status->step : status->step - 1, 0);
        }
        if (!run.hidden) {
            scene.lastStep = std::max(scene.lastStep, last);
            scene.lastX = std::max(scene.lastX, run.scale.x(double(last)));
        }
        const bool leads = run.selected || scene.runs.empty();
        if (leads && scene.unit == PlotViewState::XUnit::Seconds) scene.scale = run.scale;
        scene.runs.push_back(std::move(run));
    }
    if (scene.lastX <= 0) scene.lastX = 1;
}

void SceneSource::addFlags(PlotScene& scene) const {
    for (const Change& change : session_.changes()) {
        const QString text = QString::fromStdString(change.description);
        // What was changed while it stood still shares a flag.
        if (!scene.flags.empty() && scene.flags.back().step == change.step)
            scene.flags.back().text += QStringLiteral(", ") + text;
        else
            scene.flags.push_back({change.step, text});
    }
}

} // namespace kappascope::ui
