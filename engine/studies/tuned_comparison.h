// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/studies/study_result.h"
#include "engine/studies/trained_runs.h"

namespace kappascope {

/// What a rate of the grid led to.
struct GridPoint {
    double rate = 0;
    /// Of the whole training set at the end, by tuning seed, all of them where the rate was among the two
    /// best of its method; infinite: diverged.
    std::vector<double> losses;
    double mean() const;
};

/// One method with a learning rate of its own.
struct TunedMethod {
    std::string name;
    std::vector<GridPoint> grid;
    double rate = 0;              ///< of the lowest mean training loss of the two best on all tuning seeds
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

/// The grid that every method is tuned on: half decades from 0.001 to 10. Where the best rate of one of them
/// lies at an edge, all are tried beyond it as well, down to 0.00001 and up to 100.
const std::vector<double>& learningRateGrid();

/// Trains each run of `experiment` at every rate of the grid on the tuning seeds, and at its two best ones
/// on the confirming seeds as well, takes the rate of these two with the lowest mean loss over the whole
/// training set after `steps` steps, and trains with it on the measured seeds, with `points` measurements. A
/// seed is that of weights and mini-batches, the data stay. Takes it from the context where another study has
/// asked for the same. Throws InputError and WorkCancelled.
std::shared_ptr<const TunedComparison> compareTuned(StudyContext& context, const Experiment& experiment,
                                                    std::int64_t steps, int points, const std::string& what,
                                                    double from, double to);

/// Processor seconds that this takes, judged by a trial; less where runs diverge, more where the grid is
/// extended.
double secondsToCompare(StudyTraining& training, const Experiment& experiment, std::int64_t steps,
                        int points);

/// The position of the rate to take: the lowest mean loss among those that were tried with the most seeds.
/// The first of them where all have diverged.
std::size_t bestRate(const std::vector<GridPoint>& grid);

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
