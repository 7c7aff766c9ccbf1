// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/core/thread_team.h"
#include "engine/data/data_spec.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kappascope {

struct TunedComparison;
class TrainingStore;

/// How much a study trains: minutes for all of them on two cores, or until the curves are flat.
enum class StudyScale { Quick, Full };

struct StudyOptions {
    StudyScale scale = StudyScale::Quick;
    int seeds = 5;   ///< that are measured; learning rates are tuned on others
    int threads = 1; ///< that train and measure
    DataSpec images; ///< what networks learn to read: imageData("mnist"), imageData("digits")
    /// Training steps are divided by this, and above 1 rates are tuned on two seeds, and fewer samples and
    /// neurons are measured: for tests, which look at how a study works and not at what it finds.
    int shortening = 1;
};

/// Images for the studies: "mnist", or "digits", the embedded 8 x 8 ones with values scaled to 0 ... 1.
/// Throws InputError for another name.
DataSpec imageData(const std::string& set);

/// What a study is given. Used by the thread that runs it.
class StudyContext {
public:
    /// Says what is being done; `done` of it in [0, 1].
    using Progress = std::function<void(const std::string& what, double done)>;

    /// `store`: keeps what trainings have measured, and what it has is not trained again; null: nothing is.
    explicit StudyContext(StudyOptions options, Progress progress = {}, const Cancelled* cancelled = nullptr,
                          TrainingStore* store = nullptr);

    const StudyOptions& options() const { return options_; }
    bool full() const { return options_.scale == StudyScale::Full; }
    bool shortened() const { return options_.shortening > 1; }
    /// `quick` or `full` steps, by the scale.
    std::int64_t steps(std::int64_t quick, std::int64_t full) const;
    /// 1, 2, ...: those that are measured.
    std::vector<std::uint64_t> seeds() const;
    /// Seeds on which learning rates are tuned: none of seeds().
    std::vector<std::uint64_t> tuningSeeds() const;
    /// Further ones, on which the best rates of a method have to stand the test.
    std::vector<std::uint64_t> confirmingSeeds() const;

    ThreadTeam& team() { return team_; }
    const Cancelled* cancelled() const { return cancelled_; }
    /// Throws WorkCancelled once nobody wants the result any more.
    void report(const std::string& what, double done) const;

    /// Comparisons that an earlier study of this report has made, by the experiment that they belong to: the
    /// same experiment gives the same numbers.
    std::map<std::string, std::shared_ptr<const TunedComparison>>& comparisons() { return comparisons_; }

    TrainingStore* store() const { return store_; }
    /// Processor time of the trainings that were taken from the store.
    double keptSeconds() const { return keptSeconds_; }
    void addKeptSeconds(double seconds) { keptSeconds_ += seconds; }

private:
    StudyOptions options_;
    Progress progress_;
    const Cancelled* cancelled_;
    TrainingStore* store_;
    double keptSeconds_ = 0;
    ThreadTeam team_;
    std::map<std::string, std::shared_ptr<const TunedComparison>> comparisons_;
};

} // namespace kappascope
