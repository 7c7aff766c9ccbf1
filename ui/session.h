// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/laboratory.h"

#include <QObject>
#include <QTimer>
#include <QUndoStack>
#include <memory>
#include <optional>

namespace kappascope::ui {

class CurvatureWatch;

/// Runs up to which the window offers to add one: more columns are of no use. Files may hold more.
inline constexpr int mostRunsByHand = 16;

/// The only place that talks to the laboratory: commands in, a tick of at most 60 Hz out. Everything in the
/// window reads from here and asks here. GUI thread only; nothing here waits for training.
class Session : public QObject {
    Q_OBJECT
public:
    explicit Session(LaboratoryOptions options = {.background = true, .evaluatesAtRest = true},
                     QObject* parent = nullptr);
    ~Session() override;

    // --- what is ---
    /// The experiment as the user has it: forms show this.
    const Experiment& experiment() const { return experiment_; }
    const RunSpec* run(int id) const; ///< null for an unknown id
    int positionOf(int id) const;     ///< in experiment().runs; -1 for an unknown id
    /// As of the last tick.
    const LaboratoryStatus& status() const { return status_; }
    const RunStatus* runStatus(int id) const;
    const std::vector<Change>& changes() const { return changes_; }
    std::shared_ptr<History> history(int run) const;
    /// Newest snapshot; asking also orders a newer one. Null at first.
    std::shared_ptr<const Snapshot> snapshot(int run) const;
    std::shared_ptr<const Split> data() const;
    /// With every edit handed over.
    Laboratory& laboratory();
    /// What is measured of the curvature of all runs.
    CurvatureWatch& curvature() const { return *curvature_; }
    /// Enough to come back to this very state: openReplayed() takes it.
    using Log = Laboratory::Log;
    Log log() const;
    /// Whether log() holds every edit.
    bool isSettled() const;
    /// The step that a session is being replayed to; 0 when none is. There are no edits meanwhile.
    std::int64_t replayTo() const;
    /// Whether a session is still being set up.
    bool isOpening() const { return laboratory_->status().opening; }

    // --- what the user does ---
    /// Replaces everything: new file, preset. Clears the undo stack. Starts to train when `play`. Ends with
    /// opened() and the number that is returned, or with failed().
    std::uint64_t open(Experiment experiment, bool play);
    /// A session with its log: trains on its own to `step`, then pauses (or goes on when `play`).
    std::uint64_t openReplayed(Experiment start, std::vector<Change> changes, std::int64_t step, bool play);
    /// Stays where the replay is: the changes still to come are dropped.
    void stopReplay();
    /// One undoable change. `text` is what the undo menu and the flag on the time axis say. Edits with the
    /// same `mergeKey` (not empty) in quick succession become one, as when a slider is dragged. Returns
    /// false, with editRefused(), when the experiment is not valid; nothing changes then.
    bool edit(const QString& text, Experiment after, const QString& mergeKey = {});
    /// Convenience: edit() of a copy that `change` has altered.
    template<class F>
    bool change(const QString& text, F change, const QString& mergeKey = {}) {
        Experiment after = experiment_;
        change(after);
        return edit(text, std::move(after), mergeKey);
    }
    /// The same for one run.
    template<class F>
    bool changeRun(int id, const QString& text, F change, const QString& mergeKey = {}) {
        Experiment after = experiment_;
        for (RunSpec& run : after.runs)
            if (run.id == id) change(run);
        return edit(text, std::move(after), mergeKey);
    }
    QUndoStack* undoStack() { return &undoStack_; }

    int addRun();             ///< a plain run with a free name; returns its id
    int duplicateRun(int id); ///< a fork from its present state
    void removeRun(int id);

    /// Whether it trains, or will as soon as the laboratory has caught up with the last click.
    bool isPlaying() const { return playing_; }
    /// The same, but for a replay what comes after it.
    bool goesOn() const { return replayTo() > 0 ? goesOn_ : playing_; }
    void play();
    void pause();
    void togglePlay();
    void step(std::int64_t steps = 1);
    void stepEpoch();
    void reset();
    void newSeed();
    void setSpeed(double stepsPerSecond); ///< 0: as fast as the machine goes
    double speed() const { return speed_; }

    int selectedRun() const { return selectedRun_; }
    void selectRun(int id);

    /// The sample that is looked at, of the set that the pictures show (the test set, or the training set
    /// without one); 0 at first.
    int selectedSample() const { return selectedSample_; }
    void selectSample(int sample);

    /// No ticks while nobody looks.
    void setWatched(bool watched);

signals:
    void ticked();            ///< something measured or the state has changed: visible panels refresh, once
    void experimentChanged(); ///< experiment() is another: forms reload, columns come and go
    void restarted();         ///< the runs started over: histories are new
    void opened(quint64 number); ///< what was opened with that number is in force
    void selectedRunChanged(int id);
    void selectedSampleChanged(int sample); ///< also when the same one is chosen again
    void editRefused(const QString& why);
    /// The laboratory could not put an experiment or an edit into force; what was before is back.
    void failed(const QString& why);

private:
    void tick();
    void apply(const Experiment& experiment, const QString& description, bool mayWait);
    void adoptWhatIsInForce();
    void takeBackWhatFailed();
    void handOver();
    void send(Command command);
    void stayAwake();
    void watchCurvature();
    std::string freeName(const std::string& wanted) const;

    std::unique_ptr<Laboratory> laboratory_;
    std::unique_ptr<CurvatureWatch> curvature_; ///< after the laboratory, which it looks at
    Experiment experiment_;
    LaboratoryStatus status_;
    std::vector<Change> changes_;
    QUndoStack undoStack_;
    QTimer timer_;
    QTimer handOverTimer_;                     ///< runs after an edit: the next ones of a drag wait for it
    std::optional<command::Edit> waitingEdit_; ///< the newest edit of a drag, not handed over yet
    std::uint64_t asked_ = 0;                  ///< number of what was opened last
    int settling_ = 0; ///< ticks to go on although nothing moves: snapshots are on their way
    bool watched_ = true, playing_ = false, goesOn_ = false;
    bool takingBack_ = false; ///< an undo that the laboratory need not hear of
    double speed_ = 0;
    int selectedRun_ = 0, selectedSample_ = 0;
    int nextRunId_ = 1;
};

} // namespace kappascope::ui
