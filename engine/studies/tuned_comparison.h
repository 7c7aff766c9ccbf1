// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/studies/learning_rate_grid.h"
#include "engine/studies/study_result.h"
#include "engine/studies/trained_runs.h"

namespace kappascope {

/// One method with a learning rate of its own.
struct TunedMethod {
    std::string name;
    std::vector<GridPoint> grid;
    double rate = 0;              ///< of the lowest mean training loss of the best ones on all tuning seeds
    bool atEdge = false;          ///< of the grid: a rate beyond it might be better still
    std::vector<TrainedRun> runs; ///< at that rate, by measured seed

    std::vector<double> finalAccuracies() const;
    std::vector<double> finalLosses() const;
};

/// Methods on the same task, each at its best learning rate.
struct TunedComparison {
    Experiment experiment; ///< one run a method
    std::int64_t steps = 0;
    std::vector<std::uint64_t> seeds;       ///< that are measured
    std::vector<std::uint64_t> tuningSeeds; ///< of TunedMethod::grid's losses
    std::vector<TunedMethod> methods;

    const TunedMethod& method(const std::string& name) const; ///< throws std::out_of_range
};

constexpr int curvePoints = 10; ///< measurements of a curve over the training

/// Trains each run of `experiment` at every rate of the grid on the tuning seeds, and at its two best ones
/// on the confirming seeds as well (and at the next best ones as long as all of these diverge), takes the
/// rate among these with the lowest mean loss over the whole training set after `steps` steps, and trains
/// with it on the measured seeds, with `points` measurements. A seed is that of weights and mini-batches, the
/// data stay. Takes it from the context where another study has asked for the same. Throws InputError and
/// WorkCancelled.
std::shared_ptr<const TunedComparison> compareTuned(StudyContext& context, const Experiment& experiment,
                                                    std::int64_t steps, int points, const std::string& what,
                                                    double from, double to);

/// Processor seconds that this takes, judged by a trial; less where runs diverge, more where the grid is
/// extended. What the context's store has kept takes none.
double secondsToCompare(StudyTraining& training, const Experiment& experiment, std::int64_t steps,
                        int points);

// --- for reports ---
/// The final training loss by learning rate, a curve a method.
Figure gridFigure(const TunedComparison& comparison, const std::string& key, const std::string& title);
/// The same as a table.
StudyTable gridTable(const TunedComparison& comparison, const std::string& title);
/// Test accuracy over the training, mean and range over the seeds.
Figure accuracyFigure(const TunedComparison& comparison, const std::string& key, const std::string& title);
/// Method, rate, final test accuracy, final training loss, seeds that diverged: a row a method, led by
/// `setting`.
std::vector<std::vector<std::string>> resultRows(const TunedComparison& comparison,
                                                 const std::string& setting);
std::vector<std::string> resultHead();
/// All numbers, the grid's among them.
void addMeasurements(const TunedComparison& comparison, const std::string& setting,
                     std::vector<Measurement>& to);
/// At how many rates of the grid, up to the best one of `b`, `a` ends at the lower training loss: what tuning
/// hides.
std::string equalRatesNote(const TunedComparison& comparison, const std::string& a, const std::string& b,
                           const std::string& setting);
/// Warns of rates at the edge of the grid and of runs that diverged; empty where there is nothing to say.
std::vector<std::string> cautions(const TunedComparison& comparison, const std::string& setting);

} // namespace kappascope
