// SPDX-License-Identifier: GPL-3.0-or-later
// What a student sees first: math.md section 6, row A.
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

/// Full training losses before step 500 for the three runs, by run and seed.
std::vector<std::vector<double>> lossesAtStep500() {
    std::vector<std::vector<double>> losses(3);
    for (std::uint64_t seed = 7; seed < 7 + seeds; ++seed) {
        Experiment experiment = defaultExperiment();
        experiment.seed = {seed, seed, seed, seed};
        Laboratory laboratory(experiment);
        step(laboratory, 501);
        for (int run = 0; run < 3; ++run)
            losses[static_cast<std::size_t>(run)].push_back(
                laboratory.history(run + 1)->at({"train_loss_full"}, 500).mean);
    }
    return losses;
}

} // namespace

class DefaultExperimentTest : public QObject {
    Q_OBJECT
private slots:
    /// The table's medians are of other seeds: plain stays at ln 2 (0.693), BN with inputs reaches 0.0014,
    /// BNP 0.0043; over seeds they spread by a factor of about three.
    void separatesTheMethodsAsTheTableSays() {
        const auto losses = lossesAtStep500();
        const double plain = median(losses[0]), bn = median(losses[1]), bnp = median(losses[2]);
        const QString found = QString("plain %1, BN %2, BNP %3").arg(plain).arg(bn).arg(bnp);
        QVERIFY2(plain > 0.6 && plain < 0.75, qPrintable(found));
        QVERIFY2(bn > 0.0014 / 3 && bn < 0.0014 * 3, qPrintable(found));
        QVERIFY2(bnp > 0.0043 / 3 && bnp < 0.0043 * 3, qPrintable(found));
    }
};

QTEST_APPLESS_MAIN(DefaultExperimentTest)
#include "default_experiment_test.moc"
