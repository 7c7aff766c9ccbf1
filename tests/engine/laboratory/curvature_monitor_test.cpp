// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/curvature_monitor.h"
#include "tests/support/laboratory.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;
using namespace std::chrono_literals;

namespace {

constexpr int plain = 1, bnp = 3;
constexpr int patience = 60'000; // milliseconds, on a busy machine

/// What the window shows all the time: the whole network's spectra alone.
CurvatureRequest quick() {
    CurvatureRequest request;
    request.layers = request.neurons = request.alignment = false;
    return request;
}

/// An experiment that does not end.
Experiment endless() {
    Experiment experiment = smallExperiment();
    experiment.stop = {};
    return experiment;
}

} // namespace

class CurvatureMonitorTest : public QObject {
    Q_OBJECT

private slots:
    void readingsArriveWhileItTrains() {
        Laboratory laboratory(endless());
        laboratory.send(command::Play{});
        CurvatureMonitor monitor(laboratory);
        monitor.watch({plain, bnp}, quick());
        monitor.setPace(CurvatureMonitor::Pace::Always);
        QTRY_VERIFY_WITH_TIMEOUT(monitor.readings(plain).size() >= 3 && monitor.readings(bnp).size() >= 3,
                                 patience);
        std::int64_t last = -1;
        for (const auto& reading : monitor.readings(bnp)) {
            QCOMPARE(reading->run, bnp);
            QVERIFY(reading->step > last);
            last = reading->step;
        }
        QVERIFY(monitor.version() >= 6 && monitor.secondsSpent() > 0);
        QVERIFY(!monitor.latest(2));
    }

    void aPausedLaboratoryIsMeasuredOnce() {
        Laboratory laboratory(endless());
        step(laboratory, 10);
        CurvatureMonitor monitor(laboratory);
        monitor.watch({plain}, quick());
        monitor.setPace(CurvatureMonitor::Pace::Always);
        QTRY_VERIFY_WITH_TIMEOUT(monitor.latest(plain), patience);
        QTest::qWait(300);
        QCOMPARE(monitor.readings(plain).size(), 1u);
        QCOMPARE(monitor.latest(plain)->step, 10);
    }

    void aPausedMonitorMeasuresOnDemand() {
        Laboratory laboratory(endless());
        step(laboratory, 10);
        CurvatureMonitor monitor(laboratory);
        monitor.setPace(CurvatureMonitor::Pace::Paused);
        monitor.watch({plain, bnp}, quick());
        QTest::qWait(200);
        QVERIFY(!monitor.latest(plain));
        monitor.measureNow();
        QTRY_VERIFY_WITH_TIMEOUT(monitor.latest(plain) && monitor.latest(bnp), patience);
    }

    void onDemandItMeasuresWhatIsNow() {
        Laboratory laboratory(endless());
        step(laboratory, 10);
        CurvatureMonitor monitor(laboratory);
        monitor.setPace(CurvatureMonitor::Pace::Paused);
        monitor.watch({plain}, quick());
        for (const std::int64_t expected : {10, 25, 40}) { // not what was asked for long ago
            monitor.measureNow();
            QTRY_VERIFY_WITH_TIMEOUT(monitor.latest(plain) && monitor.latest(plain)->step == expected,
                                     patience);
            step(laboratory, 15);
        }
    }

    void anotherRequestDropsTheReadingsBefore() {
        Laboratory laboratory(endless());
        step(laboratory, 5);
        CurvatureMonitor monitor(laboratory);
        monitor.watch({plain}, quick());
        QTRY_VERIFY_WITH_TIMEOUT(monitor.latest(plain), patience);
        CurvatureRequest other = quick();
        other.matrix = CurvatureMatrix::GaussNewton;
        monitor.watch({plain}, other);
        QTRY_VERIFY_WITH_TIMEOUT(monitor.latest(plain) && monitor.latest(plain)->of.starts_with("Gauss"),
                                 patience);
        QCOMPARE(monitor.readings(plain).size(), 1u);
    }

    void aRestartForgetsTheRunsBefore() {
        Laboratory laboratory(endless());
        step(laboratory, 50);
        CurvatureMonitor monitor(laboratory);
        monitor.setPace(CurvatureMonitor::Pace::Always);
        monitor.watch({plain}, quick());
        QTRY_VERIFY_WITH_TIMEOUT(monitor.latest(plain), patience);
        edit(laboratory, "other weights", [](Experiment& experiment) { experiment.seed.weights = 99; });
        QTRY_VERIFY_WITH_TIMEOUT(monitor.latest(plain) && monitor.latest(plain)->step == 0, patience);
        QCOMPARE(monitor.readings(plain).size(), 1u);
    }

    void itStaysWithinItsBudget() {
        Laboratory laboratory(endless());
        laboratory.send(command::Play{});
        CurvatureMonitor monitor(laboratory, {.share = 0.1, .threads = 1});
        monitor.watch({plain}, quick());
        QTRY_VERIFY_WITH_TIMEOUT(monitor.latest(plain), patience);
        const double before = monitor.secondsSpent();
        const auto begin = std::chrono::steady_clock::now();
        QTRY_VERIFY_WITH_TIMEOUT(monitor.readings(plain).size() >= 6, patience);
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
        QVERIFY((monitor.secondsSpent() - before) / passed.count() < 0.2);
    }

    void neuronsOfAllRunsComeBeforeSpectraThatTakeLong() {
        Laboratory laboratory(endless());
        step(laboratory, 5);
        // Any spectrum counts as long, however fast the machine: one, then days of rest.
        CurvatureMonitor monitor(laboratory, {.share = 1e-6, .threads = 1, .trifle = 0});
        monitor.setFirst(bnp);
        monitor.watch({plain, bnp}, {});
        for (const int run : {plain, bnp})
            QTRY_VERIFY_WITH_TIMEOUT(laboratory.history(run)->size({"condition_number", 0}) == 1, patience);
        QTRY_VERIFY_WITH_TIMEOUT(monitor.latest(bnp), patience); // the one that is looked at
        QTest::qWait(200);
        QVERIFY(!monitor.latest(plain));
    }

    // Another number of threads measures while the training rests: to the same bits.
    void measuresAtRestAsBesideTheTraining() {
        Laboratory laboratory(endless());
        step(laboratory, 5);
        CurvatureMonitor monitor(laboratory, {.threads = 1, .threadsAtRest = 3});
        CurvatureRequest request = quick();
        request.whole = true;
        monitor.watch({plain}, request);
        QTRY_VERIFY_WITH_TIMEOUT(monitor.latest(plain), patience);
        const CurvatureReading alone = measureCurvature(*laboratory.snapshot(plain), request);
        QCOMPARE(alone.step, monitor.latest(plain)->step);
        QVERIFY(alone.blocks[0].raw.eigenvalues == monitor.latest(plain)->blocks[0].raw.eigenvalues);
    }

    void trainingGivesTheSameBitsUnderIt() {
        const auto signature = [](bool monitored) {
            Laboratory laboratory(endless());
            std::optional<CurvatureMonitor> monitor;
            if (monitored) {
                monitor.emplace(laboratory);
                monitor->setPace(CurvatureMonitor::Pace::Always);
                monitor->watch({plain, bnp}, quick());
            }
            for (int i = 0; i < 20; ++i)
                step(laboratory, 25);
            return laboratory.signature();
        };
        QCOMPARE(signature(true), signature(false));
    }

    void endsSoonInTheMiddleOfALongMeasurement() {
        Experiment experiment = endless();
        experiment.model.hidden = {100, 100};
        experiment.data.samples = 600;
        Laboratory laboratory(experiment);
        step(laboratory, 1);
        std::optional<CurvatureMonitor> monitor(std::in_place, laboratory);
        CurvatureRequest request = quick();
        request.largestDense = 100; // 10,000 parameters by products
        monitor->watch({plain}, request);
        QTRY_VERIFY_WITH_TIMEOUT(monitor->measuring(), patience);
        const auto begin = std::chrono::steady_clock::now();
        monitor.reset();
        QVERIFY(std::chrono::steady_clock::now() - begin < 10s);
    }
};

QTEST_GUILESS_MAIN(CurvatureMonitorTest)
#include "curvature_monitor_test.moc"
