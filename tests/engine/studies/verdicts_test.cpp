// SPDX-License-Identifier: GPL-3.0-or-later
// The judgement, on results that are made up: it must be able to say either.
#include "engine/studies/verdicts.h"

#include <QTest>

using namespace kappascope;

namespace {

TrainedRun finished(double accuracy, double loss) {
    TrainedRun run;
    run.steps = {0, 100};
    run.trainLoss = {2.3, loss};
    run.testAccuracy = {0.1, accuracy};
    run.guessing = 0.1;
    return run;
}

TunedMethod method(const std::string& name, const std::vector<double>& accuracies, double loss) {
    TunedMethod made;
    made.name = name;
    for (const double accuracy : accuracies)
        made.runs.push_back(finished(accuracy, loss * (1 + accuracy / 100)));
    return made;
}

TunedComparison comparison(std::vector<TunedMethod> methods) {
    TunedComparison made;
    made.methods = std::move(methods);
    made.seeds = {1, 2, 3, 4, 5};
    return made;
}

const std::vector<double> good{0.970, 0.971, 0.972, 0.969, 0.970};
const std::vector<double> alike{0.9695, 0.9712, 0.9717, 0.9691, 0.9699};
const std::vector<double> poor{0.950, 0.952, 0.951, 0.949, 0.953};

} // namespace

class VerdictsTest : public QObject {
    Q_OBJECT
private slots:
    void aClearDifferenceIsSeen() {
        const auto results = comparison({method("A", good, 0.02), method("B", poor, 0.1)});
        QVERIFY(better(results, "A", "B", "x").seen);
        QVERIFY(notWorse(results, "A", "B", "x").seen);
        QVERIFY(fitsBetter(results, "A", "B", "x").seen);
    }

    void theOppositeIsNot() {
        const auto results = comparison({method("A", poor, 0.1), method("B", good, 0.02)});
        QVERIFY(!better(results, "A", "B", "x").seen);
        QVERIFY(!notWorse(results, "A", "B", "x").seen);
        QVERIFY(!fitsBetter(results, "A", "B", "x").seen);
    }

    void aDifferenceWithinTheSpreadIsNoneButComparable() {
        const auto results = comparison({method("A", good, 0.1), method("B", alike, 0.1)});
        QVERIFY(!better(results, "A", "B", "x").seen);
        QVERIFY(!better(results, "B", "A", "x").seen);
        QVERIFY(notWorse(results, "A", "B", "x").seen);
        QVERIFY(notWorse(results, "B", "A", "x").seen);
    }

    void wordsHoldTheNumbers() {
        const auto results = comparison({method("A", good, 0.02), method("B", poor, 0.1)});
        const QString words = QString::fromStdString(better(results, "A", "B", "batch 6").measured);
        QVERIFY2(words.contains("A 97.04 ± 0.11 %, B 95.10 ± 0.16 %: +1.94 points"), qPrintable(words));
    }

    void whatHasDivergedKnowsNothing() {
        TunedMethod diverged = method("B", good, 0.02);
        for (TrainedRun& run : diverged.runs)
            run.diverged = true;
        const auto results = comparison({method("A", poor, 0.1), diverged});
        QCOMPARE(diverged.finalAccuracies().front(), 0.1);
        QCOMPARE(diverged.finalLosses().front(), 2.3);
        QVERIFY(better(results, "A", "B", "x").seen);
    }

    void verdictFollowsTheFindings() {
        const Finding seen{"a", true, ""}, not_{"b", false, ""};
        QCOMPARE(verdictOf({seen, seen}), Verdict::Holds);
        QCOMPARE(verdictOf({seen, not_}), Verdict::HoldsPartly);
        QCOMPARE(verdictOf({not_}), Verdict::DoesNotHold);
        QCOMPARE(verdictOf({}), Verdict::DoesNotHold); // nothing measured shows nothing
    }

    void theBestRateIsTheLowestMeanLoss() {
        const double diverged = std::numeric_limits<double>::infinity();
        QCOMPARE(bestRate({{0.1, {0.5, 0.5}}, {0.3, {0.3, 0.4}}, {1, {0.1, diverged}}}), std::size_t{1});
        QCOMPARE(bestRate({{0.1, {diverged}}, {0.3, {diverged}}}), std::size_t{0});
    }

    void anUnknownMethodIsAnError() {
        const auto results = comparison({method("A", good, 0.02)});
        QVERIFY_THROWS_EXCEPTION(std::out_of_range, better(results, "A", "C", "x"));
    }
};

QTEST_APPLESS_MAIN(VerdictsTest)
#include "verdicts_test.moc"
