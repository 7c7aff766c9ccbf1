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

Experiment seeded(Experiment experiment, std::uint64_t seed) {
    experiment.seed.weights = experiment.seed.batches = experiment.seed.noise = seed;
    return experiment;
}

/// Every run at every rate.
Experiment gridOf(const Experiment& experiment) {
    Experiment grid = experiment;
    grid.runs.clear();
    for (const RunSpec& method : experiment.runs)
        for (const double rate : learningRateGrid()) {
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
        for (const RunSpec& run : experiment.runs) {
            TunedMethod method;
            method.name = run.name;
            for (const double rate : learningRateGrid())
                method.grid.push_back({rate, {}});
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

    void tune() {
        const Experiment grid = gridOf(result_.experiment);
        const auto seeds = context_.tuningSeeds();
        const double part = gridShare / static_cast<double>(seeds.size());
        for (std::size_t s = 0; s < seeds.size(); ++s) {
            const double begin = part * static_cast<double>(s);
            const auto runs =
                training_.train(seeded(grid, seeds[s]), result_.steps, 1, what_ + ": tuning learning rates",
                                progress(begin), progress(begin + part));
            auto run = runs.begin();
            for (TunedMethod& method : result_.methods)
                for (GridPoint& point : method.grid) {
                    point.losses.push_back(run->diverged ? std::numeric_limits<double>::infinity()
                                                         : run->finalLoss());
                    ++run;
                }
        }
        for (std::size_t m = 0; m < result_.methods.size(); ++m) {
            TunedMethod& method = result_.methods[m];
            const std::size_t best = bestRate(method.grid);
            method.rate = method.grid[best].rate;
            method.atEdge = best == 0 || best + 1 == method.grid.size();
            result_.experiment.runs[m].learningRate = method.rate;
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
