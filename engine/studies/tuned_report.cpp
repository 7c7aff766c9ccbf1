// SPDX-License-Identifier: GPL-3.0-or-later
// What reports show of a tuned comparison.
#include "engine/laboratory/number_text.h"
#include "engine/studies/sample_statistics.h"
#include "engine/studies/study_text.h"
#include "engine/studies/tuned_comparison.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kappascope {

namespace {

/// Runs that have diverged within the measurements are left out of later points, and said so below.
FigurePoint pointOf(const TunedMethod& method, std::size_t position, std::int64_t step) {
    std::vector<double> values;
    for (const TrainedRun& run : method.runs)
        if (position < run.testAccuracy.size()) values.push_back(100 * run.testAccuracy[position]);
    const Spread spread = spreadOf(values);
    return {static_cast<double>(step), spread.minimum, spread.mean, spread.maximum};
}

std::size_t divergedRuns(const TunedMethod& method) {
    return static_cast<std::size_t>(std::ranges::count(method.runs, true, &TrainedRun::diverged));
}

/// On how many seeds the grid was tried, and its best rates.
std::pair<std::size_t, std::size_t> seedsOf(const TunedComparison& comparison) {
    const auto [fewest, most] = std::ranges::minmax_element(
        comparison.methods.front().grid, {}, [](const GridPoint& p) { return p.losses.size(); });
    return {fewest->losses.size(), most->losses.size()};
}

} // namespace

Figure gridFigure(const TunedComparison& comparison, const std::string& key, const std::string& title) {
    Figure figure{
        key,
        title,
        "Loss over the whole training set after " + groupedText(comparison.steps) +
            " steps by learning rate, on the tuning seeds (mean, range), of the two best rates on all of "
            "them. No mark: diverged.",
        {"learning rate", true},
        {"training loss", true},
        {}};
    for (std::size_t m = 0; m < comparison.methods.size(); ++m) {
        FigureCurve curve{comparison.methods[m].name, static_cast<int>(m), false, true, {}};
        for (const GridPoint& point : comparison.methods[m].grid) {
            const Spread spread = spreadOf(point.losses);
            curve.points.push_back({point.rate, spread.minimum, point.mean(), spread.maximum});
        }
        figure.curves.push_back(std::move(curve));
    }
    return figure;
}

StudyTable gridTable(const TunedComparison& comparison, const std::string& title) {
    StudyTable table{title, {"learning rate"}, {}, {}, true};
    for (const TunedMethod& method : comparison.methods)
        table.head.push_back(method.name);
    for (std::size_t r = 0; r < comparison.methods.front().grid.size(); ++r) {
        std::vector<std::string> row{numberText(comparison.methods.front().grid[r].rate)};
        for (const TunedMethod& method : comparison.methods) {
            const double loss = method.grid[r].mean();
            row.push_back((std::isfinite(loss) ? numberText(loss) : "diverged") +
                          (method.grid[r].rate == method.rate ? " (taken)" : ""));
        }
        table.rows.push_back(std::move(row));
    }
    table.note = "Mean loss over the whole training set after " + groupedText(comparison.steps) +
                 " steps, on " + std::to_string(seedsOf(comparison).first) +
                 " tuning seeds; the two best rates of each method are tried on " +
                 std::to_string(seedsOf(comparison).second) + " in all, and the better one is taken.";
    return table;
}

Figure accuracyFigure(const TunedComparison& comparison, const std::string& key, const std::string& title) {
    Figure figure{key,
                  title,
                  "Test accuracy, mean and range over " + std::to_string(comparison.seeds.size()) +
                      " seeds, each method at its own best learning rate.",
                  {"step"},
                  {"test accuracy, %"},
                  {}};
    for (std::size_t m = 0; m < comparison.methods.size(); ++m) {
        const TunedMethod& method = comparison.methods[m];
        FigureCurve curve{
            method.name + " (rate " + numberText(method.rate) + ")", static_cast<int>(m), false, true, {}};
        const auto longest = std::ranges::max_element(
            method.runs, {}, [](const TrainedRun& run) { return run.testAccuracy.size(); });
        // The start, where all are the same, would only stretch the axis.
        for (std::size_t i = 1; i < longest->testAccuracy.size(); ++i)
            curve.points.push_back(pointOf(method, i, longest->steps[i]));
        figure.curves.push_back(std::move(curve));
    }
    return figure;
}

std::vector<std::string> resultHead() {
    return {"setting", "method", "learning rate", "test accuracy, %", "training loss", "diverged"};
}

std::vector<std::vector<std::string>> resultRows(const TunedComparison& comparison,
                                                 const std::string& setting) {
    std::vector<std::vector<std::string>> rows;
    for (const TunedMethod& method : comparison.methods) {
        const std::size_t diverged = divergedRuns(method);
        rows.push_back(
            {setting, method.name, numberText(method.rate), percentText(spreadOf(method.finalAccuracies())),
             spreadText(spreadOf(method.finalLosses())),
             diverged == 0 ? "" : std::to_string(diverged) + " of " + std::to_string(method.runs.size())});
    }
    return rows;
}

void addMeasurements(const TunedComparison& comparison, const std::string& setting,
                     std::vector<Measurement>& to) {
    for (const TunedMethod& method : comparison.methods) {
        for (const GridPoint& point : method.grid)
            for (std::size_t s = 0; s < point.losses.size(); ++s)
                to.push_back({setting, method.name, point.rate, comparison.tuningSeeds[s],
                              "tuning_train_loss", comparison.steps, point.losses[s]});
        for (std::size_t s = 0; s < method.runs.size(); ++s) {
            const TrainedRun& run = method.runs[s];
            const auto add = [&](const char* metric, std::size_t i, double value) {
                to.push_back(
                    {setting, method.name, method.rate, comparison.seeds[s], metric, run.steps[i], value});
            };
            for (std::size_t i = 0; i < run.steps.size(); ++i) {
                add("train_loss_full", i, run.trainLoss[i]);
                if (i < run.testAccuracy.size()) add("test_accuracy", i, run.testAccuracy[i]);
            }
        }
    }
}

std::string equalRatesNote(const TunedComparison& comparison, const std::string& a, const std::string& b,
                           const std::string& setting) {
    const TunedMethod &first = comparison.method(a), &second = comparison.method(b);
    int rates = 0, lower = 0;
    for (std::size_t r = 0; r < second.grid.size() && second.grid[r].rate <= second.rate; ++r) {
        ++rates;
        lower += first.grid[r].mean() < second.grid[r].mean();
    }
    return setting + ": at equal learning rates, up to the best one of " + b + ", " + a +
           " ends at the lower training loss at " + std::to_string(lower) + " of " + std::to_string(rates) +
           " rates of the grid (tuning seeds).";
}

std::vector<std::string> cautions(const TunedComparison& comparison, const std::string& setting) {
    std::vector<std::string> notes;
    for (const TunedMethod& method : comparison.methods) {
        if (method.atEdge)
            notes.push_back(setting + ": the best rate of " + method.name + ", " + numberText(method.rate) +
                            ", lies at the edge of the extended grid; one beyond it may be better.");
        for (std::size_t s = 0; s < method.runs.size(); ++s)
            if (method.runs[s].diverged)
                notes.push_back(setting + ": " + method.name + " at rate " + numberText(method.rate) +
                                " diverged with seed " + std::to_string(comparison.seeds[s]) +
                                "; it counts as guessing, with the training loss of its start.");
    }
    return notes;
}

} // namespace kappascope
