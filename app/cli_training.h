// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli_progress.h"

#include "engine/core/cancellation.h"
#include "engine/core/thread_team.h"
#include "engine/files/training_folder.h"

#include <functional>
#include <optional>
#include <vector>

namespace kappascope::cli {

struct TrainingOptions {
    std::string folder; ///< empty: no files
    std::int64_t checkpointEvery = 0;
    std::int64_t curvatureEvery = 0; ///< steps between measurements of the curvature; 0: none
    int threads = 0;
    bool quiet = false;
    std::shared_ptr<const SavedTraining> resume{}; ///< where to go on; null: at step 0
    std::vector<MeasuredValue> measured{};         ///< before that
    /// What else to do at these steps, ascending, with the laboratory paused; the training ends with the
    /// last.
    std::vector<std::int64_t> visitAt{};
    std::function<void(Laboratory&, const Cancelled&)> visit{};
};

/// Trains a session from its start to its end in chunks, short enough that nothing measured gets lost and
/// that Ctrl-C is heard, and writes what comes of it.
class Training {
public:
    Training(SessionDocument session, TrainingOptions options);
    /// Returns an exit status. Throws Failure, and InputError for files that cannot be written.
    int run();

private:
    /// Waits for what the laboratory was asked for. Throws Failure when it could not be done.
    LaboratoryStatus waitUntilDone();
    /// Makes the changes that are due at the present step.
    void makeChanges();
    void trainChunk();
    std::int64_t stepsToBoundary() const;
    bool ended() const;
    void showProgress();
    void visitIfDue();
    void measureCurvatureIfDue();
    void goOn();
    int report();

    SessionDocument session_;
    TrainingOptions options_;
    Laboratory laboratory_;
    std::optional<TrainingFolder> folder_;
    Progress progress_;
    std::size_t nextChange_ = 0, nextVisit_ = 0;
    std::int64_t step_ = 0;
    std::int64_t nextCurvature_ = 0; ///< step
    ThreadTeam team_;                ///< measures the curvature
    std::int64_t chunk_ = 1;
    const Cancelled* cancelled_ = nullptr; ///< set by Ctrl-C
    bool interrupted_ = false;
};

/// Sets the stop rules to end after `steps` steps, in all states of the session.
void endAfter(SessionDocument& session, std::int64_t steps);

/// The table of results and the signature, as text.
std::string resultsText(const TrainingSummary& summary);

} // namespace kappascope::cli
