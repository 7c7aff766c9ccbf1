// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/number_text.h"
#include "engine/studies/claim_catalog.h"
#include "engine/studies/study_experiments.h"
#include "engine/studies/study_text.h"
#include "engine/studies/verdicts.h"

#include <algorithm>
#include <iterator>

namespace kappascope {

namespace {

struct Size {
    int batch;
    std::int64_t quick, full; ///< steps
};
constexpr Size sizes[] = {{6, 10'000, 100'000}, {2, 15'000, 200'000}, {1, 20'000, 300'000}};

/// Of one network: test accuracy by batch size, a curve a method.
class BySize {
public:
    explicit BySize(const std::string& network) {
        figure_ = {"small-batches-" + network,
                   network + ": test accuracy by mini-batch size",
                   "Mean and range over the seeds, each method at its own best learning rate for each size.",
                   {"mini-batch size", false, {}},
                   {"test accuracy, %"},
                   {}};
    }
    void add(int batch, const TunedComparison& comparison) {
        figure_.x.categories.push_back(std::to_string(batch));
        figure_.curves.resize(comparison.methods.size());
        for (std::size_t m = 0; m < comparison.methods.size(); ++m) {
            const TunedMethod& method = comparison.methods[m];
            const Spread spread = spreadOf(method.finalAccuracies());
            figure_.curves[m].name = method.name;
            figure_.curves[m].color = static_cast<int>(m);
            figure_.curves[m].points.push_back({static_cast<double>(figure_.x.categories.size() - 1),
                                                100 * spread.minimum, 100 * spread.mean,
                                                100 * spread.maximum});
        }
    }
    Figure take() { return std::move(figure_); }

private:
    Figure figure_;
};

class SmallBatches {
public:
    explicit SmallBatches(StudyContext& context)
        : context_(context), networks_(imageNetworks(context.options().images)) {
        results_ = {"After training", resultHead(), {}, "", false};
        std::string lengths;
        for (const Size& size : sizes)
            lengths += (lengths.empty() ? "" : ", ") + stepsText(context, networks_, size.quick, size.full) +
                       " at " + std::to_string(size.batch);
        results_.note = "Mean ± sample deviation over the seeds, after " + lengths + '.';
    }

    StudyResult run() {
        for (const StudyNetwork& network : networks_)
            measure(network);
        result_.tables.push_back(std::move(results_));
        std::ranges::move(grids_, std::back_inserter(result_.tables));
        std::ranges::move(curves_, std::back_inserter(result_.figures));
        return std::move(result_);
    }

private:
    void measure(const StudyNetwork& network) {
        BySize bySize(network.name);
        for (const Size& size : sizes) {
            const std::string setting = network.name + ", batch " + std::to_string(size.batch);
            const double part = 1.0 / static_cast<double>(networks_.size() * std::size(sizes));
            const auto comparison = compareTuned(context_, imageExperiment(context_, network, size.batch),
                                                 stepsOf(context_, network, size.quick, size.full),
                                                 curvePoints, setting, done_, done_ + part);
            done_ += part;
            judge(*comparison, setting);
            bySize.add(size.batch, *comparison);
            const std::string key = network.name + '-' + std::to_string(size.batch);
            if (size.batch == 1)
                curves_.push_back(
                    accuracyFigure(*comparison, "small-batches-" + key, network.name + ", one image a step"));
            curves_.push_back(gridFigure(*comparison, "small-batches-grid-" + key,
                                         setting + ": the grid of learning rates"));
            grids_.push_back(gridTable(*comparison, setting + ": the grid"));
        }
        result_.figures.push_back(bySize.take());
    }

    void judge(const TunedComparison& comparison, const std::string& setting) {
        Finding works = notWorse(comparison, "BNP", "Plain", setting);
        works.expected = setting + ": BNP works, no worse than the plain network";
        Finding fails = better(comparison, "BNP", "BN", setting);
        fails.expected = setting + ": BN deteriorates or fails, below BNP";
        result_.findings.push_back(std::move(works));
        result_.findings.push_back(std::move(fails));
        std::ranges::move(resultRows(comparison, setting), std::back_inserter(results_.rows));
        std::ranges::move(cautions(comparison, setting), std::back_inserter(result_.notes));
        addMeasurements(comparison, setting, result_.measurements);
    }

    StudyContext& context_;
    std::vector<StudyNetwork> networks_;
    double done_ = 0;
    StudyResult result_;
    StudyTable results_;
    std::vector<StudyTable> grids_;
    std::vector<Figure> curves_;
};

double secondsOfSmallBatches(const StudyContext& context) {
    StudyTraining training(context);
    double sum = 0;
    for (const StudyNetwork& network : imageNetworks(context.options().images))
        for (const Size& size : sizes)
            sum += secondsToCompare(training, imageExperiment(context, network, size.batch),
                                    stepsOf(context, network, size.quick, size.full), curvePoints);
    return sum;
}

} // namespace

namespace claims {

Claim small_batches() {
    Claim claim;
    static_cast<Description&>(claim) = {
        "small_batches",
        "BNP works at mini-batches of 6, 2 and 1, where BN deteriorates or fails",
        "BN is not suitable for very small mini-batches or online learning; BNP is not constrained on the "
        "mini-batch size and works in the online setting.",
        "Lange, Helfrich, Ye, JMLR 23(72), 2022, abstract and Section 5",
        {}};
    claim.measured =
        "The networks of the claim above, at mini-batches of 6, 2 and 1, tuned and compared in the "
        "same way. BNP works where it reads no fewer images right than the plain network, to "
        "within half a point; BN deteriorates or fails where it stays below BNP.";
    claim.presets = {"paper_small_batches_6",     "paper_small_batches_6_cnn", "paper_small_batches_2",
                     "paper_small_batches_2_cnn", "paper_small_batches",       "paper_small_batches_tanh",
                     "paper_small_batches_cnn"};
    claim.study = [](StudyContext& context) { return SmallBatches(context).run(); };
    claim.seconds = secondsOfSmallBatches;
    return claim;
}

} // namespace claims

} // namespace kappascope
