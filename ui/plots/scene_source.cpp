// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/scene_source.h"

#include "engine/data/batch_plan.h"
#include "ui/curvature_watch.h"
#include "ui/session.h"

#include <QCoreApplication>

namespace kappascope::ui {

namespace {

constexpr std::size_t mostKnots = 2000; ///< of a run's clock: finer than any plot is wide

TheoryLine theoryOf(const CurvatureReading& reading) {
    const Reading& rate = reading.theory.atPresentRate;
    TheoryLine line;
    if (!rate.usable()) {
        line.why = QString::fromStdString(rate.why);
        return line; // the same as long as the reason is
    }
    line.step = reading.step;
    line.loss = reading.loss;
    line.floor = reading.modelMinimum();
    line.factor = rate.value * rate.value;
    return line;
}

/// What of it is not the standard.
QString otherCurvature(const CurvatureWatch::Subject& subject) {
    const auto tr = [](const char* text) { return QCoreApplication::translate("SceneSource", text); };
    const CurvatureWatch::Subject standard;
    QStringList words;
    if (subject.matrix != standard.matrix) words << tr("Gauss-Newton matrix");
    if (subject.samples != standard.samples) words << tr("mini-batch");
    if (subject.mode != standard.mode) words << tr("evaluation mode");
    return words.join(QStringLiteral(", "));
}

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
    if (!baselineIsLive()) return;
    if (const auto clock = clocks_.find(baseline_.run); clock != clocks_.end())
        baseline_.clock = clock->second;
    if (baseline_.version == session_.status().version) return;
    baseline_.version = session_.status().version;
    const auto data = session_.data();
    const Session::Log log = session_.log();
    const int samples = data ? int(data->train.samples()) : 0;
    baseline_.epochs = batchScale(log.start, log.changes, samples, PlotViewState::XUnit::Epoch);
    baseline_.examples = batchScale(log.start, log.changes, samples, PlotViewState::XUnit::Examples);
}

void SceneSource::pin(int run) {
    baseline_ = {};
    const RunSpec* spec = session_.run(run);
    if (!spec) return;
    baseline_.run = run;
    baseline_.name =
        QCoreApplication::translate("SceneSource", "%1, pinned").arg(QString::fromStdString(spec->name));
    baseline_.color = spec->color;
    baseline_.position = session_.positionOf(run);
    baseline_.history = session_.history(run);
    observe();
}

/// As long as the run has not started over its own curve is the pinned one.
bool SceneSource::baselineIsLive() const {
    return baseline_.history && session_.history(baseline_.run) == baseline_.history;
}

void SceneSource::addBaseline(PlotScene& scene) const {
    if (!baseline_.history || baselineIsLive()) return;
    PlotRun run;
    run.id = PlotRun::baselineId;
    run.name = baseline_.name;
    run.color = baseline_.color;
    run.position = baseline_.position;
    run.history = baseline_.history;
    switch (scene.unit) {
    case PlotViewState::XUnit::Epoch:
        run.scale = baseline_.epochs;
        break;
    case PlotViewState::XUnit::Examples:
        run.scale = baseline_.examples;
        break;
    case PlotViewState::XUnit::Seconds:
        run.scale = baseline_.clock;
        break;
    case PlotViewState::XUnit::Step:
        break;
    }
    const std::int64_t last = std::max<std::int64_t>(run.history->lastStep({"train_loss"}), 0);
    scene.lastStep = std::max(scene.lastStep, last);
    scene.lastX = std::max(scene.lastX, run.scale.x(double(last)));
    scene.runs.insert(scene.runs.begin(), std::move(run)); // the others lie on top
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
    scene->layers = int(weightedLayers(session_.experiment().model));
    if (unit == PlotViewState::XUnit::Epoch || unit == PlotViewState::XUnit::Examples)
        scene->scale = batchScaleNow(unit);
    scene->otherCurvature = otherCurvature(session_.curvature().subject());
    addRuns(*scene);
    addBaseline(*scene);
    scene->lastX = axisEnd(*scene);
    addFlags(*scene);
    return scene;
}

/// While the training goes on, the axis ends a hundredth beyond the newest value and moves on when that gets
/// there: in between curves grow at their ends and stand still elsewhere. At rest it ends with them.
double SceneSource::axisEnd(const PlotScene& scene) {
    constexpr double room = 0.01;
    const bool fits = scene.unit == endUnit_ && scene.lastX <= end_ && scene.lastX * (1 + 2 * room) >= end_;
    endUnit_ = scene.unit;
    if (!session_.status().playing)
        end_ = scene.lastX;
    else if (!fits)
        end_ = scene.lastX * (1 + room);
    return end_;
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
            if (status->evaluation && !session_.status().playing) {
                run.evaluated = {status->step, *status->evaluation};
                last = status->step;
            }
        }
        if (!run.hidden) {
            scene.lastStep = std::max(scene.lastStep, last);
            scene.lastX = std::max(scene.lastX, run.scale.x(double(last)));
        }
        if (const auto reading = session_.curvature().latest(spec.id)) run.theory = theoryOf(*reading);
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
