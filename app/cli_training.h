// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli_progress.h"

#include "engine/files/training_folder.h"

#include <optional>

namespace kappascope::cli {

struct TrainingOptions {
    std::string folder; ///< empty: no files
    std::int64_t checkpointEvery = 0;
    int threads = 0;
    bool quiet = false;
};

/// Trains a session from its start to its end in chunks, short enough that nothing measured gets lost and
/// that Ctrl-C is heard, and writes what comes of it.
class Training {
public:
    Training(SessionDocument session, TrainingOptions options);
    /// Returns an exit status. Throws Failure, and InputError for files that cannot be written.
    int run();

private:
    void waitUntilReady();
    /// Makes the changes that are due at the present step.
    void makeChanges();
    void trainChunk();
    std::int64_t stepsToBoundary() const;
    bool ended() const;
    void showProgress();
    int report();

    SessionDocument session_;
    TrainingOptions options_;
    Laboratory laboratory_;
    std::optional<TrainingFolder> folder_;
    Progress progress_;
    std::size_t nextChange_ = 0;
    std::int64_t step_ = 0;
    std::int64_t chunk_ = 1;
    bool interrupted_ = false;
};

/// The table of results and the signature, as text.
std::string resultsText(const TrainingSummary& summary);

} // namespace kappascope::cli
