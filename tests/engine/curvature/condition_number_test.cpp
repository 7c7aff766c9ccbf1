// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/condition_number.h"
#include "engine/curvature/dense_spectrum.h"
#include "tests/support/known_spectrum.h"

#include <QTest>

#include <set>

using namespace kappascope;
using namespace kappascope::test;

class ConditionNumberTest : public QObject {
    Q_OBJECT

private slots:
    void theDiagonalOneToTen() {
        const Vector<double> lambda = Vector<double>::LinSpaced(10, 1, 10);
        const SpectrumSummary summary = summarize(lambda);
        QCOMPARE(summary.kappa.value, 10.0);
        QCOMPARE(summary.kappaTau.value, 10.0);
        QCOMPARE(summary.kappaAverage.value, 10.0 * 10 / 55);
        QCOMPARE(summary.trace.value, 55.0);
        QCOMPARE(summary.lambdaMax.value, 10.0);
        QCOMPARE(summary.lambdaMin.value, 1.0);
        QCOMPARE(summary.smallestNonZero.value, 1.0);
        QCOMPARE(summary.dropped, 0);
        QCOMPARE(summary.negativeShare(), 0.0);
        QCOMPARE(bestStep(summary).value, 2.0 / 11);
        QCOMPARE(predictedRate(summary.kappa).value, 9.0 / 11);
    }

    void kappaTauDropsWhatLiesWithinTauOfZeroAndCountsIt() {
        const Vector<double> lambda{{-2, -1e-5, 0, 1e-5, 0.5, 10}};
        const SpectrumSummary summary = summarize(lambda, 1e-3);
        QCOMPARE(summary.kappaTau.value, 20.0);
        QCOMPARE(summary.dropped, 3);
        QCOMPARE(summary.negative, 1);
        QCOMPARE(summary.negativeShare(), 1.0 / 6);
        QCOMPARE(summary.lambdaMin.value, -2.0);
        QCOMPARE(summary.smallestNonZero.value, 1e-5);
        QVERIFY(!summary.kappa.usable() && !summary.kappa.why.empty());
        QVERIFY(!bestStep(summary).usable());
        QCOMPARE(summarize(lambda, 1e-7).kappaTau.value, 1e6);
    }

    void whatRoundingHidesIsNotPrinted() {
        const auto kappa = [](double least) { return summarize(Vector<double>{{least, 1, 10}}).kappa; };
        QCOMPARE(kappa(1e-10).value, 1e11);
        QVERIFY(kappa(1e-10).usable());
        for (const double least : {9e-12, 1e-15, 0.0, -1e-12}) {
            const Reading reading = kappa(least);
            QVERIFY(!reading.usable() && reading.isBound());
            QVERIFY(std::abs(reading.value / 1e12 - 1) < 1e-15);
            QVERIFY(reading.why.find("singular to rounding") != std::string::npos);
            QVERIFY(!gain(reading, Reading::computed(2)).isBound()); // no bound of a gain
        }
        QVERIFY(!kappa(-1e-3).isBound());
        QCOMPARE(summarize(Vector<double>{{-1e-12, 1e-3, 10}}).smallestNonZero.value, 1e-3);
        // and no kappa_r takes a direction that is lost on one side
        const Vector<double> wide{{1e4, 1, 5e-9}}, narrow{{2, 1, 0.5}};
        QCOMPARE(matchedCondition(wide, narrow).directions, 2);
    }

    void aZeroOrNegativeMatrixHasNoConditionNumber() {
        for (const double value : {0.0, -1.0}) {
            const SpectrumSummary summary = summarize(Vector<double>::Constant(4, value));
            QVERIFY(!summary.kappa.usable() && !summary.kappaTau.usable() && !summary.kappaAverage.usable());
            QCOMPARE(summary.lambdaMax.value, value);
        }
    }

    void kappaStarSquaresAndTakesTheRankItIsGiven() {
        const Vector<double> raw{{10, 1, 1e-9}}, preconditioned{{2, 1, 0.5}};
        QCOMPARE(numericalRank(raw), 2);
        QCOMPARE(numericalRank(preconditioned), 3);
        QCOMPARE(kappaStar(raw, 2).value, 100.0);
        QCOMPARE(kappaStar(raw, 3).value, 1e20);
        QCOMPARE(kappaStar(preconditioned, 3).value, 16.0);
        QVERIFY(!kappaStar(Vector<double>::Zero(3), 0).usable());
    }

    void matchedConditionsKeepTheSameDirectionsOnBothSides() {
        // kappa_tau drops 1e-3 before and nothing after, and would call the preconditioner harmful
        const Vector<double> raw{{1e4, 10, 1e-3, -5}}, preconditioned{{2, 1, 1e-4, -1e-3}};
        QCOMPARE(summarize(raw).kappaTau.value, 1e3);
        QCOMPARE(summarize(preconditioned).kappaTau.value, 2e4);
        const MatchedCondition matched = matchedCondition(raw, preconditioned);
        QCOMPARE(matched.directions, 3);
        QCOMPARE(matched.before.value, 1e7);
        QCOMPARE(matched.after.value, 2e4);
        QCOMPARE(matched.gain.value, 500.0);
        const Vector<double> lost{{1e4, 10, 1e-13, -5}};
        QCOMPARE(matchedCondition(lost, preconditioned).directions, 2);
        QVERIFY(!matchedCondition(-raw.cwiseAbs(), preconditioned).gain.usable());
    }

    void sizesOfEigenvaluesIgnoreTheSign() {
        const Vector<double> lambda{{-4, 1e-14, 2}};
        QCOMPARE(numericalRankOfEigenvalues(lambda), 2);
        QCOMPARE(kappaOfSizes(lambda, 2).value, 2.0);
    }

    void theGainOfEstimatesCarriesTheirErrors() {
        Reading estimate = Reading::computed(100);
        estimate.status = Reading::Status::Estimated;
        estimate.error = 10;
        const Reading of = gain(estimate, Reading::computed(4));
        QCOMPARE(of.value, 25.0);
        QCOMPARE(of.status, Reading::Status::Estimated);
        QCOMPARE(of.error, 2.5);
        QCOMPARE(gain(Reading::notDefined("why"), estimate).why, std::string("why"));
    }

    void theSpectrumOfAKnownMatrixIsFoundByProducts() {
        const Vector<double> lambda = Vector<double>::LinSpaced(40, -1, 10);
        KnownSpectrum op(lambda, 3);
        ThreadTeam team(2);
        const Matrix<double> alone = denseMatrix(op), shared = denseMatrix(op, &team);
        QVERIFY(alone == shared);
        const Spectrum spectrum = denseSpectrum(alone, true);
        QVERIFY((spectrum.eigenvalues - lambda).cwiseAbs().maxCoeff() < 1e-13);
        QVERIFY((alone * spectrum.vectors - spectrum.vectors * lambda.asDiagonal()).norm() < 1e-12);
    }

    void buildingAMatrixStopsWhenCancelled() {
        KnownSpectrum op(Vector<double>::Ones(10), 1);
        const Cancelled cancelled = true;
        QVERIFY_EXCEPTION_THROWN(denseMatrix(op, nullptr, &cancelled), WorkCancelled);
    }

    void everyQuantityHasWordsOfItsOwn() {
        std::set<std::string> keys, helps;
        for (const Description& quantity : curvatureQuantities()) {
            QVERIFY(keys.insert(quantity.key).second && helps.insert(quantity.help).second);
            QVERIFY(!quantity.label.empty() && quantity.help.ends_with('.'));
        }
    }
};

QTEST_APPLESS_MAIN(ConditionNumberTest)
#include "condition_number_test.moc"
