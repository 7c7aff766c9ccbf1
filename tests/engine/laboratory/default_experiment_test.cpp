// SPDX-License-Identifier: GPL-3.0-or-later
// What a student sees first.
#include "engine/files/presets.h"
#include "tests/support/laboratory.h"

#include <QTest>
#include <algorithm>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr int seeds = 5;

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// Full training losses of the three runs before step `at`, the medians over seeds. `change` is made to the
/// experiment at step `when`.
template<class F>
std::vector<double> medianLosses(const char* name, std::int64_t at, std::int64_t when, F change) {
    std::vector<std::vector<double>> losses(3);
    for (std::uint64_t seed = 7; seed < 7 + seeds; ++seed) {
        Experiment experiment = preset(name);
        experiment.seed = {seed, seed, seed, seed};
        experiment.measureEvery = 5;
        Laboratory laboratory(experiment);
        step(laboratory, when);
        edit(laboratory, "switch", change);
        step(laboratory, at + 1 - when);
        for (int run = 0; run < 3; ++run)
            losses[static_cast<std::size_t>(run)].push_back(
                laboratory.history(run + 1)->at({"train_loss_full"}, at).mean);
    }
    std::vector<double> medians;
    for (auto& run : losses)
        medians.push_back(median(run));
    return medians;
}

QString text(const std::vector<double>& losses) {
    return QString("plain %1, BN %2, BNP %3").arg(losses[0]).arg(losses[1]).arg(losses[2]);
}

void asItIs(Experiment&) {}

} // namespace

class DefaultExperimentTest : public QObject {
    Q_OBJECT
private slots:
    void plainCrawlsAndTheOthersRace() {
        const auto losses = medianLosses("default", 400, 100, asItIs);
        QVERIFY2(losses[0] > 0.3, qPrintable(text(losses)));
        QVERIFY2(losses[1] < 0.02 && losses[2] < 0.02, qPrintable(text(losses)));
    }

    /// A switch flipped in mid-training changes the curve under the user's eyes.
    void plainIsHelpedInMidTraining() {
        const auto withBnp = medianLosses("default", 1400, 400, [](Experiment& experiment) {
            experiment.runs[0].preconditioner = experiment.runs[2].preconditioner;
        });
        QVERIFY2(withBnp[0] < 0.1, qPrintable(text(withBnp)));
        const auto withBn = medianLosses("default", 700, 400, [](Experiment& experiment) {
            experiment.runs[0].normalization = experiment.runs[1].normalization;
        });
        QVERIFY2(withBn[0] < 0.1, qPrintable(text(withBn)));
    }

    /// math.md section 6, row A. Its medians are of other seeds: plain stays at ln 2 (0.693), BN with inputs
    /// reaches 0.0014, BNP 0.0043; over seeds they spread by a factor of about three.
    void crushedXorSeparatesTheMethodsAsTheTableSays() {
        const auto losses = medianLosses("xor_crushed", 500, 100, asItIs);
        QVERIFY2(losses[0] > 0.6 && losses[0] < 0.75, qPrintable(text(losses)));
        QVERIFY2(losses[1] > 0.0014 / 3 && losses[1] < 0.0014 * 3, qPrintable(text(losses)));
        QVERIFY2(losses[2] > 0.0043 / 3 && losses[2] < 0.0043 * 3, qPrintable(text(losses)));
    }
};

QTEST_APPLESS_MAIN(DefaultExperimentTest)
#include "default_experiment_test.moc"
