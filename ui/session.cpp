// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session.h"

#include "engine/core/error.h"
#include "ui/curvature_watch.h"
#include "ui/edit_command.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <map>
#include <set>

namespace kappascope::ui {

namespace {

constexpr int tickMs = 16;      ///< 60 Hz
constexpr int idleMs = 500;     ///< when nothing moves: only to notice that something does
constexpr int settleTicks = 30; ///< half a second: time enough for a snapshot
constexpr std::size_t paletteColors = 8;
constexpr int handOverMs = 40; ///< edits of a drag reach the laboratory at most this often

/// Gives the runs of a file, which have none, ids that no panel has seen; the same run keeps its id through
/// the log: it is known by the id it came with, else by its name in the experiment before.
class RunNumbering {
public:
    explicit RunNumbering(int& next) : next_(next) {}

    void number(Experiment& experiment) {
        std::map<std::string, int> names;
        for (RunSpec& run : experiment.runs) {
            run.id = idOf(run);
            names[run.name] = run.id;
        }
        previousNames_ = std::move(names);
    }

private:
    int idOf(const RunSpec& run) {
        if (run.id == 0) {
            const auto known = previousNames_.find(run.name);
            return known == previousNames_.end() ? next_++ : known->second;
        }
        const auto [entry, isNew] = byOldId_.try_emplace(run.id, next_);
        if (isNew) ++next_;
        return entry->second;
    }

    int& next_;
    std::map<int, int> byOldId_;
    std::map<std::string, int> previousNames_;
};

/// In the light theme: what RunSpec::color holds.
QString colorOf(const RunSpec& run, std::size_t position) {
    return Theme::instance().runColor(run.color, static_cast<int>(position), false).name();
}

/// Runs keep their colours when the ones before them go: those that have theirs by position get it for good.
void keepColors(std::vector<RunSpec>& runs, std::size_t from) {
    for (std::size_t i = from; i < runs.size(); ++i)
        if (runs[i].color.empty()) runs[i].color = colorOf(runs[i], i).toStdString();
}

/// The first colour of the palette that no run has; empty where its position gives it that colour anyway.
std::string freeColor(const std::vector<RunSpec>& runs) {
    QStringList taken;
    for (std::size_t i = 0; i < runs.size(); ++i)
        taken << colorOf(runs[i], i);
    for (std::size_t i = 0; i < paletteColors; ++i)
        if (const QString color = colorOf({}, i); !taken.contains(color))
            return i == runs.size() ? std::string() : color.toStdString();
    return {};
}

bool standsAlike(const RunStatus& a, const RunStatus& b) {
    return a.id == b.id && a.state == b.state && a.step == b.step && a.parameters == b.parameters &&
           a.evaluated == b.evaluated;
}

/// Whether anything on the screen would differ.
bool standsAlike(const LaboratoryStatus& a, const LaboratoryStatus& b) {
    return a.generation == b.generation && a.ready == b.ready && a.failures == b.failures &&
           a.failure == b.failure && a.playing == b.playing && a.step == b.step && a.replay == b.replay &&
           a.replayTo == b.replayTo && a.evaluateEvery == b.evaluateEvery && a.evaluating == b.evaluating &&
           (b.playing || a.stepsPerSecond == b.stepsPerSecond) &&
           std::ranges::equal(a.runs, b.runs, [](const auto& x, const auto& y) { return standsAlike(x, y); });
}

bool isBusy(const LaboratoryStatus& status) {
    const auto catchesUp = [](const RunStatus& run) { return run.state == RunState::CatchingUp; };
    return status.playing || status.evaluating || (!status.ready && status.failure.empty()) ||
           std::ranges::any_of(status.runs, catchesUp);
}

} // namespace

Session::Session(LaboratoryOptions options, QObject* parent)
    : QObject(parent), experiment_(defaultExperiment()) {
    RunNumbering(nextRunId_).number(experiment_);
    laboratory_ = std::make_unique<Laboratory>(experiment_, options);
    curvature_ = std::make_unique<CurvatureWatch>(*laboratory_);
    connect(this, &Session::experimentChanged, this, &Session::watchCurvature);
    watchCurvature();
    if (!experiment_.runs.empty()) selectedRun_ = experiment_.runs.front().id;

    timer_.setTimerType(Qt::PreciseTimer);
    connect(&timer_, &QTimer::timeout, this, &Session::tick);
    handOverTimer_.setSingleShot(true);
    handOverTimer_.setInterval(handOverMs);
    connect(&handOverTimer_, &QTimer::timeout, this, &Session::handOver);
    stayAwake();
}

Session::~Session() = default;

const RunSpec* Session::run(int id) const {
    const int position = positionOf(id);
    return position < 0 ? nullptr : &experiment_.runs[static_cast<std::size_t>(position)];
}

int Session::positionOf(int id) const {
    const auto found = std::ranges::find(experiment_.runs, id, &RunSpec::id);
    return found == experiment_.runs.end() ? -1 : static_cast<int>(found - experiment_.runs.begin());
}

const RunStatus* Session::runStatus(int id) const {
    const auto found = std::ranges::find(status_.runs, id, &RunStatus::id);
    return found == status_.runs.end() ? nullptr : &*found;
}

std::shared_ptr<History> Session::history(int run) const {
    return laboratory_->history(run);
}

std::shared_ptr<const Snapshot> Session::snapshot(int run) const {
    return laboratory_->snapshot(run);
}

std::shared_ptr<const Split> Session::data() const {
    return laboratory_->data();
}

Laboratory& Session::laboratory() {
    handOver();
    return *laboratory_;
}

Session::Log Session::log() const {
    return laboratory_->log();
}

bool Session::isSettled() const {
    return !waitingEdit_ && (replayTo() > 0 || laboratory_->experiment() == experiment_);
}

std::int64_t Session::replayTo() const {
    return laboratory_->status().replayTo;
}

std::uint64_t Session::open(Experiment experiment, bool play) {
    return openReplayed(std::move(experiment), {}, 0, play);
}

std::uint64_t Session::openReplayed(Experiment start, std::vector<Change> changes, std::int64_t step,
                                    bool play) {
    RunNumbering numbering(nextRunId_);
    numbering.number(start);
    for (Change& change : changes)
        numbering.number(change.after);

    handOver(); // belongs to the session that stays when this one cannot be opened
    experiment_ = changes.empty() ? start : changes.back().after;
    changes_ = changes;
    undoStack_.clear();
    playing_ = goesOn_ = play;
    asked_ = laboratory_->replay({std::move(start), std::move(changes), step}, play);
    status_.replayTo = step;

    emit experimentChanged();
    selectRun(experiment_.runs.empty() ? 0 : experiment_.runs.front().id);
    stayAwake();
    return asked_;
}

void Session::stopReplay() {
    goesOn_ = false;
    send(command::StopReplay{});
}

bool Session::edit(const QString& text, Experiment after, const QString& mergeKey) {
    for (RunSpec& run : after.runs)
        if (run.id == 0) run.id = nextRunId_++;
    if (after == experiment_) return true;
    // Also until the forms show what a replay has ended with.
    if (const std::int64_t end = std::max(replayTo(), status_.replayTo); end > 0) {
        emit editRefused(
            tr("The session is being replayed to step %L1. Wait until it is there, or stop the replay.")
                .arg(end));
        return false;
    }
    try {
        validate(after);
    } catch (const InputError& error) {
        emit editRefused(QString::fromUtf8(error.what()));
        return false;
    }
    const bool mayWait = !mergeKey.isEmpty();
    undoStack_.push(
        new EditCommand(text, experiment_, std::move(after), mergeKey,
                        [this, mayWait](const Experiment& experiment, const QString& description) {
                            apply(experiment, description, mayWait);
                        }));
    return true;
}

/// The one way by which an edit, its undo and its redo come into force.
void Session::apply(const Experiment& experiment, const QString& description, bool mayWait) {
    experiment_ = experiment;
    if (!takingBack_) waitingEdit_ = command::Edit{experiment, description.toStdString()};
    if (!mayWait || !handOverTimer_.isActive()) handOver();
    emit experimentChanged();
    if (!run(selectedRun_)) selectRun(experiment_.runs.empty() ? 0 : experiment_.runs.back().id);
    stayAwake();
}

/// Forms and undo stack go back to what the laboratory trains.
void Session::takeBackWhatFailed() {
    const Experiment inForce = laboratory_->experiment();
    waitingEdit_.reset();
    takingBack_ = true;
    while (undoStack_.canUndo() && experiment_ != inForce) {
        // An obsolete command is dropped as it is undone: it cannot be made again.
        const_cast<QUndoCommand*>(undoStack_.command(undoStack_.index() - 1))->setObsolete(true);
        undoStack_.undo();
    }
    takingBack_ = false;
    adoptWhatIsInForce(); // another session that could not be opened
    playing_ = goesOn_ = status_.playing;
}

/// After what was to be opened has failed, or its replay has ended before its time.
void Session::adoptWhatIsInForce() {
    const Experiment inForce = laboratory_->experiment();
    if (experiment_ == inForce) return;
    experiment_ = inForce;
    emit experimentChanged();
    if (!run(selectedRun_)) selectRun(experiment_.runs.empty() ? 0 : experiment_.runs.front().id);
}

void Session::handOver() {
    if (!waitingEdit_) return;
    laboratory_->send(*std::exchange(waitingEdit_, std::nullopt));
    handOverTimer_.start();
    stayAwake();
}

void Session::send(Command command) {
    handOver(); // what was asked first comes first
    laboratory_->send(std::move(command));
    stayAwake();
}

std::string Session::freeName(const std::string& wanted) const {
    std::set<std::string> taken;
    for (const RunSpec& run : experiment_.runs)
        taken.insert(run.name);
    // "BNP 2" is counted up from "BNP", not to "BNP 2 2".
    std::string stem = wanted;
    const auto space = stem.find_last_of(' ');
    if (space != std::string::npos && space + 1 < stem.size() &&
        stem.find_first_not_of("0123456789", space + 1) == std::string::npos)
        stem.resize(space);
    std::string name = wanted;
    for (int n = 2; taken.contains(name); ++n)
        name = stem + ' ' + std::to_string(n);
    return name;
}

int Session::addRun() {
    RunSpec added = defaultRun();
    added.id = nextRunId_++;
    added.name = freeName("Plain");
    added.color = freeColor(experiment_.runs);
    Experiment after = experiment_;
    after.runs.push_back(added);
    if (!edit(tr("add run %1").arg(QString::fromStdString(added.name)), std::move(after))) return 0;
    selectRun(added.id);
    return added.id;
}

int Session::duplicateRun(int id) {
    const RunSpec* original = run(id);
    if (!original) return 0;
    RunSpec fork = *original;
    fork.id = nextRunId_++;
    fork.name = freeName(original->name);
    fork.forkOf = original->name;
    fork.color = freeColor(experiment_.runs);
    const QString text =
        tr("fork %1 as %2").arg(QString::fromStdString(original->name), QString::fromStdString(fork.name));
    Experiment after = experiment_;
    after.runs.push_back(fork);
    if (!edit(text, std::move(after))) return 0;
    selectRun(fork.id);
    return fork.id;
}

void Session::removeRun(int id) {
    const RunSpec* removed = run(id);
    if (!removed) return;
    const QString text = tr("remove run %1").arg(QString::fromStdString(removed->name));
    const auto position = positionOf(id);
    const auto erase = [position](Experiment& after) {
        keepColors(after.runs, static_cast<std::size_t>(position) + 1);
        after.runs.erase(after.runs.begin() + position);
    };
    if (!change(text, erase)) return;
    const auto left = static_cast<int>(experiment_.runs.size());
    if (left > 0) selectRun(experiment_.runs[static_cast<std::size_t>(std::min(position, left - 1))].id);
}

void Session::play() {
    playing_ = goesOn_ = true;
    send(command::Play{});
}

void Session::pause() {
    playing_ = goesOn_ = false;
    send(command::Pause{});
}

void Session::togglePlay() {
    playing_ ? pause() : play();
}

void Session::step(std::int64_t steps) {
    playing_ = goesOn_ = false;
    send(command::Step{steps});
}

void Session::stepEpoch() {
    playing_ = goesOn_ = false;
    send(command::StepEpoch{});
}

void Session::reset() {
    send(command::Reset{});
}

void Session::newSeed() {
    const auto text = tr("seed %1 → %2").arg(experiment_.seed.data).arg(experiment_.seed.data + 1);
    change(text, [](Experiment& after) {
        for (std::uint64_t* seed :
             {&after.seed.data, &after.seed.weights, &after.seed.batches, &after.seed.noise})
            ++*seed;
    });
}

void Session::setSpeed(double stepsPerSecond) {
    speed_ = stepsPerSecond;
    send(command::SetSpeed{stepsPerSecond});
}

void Session::selectRun(int id) {
    if (id == selectedRun_) return;
    selectedRun_ = id;
    curvature_->setFirst(id);
    emit selectedRunChanged(id);
}

void Session::selectSample(int sample) {
    selectedSample_ = sample;
    emit selectedSampleChanged(sample);
}

void Session::watchCurvature() {
    std::vector<int> ids;
    for (const RunSpec& run : experiment_.runs)
        if (!run.hidden) ids.push_back(run.id);
    curvature_->setRuns(std::move(ids));
    curvature_->setFirst(selectedRun_);
}

void Session::setWatched(bool watched) {
    watched_ = watched;
    curvature_->setWatched(watched);
    if (watched)
        stayAwake();
    else
        timer_.stop();
}

void Session::stayAwake() {
    settling_ = settleTicks;
    if (watched_ && (!timer_.isActive() || timer_.interval() != tickMs)) timer_.start(tickMs);
}

void Session::tick() {
    const LaboratoryStatus before = std::exchange(status_, laboratory_->status());
    const bool moved = !standsAlike(before, status_);
    if (before.playing != status_.playing) playing_ = status_.playing;
    settling_ = moved ? settleTicks : std::max(settling_ - 1, 0);
    if (curvature_->look()) settling_ = std::max(settling_, 1);
    if (before.version != status_.version) changes_ = laboratory_->changes();

    if (before.generation != status_.generation) emit restarted();
    if (experiment_.loss.method.empty() && status_.ready && !status_.opening) {
        experiment_.loss = laboratory_->experiment().loss; // the file has left it to the data
        emit experimentChanged();
    }
    if (before.replay != status_.replay) emit opened(status_.replay);
    const bool replayed = before.replayTo > 0 && status_.replayTo == 0 && status_.replay == asked_;
    if (replayed && experiment_ != laboratory_->experiment()) {
        undoStack_.resetClean(); // no file holds what was replayed up to here and no farther
        adoptWhatIsInForce();
    }
    if (before.failures != status_.failures) {
        // Without anything before, the experiment that failed stays, to be mended.
        if (status_.ready && !status_.opening) takeBackWhatFailed();
        emit failed(QString::fromStdString(status_.failure));
    }
    // Play and stop may both have happened between two looks.
    const bool missed = settling_ == 0 && status_.ready && playing_ != status_.playing;
    if (missed) playing_ = status_.playing;
    if (settling_ > 0 || missed) emit ticked();
    const int interval = settling_ > 0 || isBusy(status_) ? tickMs : idleMs;
    if (timer_.interval() != interval) timer_.setInterval(interval);
}

} // namespace kappascope::ui
