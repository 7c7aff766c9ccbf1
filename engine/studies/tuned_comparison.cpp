// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/tuned_comparison.h"

#include "engine/files/experiment_json.h"
#include "engine/laboratory/number_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace kappascope {

namespace {

constexpr double gridShare = 0.6; // of the progress; about that of the time

/// What the grid is extended by, from its edges outwards.
const std::vector<double> lowerRates{0.0003, 0.0001, 0.00003, 0.00001};
const std::vector<double> higherRates{30, 100};

Experiment seeded(Experiment experiment, std::uint64_t seed) {
    experiment.seed.weights = experiment.seed.batches = experiment.seed.noise = seed;
    return experiment;
}

/// Every run at every rate.
Experiment gridOf(const Experiment& experiment, const std::vector<double>& rates) {
    Experiment grid = experiment;
    grid.runs.clear();
    for (const RunSpec& method : experiment.runs)
        for (const double rate : rates) {
            RunSpec run = method;
            run.id = static_cast<int>(grid.runs.size()) + 1;
            run.name = method.name + " at " + numberText(rate);
            run.learningRate = rate;
            grid.runs.push_back(run);
        }
    return grid;
}

class Comparing {
public:
    Comparing(const StudyContext& context, const Experiment& experiment, std::int64_t steps,
              const std::string& what, double from, double to)
        : context_(context), training_(context), what_(what), from_(from), to_(to) {
        result_.experiment = experiment;
        result_.steps = steps;
        result_.seeds = context.seeds();
        result_.tuningSeeds = context.tuningSeeds();
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
    double progress(double share) const { return from_ + (to_ - from_) * share; }

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
        extend(lowerRates, &GridEdges::low);
        extend(higherRates, &GridEdges::high);
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
        const Experiment experiment = gridOf(result_.experiment, rates);
        const std::vector<std::uint64_t>& seeds = result_.tuningSeeds;
        const double part = (to - from) / static_cast<double>(seeds.size());
        std::vector<std::vector<GridPoint>> points(result_.methods.size());
        for (std::size_t s = 0; s < seeds.size(); ++s) {
            const double begin = from + part * static_cast<double>(s);
            const auto runs =
                training_.train(seeded(experiment, seeds[s]), result_.steps, 1,
                                what_ + ": tuning learning rates", progress(begin), progress(begin + part));
            auto run = runs.begin();
            for (std::vector<GridPoint>& ofMethod : points)
                for (std::size_t r = 0; r < rates.size(); ++r, ++run) {
                    if (s == 0) ofMethod.push_back({rates[r], {}});
                    ofMethod[r].losses.push_back(run->diverged ? std::numeric_limits<double>::infinity()
                                                               : run->finalLoss());
                }
        }
        for (std::size_t m = 0; m < points.size(); ++m) {
            std::vector<GridPoint>& grid = result_.methods[m].grid;
            const bool below = !grid.empty() && rates.front() < grid.front().rate;
            grid.insert(below ? grid.begin() : grid.end(), points[m].begin(), points[m].end());
        }
    }

    void measure(int points) {
        const double part = (1 - gridShare) / static_cast<double>(result_.seeds.size());
        for (std::size_t s = 0; s < result_.seeds.size(); ++s) {
            const double begin = gridShare + part * static_cast<double>(s);
            auto runs = training_.train(seeded(result_.experiment, result_.seeds[s]), result_.steps, points,
                                        what_ + ": seed " + std::to_string(s + 1) + " of " +
                                            std::to_string(result_.seeds.size()),
                                        progress(begin), progress(begin + part));
            for (std::size_t m = 0; m < result_.methods.size(); ++m)
                result_.methods[m].runs.push_back(std::move(runs[m]));
        }
    }

    const StudyContext& context_;
    StudyTraining training_;
    std::string what_;
    double from_, to_;
    TunedComparison result_;
};

std::vector<double> finalOf(const std::vector<TrainedRun>& runs, double (TrainedRun::*value)() const) {
    std::vector<double> values;
    for (const TrainedRun& run : runs)
        values.push_back((run.*value)());
    return values;
}

} // namespace

double GridPoint::mean() const {
    return std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
}

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

const std::vector<double>& learningRateGrid() {
    static const std::vector<double> rates{0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10};
    return rates;
}

std::size_t bestRate(const std::vector<GridPoint>& grid) {
    const auto best = std::ranges::min_element(grid, {}, &GridPoint::mean);
    return static_cast<std::size_t>(best - grid.begin());
}

std::shared_ptr<const TunedComparison> compareTuned(StudyContext& context, const Experiment& experiment,
                                                    std::int64_t steps, int points, const std::string& what,
                                                    double from, double to) {
    auto& known = context.comparisons()[std::to_string(steps) + '/' + std::to_string(points) +
                                        formatExperiment(experiment)];
    if (!known)
        known = std::make_shared<const TunedComparison>(
            Comparing(context, experiment, steps, what, from, to).run(points));
    return known;
}

} // namespace kappascope
