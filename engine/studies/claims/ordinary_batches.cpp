// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/claim_catalog.h"
#include "engine/studies/study_experiments.h"
#include "engine/studies/study_text.h"
#include "engine/studies/verdicts.h"

#include <iterator>
#include <numeric>

namespace kappascope {

namespace {

constexpr std::int64_t quickSteps = 5'000, fullSteps = 60'000;

StudyResult study(StudyContext& context) {
    const std::vector<StudyNetwork> networks = imageNetworks(context.options().images);
    StudyResult result;
    StudyTable table{"After " + stepsText(context, networks, quickSteps, fullSteps) + " of " +
                         std::to_string(ordinaryBatch) + " images",
                     resultHead(),
                     {},
                     "Mean ± sample deviation over the seeds.",
                     false};
    std::vector<Figure> grids;
    std::vector<StudyTable> gridTables;
    for (std::size_t n = 0; n < networks.size(); ++n) {
        const StudyNetwork& network = networks[n];
        const double part = 1.0 / static_cast<double>(networks.size());
        const auto comparison =
            compareTuned(context, imageExperiment(context, network, ordinaryBatch),
                         stepsOf(context, network, quickSteps, fullSteps), curvePoints,
                         network.name + ", batch " + std::to_string(ordinaryBatch),
                         part * static_cast<double>(n), part * static_cast<double>(n + 1));
        result.findings.push_back(notWorse(*comparison, "BNP", "BN", network.name));
        result.findings.push_back(better(*comparison, "BNP", "Plain", network.name));
        result.findings.push_back(fitsBetter(*comparison, "BNP", "Plain", network.name));
        result.figures.push_back(
            accuracyFigure(*comparison, "ordinary-batches-" + network.name,
                           network.name + ", mini-batches of " + std::to_string(ordinaryBatch)));
        grids.push_back(gridFigure(*comparison, "ordinary-batches-grid-" + network.name,
                                   network.name + ": the grid of learning rates"));
        gridTables.push_back(gridTable(*comparison, network.name + ": the grid"));
        std::ranges::move(resultRows(*comparison, network.name), std::back_inserter(table.rows));
        result.notes.push_back(equalRatesNote(*comparison, "BNP", "Plain", network.name));
        std::ranges::move(cautions(*comparison, network.name), std::back_inserter(result.notes));
        addMeasurements(*comparison, network.name + ", batch " + std::to_string(ordinaryBatch),
                        result.measurements);
    }
    result.tables.push_back(std::move(table));
    std::ranges::move(gridTables, std::back_inserter(result.tables));
    std::ranges::move(grids, std::back_inserter(result.figures));
    return result;
}

double secondsOfOrdinaryBatches(const StudyContext& context) {
    const std::vector<StudyNetwork> networks = imageNetworks(context.options().images);
    StudyTraining training(context);
    return std::accumulate(
        networks.begin(), networks.end(), 0.0, [&](double sum, const StudyNetwork& network) {
            return sum + secondsToCompare(training, imageExperiment(context, network, ordinaryBatch),
                                          stepsOf(context, network, quickSteps, fullSteps), curvePoints);
        });
}

} // namespace

namespace claims {

Claim ordinary_batches() {
    Claim claim;
    static_cast<Description&>(claim) = {
        "ordinary_batches",
        "At ordinary batch sizes BNP is comparable with BN and better than the plain network",
        "BNP trains about as well as BN at ordinary mini-batch sizes, and better than the network without "
        "normalization.",
        "Lange, Helfrich, Ye, JMLR 23(72), 2022, Section 5",
        {}};
    claim.measured =
        "Dense networks with three hidden layers of 100 units and sigmoid, tanh or ReLU, and a "
        "convolutional one (8 and 16 channels of 5 x 5 with stride 2, 50 of 4 x 4, ReLU), are trained by "
        "plain SGD on mini-batches of 60. Each method's learning rate is the one of the common grid with "
        "the lowest training loss, on seeds of its own: the whole grid on a few of them, the two best "
        "rates on more, since a rate at the edge of stability does well with some seeds and breaks down "
        "with others. Differences are paired by seed, with 95 % intervals.";
    claim.presets = {"paper_ordinary_batches", "paper_ordinary_batches_tanh",
                     "paper_ordinary_batches_sigmoid", "paper_ordinary_batches_equal_rates",
                     "paper_ordinary_batches_cnn"};
    claim.study = study;
    claim.seconds = secondsOfOrdinaryBatches;
    return claim;
}

} // namespace claims

} // namespace kappascope
