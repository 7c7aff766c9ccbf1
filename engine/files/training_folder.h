// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/history_csv.h"
#include "engine/files/session_json.h"
#include "engine/files/summary_json.h"
#include "engine/laboratory/saved_training.h"

#include <filesystem>
#include <map>

namespace kappascope {

/// A value of history.csv.
struct MeasuredValue {
    std::string run;
    std::int64_t step = 0;
    SeriesKey key;
    double value = 0;
};

/// A training that a folder can go on with.
struct ResumedTraining {
    SessionDocument session;
    SavedTraining state;
    std::vector<MeasuredValue> history; ///< of the steps before, in their order
};

/// What train --checkpoint-every has left in `folder`: its experiment, the last state and the values measured
/// before it. Throws InputError naming the file that is missing or wrong.
ResumedTraining resumedTraining(const std::filesystem::path& folder);

/// The folder that a training leaves behind: experiment.kappa, history.csv, summary.json and checkpoints.
/// history.csv grows as history.csv.part meanwhile. Files of the same names are replaced. All calls throw
/// InputError naming the file that cannot be written.
class TrainingFolder {
public:
    /// Makes the folder and writes experiment.kappa: what runs, defaults filled in, a session with its log.
    TrainingFolder(std::filesystem::path folder, const SessionDocument& session);

    /// Adds the new values to history.csv. Call it, with the laboratory paused, before the histories merge
    /// what they hold: every few thousand steps.
    void append(const Laboratory& laboratory);
    /// RUN/step-00001000.safetensors of every run that has trained since its last checkpoint, and
    /// state.safetensors, with which resumedTraining() goes on; `changesMade` of the session's have been made
    /// so far.
    void checkpoint(Laboratory& laboratory, std::size_t changesMade = 0);
    /// Writes down again what was measured before the laboratory went on from a saved training, also of runs
    /// that have been removed since, and gives it to its histories. Not of runs that none of the first
    /// `changesMade` changes of the session knows: those will be added again.
    void restoreHistory(const Laboratory& laboratory, const std::vector<MeasuredValue>& values,
                        std::size_t changesMade);
    /// Puts history.csv in its place and writes summary.json.
    void finish(const TrainingSummary& summary);

    /// Values that are not in history.csv because they had been merged (a run that was added late).
    std::int64_t missed() const { return history_.missed(); }

private:
    std::filesystem::path folder_;
    SessionDocument session_;
    Precision precision_;
    HistoryCsv history_;
    std::map<int, std::int64_t> checkpoints_; ///< by run id: step of its last one
};

} // namespace kappascope
