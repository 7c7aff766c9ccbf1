// SPDX-License-Identifier: GPL-3.0-or-later
// How the studies work, on tiny settings: not what they find, but for the two whose findings are theorems.
#include "engine/core/error.h"
#include "engine/files/presets.h"
#include "engine/studies/claim_catalog.h"
#include "engine/studies/study_experiments.h"
#include "engine/studies/study_report.h"
#include "engine/studies/tuned_comparison.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <set>

using namespace kappascope;

namespace {

StudyOptions tiny(int threads = 1) {
    StudyOptions options;
    options.seeds = 2;
    options.threads = threads;
    options.images = imageData("digits");
    options.shortening = 500;
    return options;
}

StudyResult studied(const std::string& claim, const StudyOptions& options) {
    StudyContext context(options);
    return runStudy(claimCatalog().at(claim), context);
}

/// What several tests look at.
const StudyResult& withOneThread(const std::string& claim) {
    static std::map<std::string, StudyResult> known;
    const auto found = known.find(claim);
    return found != known.end() ? found->second : known[claim] = studied(claim, tiny());
}

std::vector<double> ratesOf(const TunedMethod& method) {
    std::vector<double> rates;
    for (const GridPoint& point : method.grid)
        rates.push_back(point.rate);
    return rates;
}

} // namespace

class ClaimsTest : public QObject {
    Q_OBJECT
private slots:
    void everyPresetOfThePaperBelongsToAClaim() {
        std::set<std::string> ofClaims;
        for (const Claim& claim : claimCatalog().entries())
            ofClaims.insert(claim.presets.begin(), claim.presets.end());
        std::set<std::string> ofThePaper;
        for (const std::string& name : presetNames())
            if (name.starts_with("paper_")) ofThePaper.insert(name);
        QCOMPARE(ofClaims, ofThePaper);
    }

    void everyClaimIsWellFormed_data() {
        QTest::addColumn<QString>("key");
        for (const Claim& claim : claimCatalog().entries())
            QTest::newRow(claim.key.c_str()) << QString::fromStdString(claim.key);
    }
    void everyClaimIsWellFormed() {
        QFETCH(QString, key);
        const Claim& claim = claimCatalog().at(key.toStdString());
        QVERIFY(!claim.help.empty() && !claim.reference.empty() && !claim.measured.empty());
        const StudyResult result = withOneThread(claim.key);
        QVERIFY(!result.findings.empty() && !result.figures.empty() && !result.tables.empty());
        QVERIFY(result.processorSeconds > 0);
        for (const Finding& finding : result.findings)
            QVERIFY(!finding.expected.empty() && !finding.measured.empty());
        std::set<std::string> keys;
        for (const Figure& figure : result.figures) {
            QVERIFY2(keys.insert(figure.key).second, figure.key.c_str());
            QVERIFY(!figure.curves.empty() && !figure.title.empty());
        }
        for (const StudyTable& table : result.tables)
            for (const auto& row : table.rows)
                QCOMPARE(row.size(), table.head.size());
        std::set<std::uint64_t> seeds;
        for (const Measurement& row : result.measurements)
            if (row.metric != "tuning_train_loss") seeds.insert(row.seed);
        QCOMPARE(seeds, (std::set<std::uint64_t>{1, 2}));
    }

    void anyNumberOfThreadsGivesTheSameNumbers() {
        for (const char* key : {"ordinary_batches", "hessian_blocks"}) {
            const Claim& claim = claimCatalog().at(key);
            const std::string one = measurementsCsv({{&claim, withOneThread(key)}});
            QVERIFY(one.size() > 1000);
            QCOMPARE(measurementsCsv({{&claim, studied(key, tiny(3))}}), one);
        }
    }

    void aBatchNormStepIsAPreconditionedStep() {
        const StudyResult& result = withOneThread("equal_step");
        for (const Finding& finding : result.findings)
            QVERIFY2(finding.seen, (finding.expected + ": " + finding.measured).c_str());
        // What is differentiated through makes a difference that is no rounding, but to the last layer, above
        // which there is no BN.
        for (const Measurement& row : result.measurements)
            if (row.run == "statistics differentiated" && row.metric == "relative_difference")
                QVERIFY2(row.setting.ends_with("layer 4") ? row.value < 1e-10 : row.value > 1e-2,
                         qPrintable(QString("%1: %2").arg(row.setting.c_str()).arg(row.value)));
    }

    void theLocalRateIsThatOfTheory() {
        StudyOptions options = tiny();
        options.shortening = 1;
        const StudyResult result = studied("local_rate", options);
        for (const Finding& finding : result.findings)
            QVERIFY2(finding.seen, (finding.expected + ": " + finding.measured).c_str());
    }

    void everyMethodIsTunedOnTheSameGrid() {
        StudyContext context(tiny());
        const Experiment experiment =
            imageExperiment(context, imageNetworks(context.options().images)[2], 60);
        const auto comparison = compareTuned(context, experiment, 30, 3, "x", 0, 1);
        QCOMPARE(comparison->methods.size(), std::size_t{3});
        for (const TunedMethod& method : comparison->methods) {
            QVERIFY(method.grid.size() >= learningRateGrid().size());
            const std::vector<double> rates = ratesOf(method);
            QCOMPARE(rates, ratesOf(comparison->methods.front()));
            QVERIFY(std::ranges::is_sorted(rates));
            // beyond an edge where a best rate lies, as far as it goes
            if (method.rate == rates.front()) QCOMPARE(rates.front(), 0.00001);
            if (method.rate == rates.back()) QCOMPARE(rates.back(), 100.0);
            QCOMPARE(method.runs.size(), std::size_t{2});
            for (std::size_t r = 0; r < method.grid.size(); ++r)
                QVERIFY(method.grid[bestRate(method.grid)].mean() <= method.grid[r].mean());
            QCOMPARE(method.rate, method.grid[bestRate(method.grid)].rate);
            const TrainedRun& run = method.runs.front();
            QCOMPARE(run.steps, (std::vector<std::int64_t>{0, 10, 20, 30}));
            QCOMPARE(run.trainLoss.size(), std::size_t{4});
        }
        // the same start for plain and BNP, another for each seed
        const auto first = [&](const char* method, std::size_t seed) {
            return comparison->method(method).runs[seed].trainLoss.front();
        };
        QCOMPARE(first("Plain", 0), first("BNP", 0));
        QVERIFY(first("Plain", 0) != first("Plain", 1));
        QCOMPARE(compareTuned(context, experiment, 30, 3, "x", 0, 1), comparison); // not trained again
    }

    void cancellingStopsAStudy() {
        const Cancelled cancelled = true;
        StudyContext context(tiny(), {}, &cancelled);
        QVERIFY_THROWS_EXCEPTION(WorkCancelled, runStudy(claimCatalog().at("ordinary_batches"), context));
    }

    void unknownImagesAreAnError() { QVERIFY_THROWS_EXCEPTION(InputError, imageData("cats")); }
};

QTEST_APPLESS_MAIN(ClaimsTest)
#include "claims_test.moc"
