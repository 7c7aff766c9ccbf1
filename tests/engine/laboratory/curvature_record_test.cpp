// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/curvature_record.h"

#include "engine/files/summary_json.h"
#include "engine/laboratory/curvature_monitor.h"
#include "engine/probes/probe.h"
#include "tests/support/laboratory.h"

#include <QTest>
#include <set>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr int patience = 60'000; // milliseconds, on a busy machine
constexpr int plain = 1, bnp = 3;

} // namespace

class CurvatureRecordTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsRecordedIsWhatWasMeasured() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 20);
        const CurvatureReading reading = measureCurvature(*presentSnapshot(laboratory, bnp), {});
        History history;
        recordCurvature(reading, history);
        const BlockReading& whole = *reading.block(BlockReading::wholeNetwork);
        QCOMPARE(history.lastValue({"condition_number"}), whole.matched.after.value);
        QCOMPARE(history.lastValue({"condition_number_raw"}), whole.matched.before.value);
        QCOMPARE(history.lastValue({"sharpness"}), whole.preconditioned.summary.lambdaMax.value);
        QCOMPARE(history.lastStep({"condition_number"}), 20);
        // Gradient descent grows beyond 2/eta.
        QCOMPARE(history.lastValue({"stability_limit"}), 2 / reading.learningRate);
        for (const LayerConditioning& layer : reading.conditioning) {
            const double kappa = history.lastValue({"condition_number", layer.layer});
            QCOMPARE(kappa, layer.medianPreconditioned.value);
            QVERIFY(history.lastValue({"condition_number_low", layer.layer}) <= kappa);
            QVERIFY(history.lastValue({"condition_number_high", layer.layer}) >= kappa);
            QCOMPARE(history.lastValue({"condition_gain", layer.layer}),
                     layer.median.value / layer.medianPreconditioned.value);
        }
        // Both numbers have a series of their own.
        QCOMPARE(history.lastValue({"condition_gain"}), whole.matched.gain.value);
        const Reading &averageRaw = whole.raw.summary.kappaAverage,
                      &average = whole.preconditioned.summary.kappaAverage;
        QCOMPARE(history.lastValue({"condition_number_average"}), average.value);
        QCOMPARE(history.lastValue({"condition_number_average_raw"}), averageRaw.value);
        QCOMPARE(history.lastValue({"condition_gain_average"}), averageRaw.value / average.value);
        QVERIFY(average.value != whole.matched.after.value);
        // An exact number has no error to show.
        QCOMPARE(history.size({"condition_number_low"}), 0);
        QCOMPARE(history.size({"condition_number_average_low"}), 0);
        std::set<std::string> described;
        for (const ProbeEntry& entry : probeCatalog().entries())
            if (entry.cadence == Cadence::Snapshot) described.insert(entry.key);
        for (const SeriesKey& key : history.keys())
            QVERIFY2(described.contains(key.metric), key.metric.c_str());
    }

    void estimatesHaveTheirErrorAround() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 20);
        CurvatureRequest request;
        request.largestDense = 10;
        const CurvatureReading reading = measureCurvature(*presentSnapshot(laboratory, plain), request);
        History history;
        recordCurvature(reading, history);
        const Reading& kappa = reading.block(BlockReading::wholeNetwork)->preconditioned.summary.kappaAverage;
        QVERIFY(kappa.status == Reading::Status::Estimated && kappa.error > 0);
        QCOMPARE(history.lastValue({"condition_number_average"}), kappa.value);
        QCOMPARE(history.lastValue({"condition_number_average_high"}), kappa.value + kappa.error);
        QCOMPARE(history.lastValue({"condition_number_average_low"}),
                 std::max(kappa.value - kappa.error, 1.0));
        QCOMPARE(history.lastValue({"condition_gain_average"}), 1.0); // plain: P = I
        // kappa_r takes the whole spectrum: no estimate stands in its series.
        for (const char* metric : {"condition_number", "condition_number_raw", "condition_gain"})
            QCOMPARE(history.size({metric}), 0);
    }

    void aSeriesIsOfOneThing() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 20);
        CurvatureRequest batch, evaluation, gaussNewton;
        batch.samples = CurvatureRequest::Samples::MiniBatch;
        evaluation.mode = Mode::Evaluation;
        gaussNewton.matrix = CurvatureMatrix::GaussNewton;
        History history;
        for (const CurvatureRequest& another : {batch, evaluation, gaussNewton})
            recordCurvature(measureCurvature(*presentSnapshot(laboratory, plain), another), history);
        QVERIFY(history.keys().empty());
    }

    void quartilesLeaveOutDeadNeurons() {
        LayerConditioning layer;
        for (const double kappa : {5.0, 1.0, 2.0, 4.0, 3.0}) {
            NeuronBlock block;
            block.kappa = Reading::computed(kappa);
            layer.blocks.push_back(block);
        }
        layer.blocks.emplace_back().kappa = Reading::notDefined("dead");
        const auto spread = spreadOf(layer, &NeuronBlock::kappa);
        QVERIFY(spread);
        QCOMPARE(spread->low, 2.0);
        QCOMPARE(spread->median, 3.0);
        QCOMPARE(spread->high, 4.0);
        QVERIFY(!spreadOf({}, &NeuronBlock::kappa));
    }

    void theMonitorRecordsWhileItTrainsAndStartsOverWithIt() {
        Experiment experiment = smallExperiment();
        experiment.stop = {};
        Laboratory laboratory(experiment);
        step(laboratory, 1);
        laboratory.send(command::Play{});
        CurvatureMonitor monitor(laboratory);
        monitor.setPace(CurvatureMonitor::Pace::Always);
        monitor.watch({plain, bnp}, {});
        const auto history = laboratory.history(bnp);
        QTRY_VERIFY_WITH_TIMEOUT(history->size({"condition_number", 0}) >= 3, patience);
        laboratory.send(command::Pause{});
        laboratory.wait();
        edit(laboratory, "other weights", [](Experiment& changed) { changed.seed.weights = 99; });
        QTRY_VERIFY_WITH_TIMEOUT(laboratory.history(bnp)->size({"condition_number", 0}) > 0, patience);
        const auto steps = seriesOf(laboratory, bnp, {"condition_number", 0}).first;
        QCOMPARE(steps, std::vector<std::int64_t>{0});
    }
};

QTEST_GUILESS_MAIN(CurvatureRecordTest)
#include "curvature_record_test.moc"
