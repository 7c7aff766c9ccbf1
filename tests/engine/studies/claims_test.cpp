// SPDX-License-Identifier: GPL-3.0-or-later
// How the studies work, on tiny settings: not what they find, but for the two whose findings are theorems.
#include "engine/core/error.h"
#include "engine/files/presets.h"
#include "engine/studies/claim_catalog.h"
#include "engine/studies/study_experiments.h"
#include "engine/studies/study_report.h"
#include "engine/studies/training_store.h"
#include "engine/studies/tuned_comparison.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <fstream>
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
            QVERIFY2(figure.title.size() < 67, figure.title.c_str()); // else the picture cuts it off
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
#ifdef KAPPASCOPE_SANITIZED
        QSKIP("takes minutes under a sanitizer, which has seen its code in everyClaimIsWellFormed()");
#endif
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
            // One seed for the whole grid here, another one for the two best rates; the better of these.
            const auto confirmed = std::ranges::count_if(
                method.grid, [](const GridPoint& point) { return point.losses.size() == 2; });
            QCOMPARE(confirmed, 2);
            for (const GridPoint& point : method.grid)
                if (point.losses.size() == 2)
                    QVERIFY(method.grid[bestRate(method.grid)].mean() <= point.mean());
            QVERIFY(method.grid[bestRate(method.grid)].losses.size() == 2);
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

    void anInterruptedReportGoesOnToTheSameNumbers() {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("trainings.part").toStdString();
        const Claim& claim = claimCatalog().at("ordinary_batches");
        Cancelled cancelled = false;
        std::size_t kept = 0;
        {
            TrainingStore store(file);
            StudyContext context(
                tiny(), [&](const std::string&, double done) { cancelled = done > 0.3; }, &cancelled, &store);
            QVERIFY_THROWS_EXCEPTION(WorkCancelled, runStudy(claim, context));
            kept = store.size();
            QVERIFY(kept > 0);
        }
        std::ofstream(file, std::ios::app) << "{\"program\": \"" KAPPASCOPE_VERSION "\", \"runs\": [";
        TrainingStore store(file);
        QCOMPARE(store.size(), kept);
        StudyContext context(tiny(), {}, nullptr, &store);
        const StudyResult result = runStudy(claim, context);
        QCOMPARE(measurementsCsv({{&claim, result}}),
                 measurementsCsv({{&claim, withOneThread("ordinary_batches")}}));
        const std::size_t all = store.size();
        QVERIFY(all > kept);
        QCOMPARE(TrainingStore(file).size(), all); // the line that was cut off does no harm to the next
        StudyContext again(tiny(), {}, nullptr, &store);
        (void)runStudy(claim, again);
        QCOMPARE(store.size(), all);
        QVERIFY(again.keptSeconds() > context.keptSeconds());
        store.removeUsed();
        QVERIFY(!std::filesystem::exists(file));
    }

    void aWholeReportLeavesWhatOthersHaveKept() {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("trainings.part").toStdString();
        const TrainedRun run{false, "", {0, 5}, {2, 1}, {0.1, 0.2}, 0.1};
        TrainingStore(file).keep("of another report", {{run}, 1});
        {
            TrainingStore store(file);
            QVERIFY(!store.find("of this one"));
            QCOMPARE(store.used(), std::size_t{0});
            store.keep("of this one", {{run}, 2});
            QCOMPARE(store.used(), std::size_t{1});
            store.removeUsed();
            QVERIFY(!store.find("of this one"));
            store.keep("of the next one", {{run}, 3});
        }
        TrainingStore store(file);
        QCOMPARE(store.size(), std::size_t{2});
        QVERIFY(!store.find("of this one"));
        QCOMPARE(store.find("of another report")->processorSeconds, 1.0);
        QCOMPARE(store.find("of the next one")->runs.at(0).trainLoss, run.trainLoss);
        store.removeUsed();
        QVERIFY(!std::filesystem::exists(file));
    }

    void whatAnotherProgramOrOtherImagesGaveIsNotTaken() {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("trainings.part").toStdString();
        TrainingStore(file, "old", "seven").keep("a training", {{}, 1});
        TrainingStore(file, "new", "seven").keep("a training", {{}, 2});
        QCOMPARE(TrainingStore(file, "old", "seven").find("a training")->processorSeconds, 1.0);
        QCOMPARE(TrainingStore(file, "new", "seven").find("a training")->processorSeconds, 2.0);
        TrainingStore others(file, "new", "eight");
        QVERIFY(!others.find("a training"));
        others.removeUsed(); // nothing of its own
        QCOMPARE(others.ofOthers(), std::size_t{1});
        QVERIFY(TrainingStore(file, "new", "seven").find("a training"));
        TrainingStore whole(file, "new", "seven");
        QVERIFY(whole.find("a training"));
        whole.removeUsed();
        TrainingStore(file, "new", "seven").keep("another", {{}, 3}); // after a line that stays
        TrainingStore old(file, "old", "seven");
        QCOMPARE(old.ofOthers(), std::size_t{1});
        QCOMPARE(old.find("a training")->processorSeconds, 1.0);
        old.removeUsed();
        QCOMPARE(TrainingStore(file, "new", "seven").find("another")->processorSeconds, 3.0);
    }

    void whereConfirmedRatesDivergeTheNextBestIsTried() {
        const double diverged = HUGE_VAL;
        std::vector<GridPoint> grid{{0.01, {3}}, {0.03, {2}}, {0.1, {1}}, {0.3, {0.5}}, {1, {diverged}}};
        const auto confirm = [&grid](std::size_t i, double loss) { grid[i].losses.push_back(loss); };
        QCOMPARE(ratesToConfirm(grid), (std::vector<double>{0.1, 0.3}));
        confirm(2, diverged);
        confirm(3, diverged);
        QCOMPARE(ratesToConfirm(grid), std::vector<double>{0.03});
        confirm(1, diverged);
        QCOMPARE(ratesToConfirm(grid), std::vector<double>{0.01});
        std::vector<GridPoint> works = grid;
        works[0].losses.push_back(4);
        QVERIFY(ratesToConfirm(works).empty());
        QCOMPARE(bestRate(works), std::size_t{0});
        confirm(0, diverged); // one that diverged on the grid's seeds is not tried again
        QVERIFY(ratesToConfirm(grid).empty());
    }
    void oneConfirmedRateIsEnough() {
        const std::vector<GridPoint> grid{{0.03, {2}}, {0.1, {1, 1.5}}, {0.3, {0.5, HUGE_VAL}}};
        QVERIFY(ratesToConfirm(grid).empty());
        QCOMPARE(bestRate(grid), std::size_t{1});
    }

    void numbersOfDivergedRunsAreKeptToo() {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("a/trainings.part").toStdString();
        TrainedRun run{true, "the loss is \"inf\"", {0, 5}, {0.1, HUGE_VAL}, {-HUGE_VAL, std::nan("")}, 0.1};
        TrainingStore(file).keep("a training", {{run}, 2.5});
        TrainingStore store(file);
        QVERIFY(!store.find("another training"));
        const TrainedRun& read = store.find("a training")->runs.at(0);
        QVERIFY(read.diverged && read.why == run.why && read.steps == run.steps && read.guessing == 0.1);
        QCOMPARE(read.trainLoss, run.trainLoss);
        QVERIFY(read.testAccuracy[0] == -HUGE_VAL && std::isnan(read.testAccuracy[1]));
        QCOMPARE(store.find("a training")->processorSeconds, 2.5);
    }

    void howLongAClaimTakesIsJudgedByATrial() {
        const Claim& claim = claimCatalog().at("ordinary_batches");
        QVERIFY(claim.seconds(StudyContext(tiny())) > 0);
        for (const Claim& other : claimCatalog().entries())
            QVERIFY2(other.seconds, other.key.c_str());
    }

    void unknownImagesAreAnError() {
        QVERIFY_THROWS_EXCEPTION(InputError, imageData("cats"));
    }
};

QTEST_APPLESS_MAIN(ClaimsTest)
#include "claims_test.moc"
