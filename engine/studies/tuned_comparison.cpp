// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/tuned_comparison.h"

#include "engine/files/experiment_json.h"
#include "engine/laboratory/number_text.h"
#include "engine/studies/training_store.h"

#include <algorithm>
#include <ctime>
#include <functional>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <utility>

namespace kappascope {

namespace {

constexpr double gridShare = 0.6, confirmedShare = 0.8; // of the progress; about those of the time

Experiment seeded(Experiment experiment, std::uint64_t seed) {
    experiment.seed.weights = experiment.seed.batches = experiment.seed.noise = seed;
    return experiment;
}

/// Every run at each of its rates: `rates` has a list a run.
Experiment gridOf(const Experiment& experiment, const std::vector<std::vector<double>>& rates) {
    Experiment grid = experiment;
    grid.runs.clear();
    for (std::size_t m = 0; m < experiment.runs.size(); ++m)
        for (const double rate : rates[m]) {
            RunSpec run = experiment.runs[m];
            run.name += " at " + numberText(rate);
            run.id = static_cast<int>(grid.runs.size()) + 1;
            run.learningRate = rate;
            grid.runs.push_back(run);
        }
    return grid;
}

/// All that the numbers of a training depend on.
std::string trainingText(const Experiment& experiment, std::int64_t steps, int points) {
    return std::to_string(steps) + '/' + std::to_string(points) + formatExperiment(experiment);
}

/// Trains the runs of an experiment with so many measurements after the first; `what` is told, [from, to] is
/// its part of the comparison's progress.
using Train = std::function<std::vector<TrainedRun>(const Experiment&, int points, const std::string& what,
                                                    double from, double to)>;

class Comparing {
public:
    Comparing(const StudyContext& context, const Experiment& experiment, std::int64_t steps, std::string what,
              Train train)
        : what_(std::move(what)), train_(std::move(train)) {
        result_.experiment = experiment;
        result_.steps = steps;
        result_.seeds = context.seeds();
        result_.tuningSeeds = context.tuningSeeds();
        gridSeeds_ = result_.tuningSeeds.size();
        std::ranges::copy(context.confirmingSeeds(), std::back_inserter(result_.tuningSeeds));
        for (const RunSpec& run : experiment.runs) {
            TunedMethod method;
            method.name = run.name;
            result_.methods.push_back(std::move(method));
        }
    }

    TunedComparison run(int points) {
        tune();
        measure(points);
        return std::move(result_);
    }

private:
    /// At the edge of the grid nothing is known of what lies beyond: while the best rate of a method is
    /// there, all of them try another one.
    void tune() {
        tryRates(learningRateGrid(), 0, gridShare);
        const auto extend = [this](const std::vector<double>& further, int GridEdges::*edge) {
            for (const double rate : further) {
                if (edges().*edge == 0) break;
                tryRates({rate}, gridShare, gridShare);
            }
        };
        extend(lowerRates(), &GridEdges::low);
        extend(higherRates(), &GridEdges::high);
        confirm();
        for (std::size_t m = 0; m < result_.methods.size(); ++m) {
            TunedMethod& method = result_.methods[m];
            const std::size_t best = bestRate(method.grid);
            method.rate = method.grid[best].rate;
            method.atEdge = best == 0 || best + 1 == method.grid.size();
            result_.experiment.runs[m].learningRate = method.rate;
        }
    }

    /// How many methods have their best rate at either edge of the grid.
    struct GridEdges {
        int low = 0, high = 0;
    };
    GridEdges edges() const {
        GridEdges edges;
        for (const TunedMethod& method : result_.methods) {
            const std::size_t best = bestRate(method.grid);
            edges.low += best == 0;
            edges.high += best + 1 == method.grid.size();
        }
        return edges;
    }

    /// Trains all methods at `rates`, ascending and all below or all above those that were tried.
    void tryRates(const std::vector<double>& rates, double from, double to) {
        auto points = trainAt(std::vector(result_.methods.size(), rates), 0, gridSeeds_, from, to);
        for (std::size_t m = 0; m < points.size(); ++m) {
            std::vector<GridPoint>& grid = result_.methods[m].grid;
            const bool below = !grid.empty() && rates.front() < grid.front().rate;
            grid.insert(below ? grid.begin() : grid.end(), points[m].begin(), points[m].end());
        }
    }

    /// A rate at the edge of stability may do well with the few seeds of the grid: the best rates of every
    /// method have to do well with more of them. Where none does, the next best is tried.
    void confirm() {
        for (double from = gridShare;; from = confirmedShare) {
            std::vector<std::vector<double>> rates;
            for (const TunedMethod& method : result_.methods)
                rates.push_back(ratesToConfirm(method.grid));
            if (std::ranges::all_of(rates, &std::vector<double>::empty)) return;
            confirmAt(rates, from);
        }
    }

    void confirmAt(const std::vector<std::vector<double>>& rates, double from) {
        const auto points = trainAt(rates, gridSeeds_, result_.tuningSeeds.size(), from, confirmedShare);
        for (std::size_t m = 0; m < points.size(); ++m)
            for (const GridPoint& more : points[m]) {
                GridPoint& point = *std::ranges::find(result_.methods[m].grid, more.rate, &GridPoint::rate);
                std::ranges::copy(more.losses, std::back_inserter(point.losses));
            }
    }

    /// Trains every method at its rates on the tuning seeds [first, last): by method and rate, the losses.
    std::vector<std::vector<GridPoint>> trainAt(const std::vector<std::vector<double>>& rates,
                                                std::size_t first, std::size_t last, double from, double to) {
        std::vector<std::vector<GridPoint>> points(rates.size());
        for (std::size_t m = 0; m < rates.size(); ++m)
            for (const double rate : rates[m])
                points[m].push_back({rate, {}});
        const Experiment experiment = gridOf(result_.experiment, rates);
        const double part = (to - from) / static_cast<double>(last - first);
        for (std::size_t s = first; s < last; ++s) {
            const double begin = from + part * static_cast<double>(s - first);
            const auto runs = train_(seeded(experiment, result_.tuningSeeds[s]), 1,
                                     what_ + ": tuning learning rates", begin, begin + part);
            auto run = runs.begin();
            for (std::vector<GridPoint>& ofMethod : points)
                for (GridPoint& point : ofMethod) {
                    point.losses.push_back(run->diverged ? std::numeric_limits<double>::infinity()
                                                         : run->finalLoss());
                    ++run;
                }
        }
        return points;
    }

    void measure(int points) {
        const double part = (1 - confirmedShare) / static_cast<double>(result_.seeds.size());
        for (std::size_t s = 0; s < result_.seeds.size(); ++s) {
            const double begin = confirmedShare + part * static_cast<double>(s);
            auto runs = train_(seeded(result_.experiment, result_.seeds[s]), points,
                               what_ + ": seed " + std::to_string(s + 1) + " of " +
                                   std::to_string(result_.seeds.size()),
                               begin, begin + part);
            for (std::size_t m = 0; m < result_.methods.size(); ++m)
                result_.methods[m].runs.push_back(std::move(runs[m]));
        }
    }

    std::string what_;
    Train train_;
    std::size_t gridSeeds_ = 0; ///< of the tuning seeds: those on which the whole grid is tried
    TunedComparison result_;
};

/// Trains, or takes what an interrupted report has left.
std::vector<TrainedRun> trainOrTake(StudyContext& context, StudyTraining& training,
                                    const Experiment& experiment, std::int64_t steps, int points,
                                    const std::string& what, double from, double to) {
    TrainingStore* const store = context.store();
    const std::string key = store ? trainingText(experiment, steps, points) : std::string();
    if (const TrainingStore::Kept* kept = store ? store->find(key) : nullptr) {
        context.report(what, to);
        context.addKeptSeconds(kept->processorSeconds);
        return kept->runs;
    }
    const std::clock_t begin = std::clock();
    auto runs = training.train(experiment, steps, points, what, from, to);
    if (store) store->keep(key, {runs, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC});
    return runs;
}

/// What an interrupted report has spent on this comparison. Its trainings follow from one another: the
/// comparison is made again as far as they are kept.
double keptSeconds(const StudyContext& context, const Experiment& experiment, std::int64_t steps,
                   int points) {
    if (!context.store()) return 0;
    struct NotKept {};
    double seconds = 0;
    const Train take = [&](const Experiment& each, int count, const std::string&, double, double) {
        const TrainingStore::Kept* kept = context.store()->find(trainingText(each, steps, count));
        if (!kept) throw NotKept();
        seconds += kept->processorSeconds;
        return kept->runs;
    };
    try {
        Comparing(context, experiment, steps, {}, take).run(points);
    } catch (const NotKept&) { // that is how far it was
    }
    return seconds;
}

std::vector<double> finalOf(const std::vector<TrainedRun>& runs, double (TrainedRun::*value)() const) {
    std::vector<double> values;
    for (const TrainedRun& run : runs)
        values.push_back((run.*value)());
    return values;
}

} // namespace

std::vector<double> TunedMethod::finalAccuracies() const {
    return finalOf(runs, &TrainedRun::finalAccuracy);
}

std::vector<double> TunedMethod::finalLosses() const {
    return finalOf(runs, &TrainedRun::finalLoss);
}

const TunedMethod& TunedComparison::method(const std::string& name) const {
    const auto found = std::ranges::find(methods, name, &TunedMethod::name);
    if (found == methods.end()) throw std::out_of_range("no method '" + name + "' was compared");
    return *found;
}

std::shared_ptr<const TunedComparison> compareTuned(StudyContext& context, const Experiment& experiment,
                                                    std::int64_t steps, int points, const std::string& what,
                                                    double from, double to) {
    auto& known = context.comparisons()[trainingText(experiment, steps, points)];
    if (known) return known;
    StudyTraining training(context);
    const auto progress = [&](double share) { return from + (to - from) * share; };
    const Train train = [&](const Experiment& each, int count, const std::string& doing, double begin,
                            double end) {
        return trainOrTake(context, training, each, steps, count, doing, progress(begin), progress(end));
    };
    known = std::make_shared<const TunedComparison>(
        Comparing(context, experiment, steps, what, train).run(points));
    return known;
}

double secondsToCompare(StudyTraining& training, const Experiment& experiment, std::int64_t steps,
                        int points) {
    const TrainingCost cost = training.trial(experiment);
    const auto seconds = [&](std::size_t times, int measurements) {
        return static_cast<double>(times) *
               (static_cast<double>(steps) * cost.step + measurements * cost.measurement);
    };
    const StudyContext& context = training.context();
    const std::size_t tuning = learningRateGrid().size() * context.tuningSeeds().size() +
                               candidateCount * context.confirmingSeeds().size();
    return std::max(0.0, seconds(tuning, 2) + seconds(context.seeds().size(), points + 1) -
                             keptSeconds(context, experiment, steps, points));
}

} // namespace kappascope
