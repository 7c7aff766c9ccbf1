// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/condition_number.h"
#include "engine/files/presets.h"
#include "tests/support/plot_stage.h"
#include "tests/support/widget_settings.h"
#include "ui/curvature_watch.h"
#include "ui/plots/plot_spec.h"
#include "ui/theme/theme.h"

#include <QLabel>
#include <QScrollBar>
#include <QSettings>
#include <QVBoxLayout>
#include <set>

using namespace kappascope;
using namespace kappascope::ui;
using namespace kappascope::test;
using Stage = PlotStage;

class PlotPanelTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { test::startWithOwnSettings(); }
    void init() { QSettings().clear(); }

    void accuracyIsHiddenWhereThereAreNoClasses() {
        Stage stage;
        QVERIFY(stage.train(3));
        QVERIFY(stage.plot("accuracy")->isVisible());
        const auto accuracyMayBeAdded = [&] {
            emit stage.panel.addMenu()->aboutToShow();
            for (const QAction* action : stage.panel.addMenu()->actions())
                if (action->text() == findPlotSpec("accuracy")->title) return action->isEnabled();
            return false;
        };
        QVERIFY(accuracyMayBeAdded());
        stage.session.open(preset("linear_regression"), false);
        QTRY_VERIFY(stage.plot("accuracy")->isHidden());
        QVERIFY(stage.plot("loss")->isVisible() && stage.plot("gradient_norm")->isVisible());
        QVERIFY(!accuracyMayBeAdded());
        QCOMPARE(stage.panel.layoutState().size(), 4); // it is still there
        stage.session.open(preset("default"), false);
        QTRY_VERIFY(stage.plot("accuracy")->isVisible());
    }

    void saysThatCurvesRestWhileAnotherCurvatureIsMeasured() {
        Stage stage;
        const auto words = [&stage](const char* key) {
            const QLabel* label = stage.plot(key)->findChild<QLabel*>("resting");
            return label && label->isVisible() ? label->text() : QString();
        };
        QCOMPARE(words("condition_number"), QString());
        CurvatureWatch::Subject subject;
        subject.matrix = CurvatureMatrix::GaussNewton;
        subject.samples = CurvatureRequest::Samples::MiniBatch;
        stage.session.curvature().setSubject(subject);
        QTRY_COMPARE(words("condition_number"), QString("at rest: Gauss-Newton matrix, mini-batch"));
        QCOMPARE(words("loss"), QString()); // that one goes on
        stage.session.curvature().setSubject({});
        QTRY_COMPARE(words("condition_number"), QString());
    }

    void drawsWhatTheLaboratoryMeasures() {
        Stage stage;
        QVERIFY(stage.train(50));
        const auto& curves = curvesOf(stage.plot("loss"));
        QCOMPARE(measuredCurves(stage.plot("loss")), std::ssize(stage.session.experiment().runs) * 2);
        for (const Curve& curve : curves) {
            if (curve.stroke != Stroke::Solid) continue;
            const auto history = stage.session.history(curve.run);
            QCOMPARE(curve.raw.size(), std::size_t(50));
            for (int step = 0; step < 50; ++step)
                QCOMPARE(curve.raw[std::size_t(step)],
                         QPointF(step, history->at({"train_loss", -1}, step).mean));
        }
        QCOMPARE(stage.plot("loss")->canvas().xAxis->range().upper, 49.0);
    }

    /// As when something was measured beside a training that rests: more plots than a frame has time for.
    void aSingleTickReachesAllPlots() {
        Stage stage;
        QVERIFY(stage.train(20));
        for (int k = 0; k < 12; ++k)
            stage.panel.addPlot("gradient_norm");
        QTest::qWait(1000); // until nothing ticks any more
        const History::Sample measured{19, 1e6};
        const int run = stage.session.experiment().runs.front().id;
        stage.session.history(run)->push({"gradient_norm"}, {&measured, 1});
        emit stage.session.ticked();
        for (MetricPlot* plot : stage.panel.plots()) {
            if (plot->spec().key != "gradient_norm") continue;
            const auto newest = [&] {
                for (const Curve& curve : curvesOf(plot))
                    if (curve.run == run) return curve.raw.back().y();
                return 0.0;
            };
            QTRY_COMPARE(newest(), 1e6);
        }
    }

    void allPlotsHaveOneLeftMargin() {
        Stage stage;
        QVERIFY(stage.train(30));
        const auto margins = [&] {
            std::set<int> left;
            for (const MetricPlot* plot : stage.panel.plots())
                left.insert(plot->canvas().frame().left());
            return left.size();
        };
        QTRY_COMPARE(margins(), std::size_t(1));
    }

    void changesAreFlagged() {
        Stage stage;
        QVERIFY(stage.train(20));
        const int id = stage.session.experiment().runs[0].id;
        stage.session.changeRun(id, "rate 0.1 to 0.05", [](RunSpec& run) { run.learningRate = 0.05; });
        QVERIFY(stage.train(20));
        QTRY_COMPARE(stage.plot("loss")->scene().flags.size(), std::size_t(1));
        QCOMPARE(stage.plot("loss")->scene().flags[0].step, 20);
        QCOMPARE(stage.plot("loss")->scene().flags[0].text, "rate 0.1 to 0.05");
    }

    void aNewLookShowsInEveryPlotAlthoughTheTrainingRests() {
        Stage stage;
        for (const PlotSpec& spec : plotSpecs()) // more than one frame has time for
            stage.panel.addPlot(spec.key);
        QVERIFY(stage.train(20));
        const int id = stage.session.experiment().runs[0].id;
        stage.session.changeRun(id, "recolour", [](RunSpec& run) {
            run.color = "#123456";
            run.name = "Renamed";
        });
        for (MetricPlot* plot : stage.panel.plots())
            for (const Curve& curve : curvesOf(plot))
                if (curve.run == id && plot->isVisible()) {
                    QCOMPARE(curve.color, std::string("#123456"));
                    QCOMPARE(curve.name, QString("Renamed"));
                }
        stage.session.selectRun(stage.session.experiment().runs[1].id);
        for (MetricPlot* plot : stage.panel.plots())
            for (const Curve& curve : curvesOf(plot))
                if (plot->isVisible()) QCOMPARE(curve.selected, curve.run == stage.session.selectedRun());
        stage.panel.showStandardPlots();
    }

    void unitsOfTheXAxis() {
        Stage stage;
        QVERIFY(stage.train(40));
        PlotCanvas& canvas = stage.plot("loss")->canvas();
        stage.panel.view().setXUnit(PlotViewState::XUnit::Examples);
        const LaboratoryStatus& status = stage.session.status();
        const double batch = double(status.examples) / double(status.step);
        QCOMPARE(canvas.xAxis->range().upper, 39 * batch);
        stage.panel.view().setXUnit(PlotViewState::XUnit::Epoch);
        QVERIFY(std::abs(canvas.xAxis->range().upper - status.epoch * 39 / 40) < 1e-9);
        stage.panel.view().setXUnit(PlotViewState::XUnit::Seconds);
        QVERIFY(canvas.xAxis->range().upper > 0);
        double longest = 0;
        for (const RunStatus& run : status.runs)
            longest = std::max(longest, run.seconds);
        QVERIFY(canvas.xAxis->range().upper <= longest);
    }

    void resetStartsTheCurvesOverAndFollows() {
        Stage stage;
        QVERIFY(stage.train(40));
        stage.panel.view().zoomTo(10, 20);
        stage.session.reset();
        QTRY_VERIFY(stage.session.status().ready && stage.session.status().step == 0);
        QTRY_VERIFY(stage.panel.view().follows());
        QVERIFY(stage.train(5));
        QCOMPARE(stage.plot("loss")->canvas().xAxis->range().upper, 4.0);
    }

    void legendSelectsHidesAndShowsAlone() {
        Stage stage;
        QVERIFY(stage.train(5));
        const auto runs = stage.session.experiment().runs;
        auto* last = stage.legendEntry(QString::fromStdString(runs.back().name));
        QVERIFY(last);
        QTest::mouseClick(last, Qt::LeftButton);
        QCOMPARE(stage.session.selectedRun(), runs.back().id);
        QTest::mouseClick(last, Qt::LeftButton, Qt::ControlModifier);
        QVERIFY(stage.session.run(runs.back().id)->hidden);
        QTRY_COMPARE(measuredCurves(stage.plot("loss")), 2 * (std::ssize(runs) - 1));
        QTest::mouseDClick(last, Qt::LeftButton);
        QVERIFY(!stage.session.run(runs.back().id)->hidden);
        QVERIFY(stage.session.run(runs.front().id)->hidden);
        QTRY_COMPARE(measuredCurves(stage.plot("loss")), 2);
        QTest::mouseDClick(last, Qt::LeftButton);
        QVERIFY(!stage.session.run(runs.front().id)->hidden);
        stage.session.undoStack()->undo();
        QVERIFY(stage.session.run(runs.front().id)->hidden);
    }

    void lossesOfSingleSamplesComeSmoothedAndTheUsersChoiceStays() {
        Stage stage;
        const auto open = [&](const char* name) {
            const std::uint64_t number = stage.session.open(preset(name), false);
            return QTest::qWaitFor([&] { return stage.session.status().replay == number; }, 20'000);
        };
        QCOMPARE(stage.panel.view().smoothing(), 0.0);
        QVERIFY(open("xor_batch_1"));
        QCOMPARE(stage.panel.view().smoothingOf(*findPlotSpec("loss")), 0.99);
        QCOMPARE(stage.panel.view().smoothingOf(*findPlotSpec("accuracy")), 0.0); // seldom measured: no noise
        QVERIFY(open("default"));
        QCOMPARE(stage.panel.view().smoothing(), 0.0);
        QVERIFY(open("xor_batch_1"));
        stage.action("Less smoothing")->trigger();
        QVERIFY(stage.panel.view().smoothing() < 0.99);
        QVERIFY(stage.panel.view().smoothsLossesAlone());
        for (const double chosen : {0.3, 0.0}) { // stays, also where an experiment suggests another
            stage.panel.view().setSmoothing(chosen);
            for (const char* preset : {"default", "xor_batch_1"}) {
                QVERIFY(open(preset));
                QCOMPARE(stage.panel.view().smoothing(), chosen);
            }
        }
    }

    void keysWorkAndMeanThePlotUnderTheMouse() {
        Stage stage;
        QVERIFY(stage.train(20));
        MetricPlot* ratio = stage.plot("accuracy");
        const bool before = ratio->isLogarithmic(), other = stage.plot("loss")->isLogarithmic();
        QMouseEvent move(QEvent::MouseMove, QPointF(100, 50), ratio->canvas().mapToGlobal(QPointF(100, 50)),
                         Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(&ratio->canvas(), &move);
        QCOMPARE(stage.panel.currentPlot(), ratio);
        stage.action("Logarithmic y axis")->trigger();
        QCOMPARE(ratio->isLogarithmic(), !before);
        QCOMPARE(stage.plot("loss")->isLogarithmic(), other);
        stage.action("Logarithmic x axis")->trigger();
        QVERIFY(stage.panel.view().logX());
        stage.panel.view().setSmoothing(0.5);
        stage.action("More smoothing")->trigger();
        QCOMPARE(stage.panel.view().smoothing(), 0.6);
        stage.action("Less smoothing")->trigger();
        stage.action("Less smoothing")->trigger();
        QCOMPARE(stage.panel.view().smoothing(), 0.0);
        stage.panel.view().zoomTo(2, 4);
        stage.action("Fit and follow")->trigger();
        QVERIFY(stage.panel.view().follows());
        auto* legend = stage.panel.findChild<RunLegend*>();
        QVERIFY(legend->isVisible());
        stage.action("Legend")->trigger();
        QVERIFY(!legend->isVisible());
    }

    void theLegendOfManyRunsScrolls() {
        QWidget host;
        auto* column = new QVBoxLayout(&host);
        auto* legend = new RunLegend;
        column->addWidget(legend);
        column->addStretch(1);
        const auto setRuns = [legend](int count) {
            std::vector<PlotRun> runs(static_cast<std::size_t>(count));
            for (int i = 0; i < count; ++i) {
                runs[static_cast<std::size_t>(i)].id = i + 1;
                runs[static_cast<std::size_t>(i)].name = QStringLiteral("run %1").arg(i);
            }
            legend->setRuns(runs);
        };
        setRuns(3);
        host.resize(300, 600);
        host.show();
        QTRY_VERIFY(legend->height() > 10);
        const int oneRow = legend->height();
        QCOMPARE(legend->verticalScrollBar()->maximum(), 0);
        setRuns(64);
        QTRY_COMPARE(legend->height(), 4 * oneRow);
        QTRY_VERIFY(legend->verticalScrollBar()->maximum() > legend->height());
    }

    void everyKeyOfThePanelIsUnique() {
        Stage stage;
        std::set<QString> keys;
        for (const QAction* action : stage.panel.viewActions() + stage.panel.fileActions())
            for (const QKeySequence& key : action->shortcuts())
                QVERIFY2(keys.insert(key.toString()).second, qPrintable(key.toString()));
        QVERIFY(keys.contains("X") && keys.contains("Y") && keys.contains("F") && keys.contains("L"));
    }

    void aPinnedRunStaysWhenItStartsOver() {
        Stage stage;
        QVERIFY(stage.train(40));
        stage.session.setSpeed(0);
        const RunSpec first = stage.session.experiment().runs.front();
        const auto curveOf = [&](int run) -> const Curve* {
            for (const Curve& curve : curvesOf(stage.plot("loss")))
                if (curve.run == run && curve.stroke == Stroke::Solid) return &curve;
            return nullptr;
        };
        const std::vector<QPointF> before = curveOf(first.id)->raw;
        stage.panel.togglePin(first.id);
        QVERIFY(!curveOf(PlotRun::baselineId)); // its own curve is there
        stage.session.newSeed();
        QTRY_VERIFY(stage.session.status().ready && stage.session.status().step == 0);
        QTRY_VERIFY(curveOf(PlotRun::baselineId));
        QCOMPARE(curveOf(PlotRun::baselineId)->raw, before);
        QVERIFY(curveOf(PlotRun::baselineId)->baseline);
        QCOMPARE(stage.plot("loss")->canvas().xAxis->range().upper, 39.0);
        stage.panel.view().setXUnit(PlotViewState::XUnit::Examples);
        QCOMPARE(curveOf(PlotRun::baselineId)->raw.back().x(), 39.0 * stage.session.experiment().batchSize);
        auto* entry = stage.legendEntry(QString::fromStdString(first.name) + ", pinned");
        QVERIFY(entry);
        QTest::mouseClick(entry, Qt::LeftButton); // nothing to select
        QVERIFY(stage.session.run(stage.session.selectedRun()));
        QTest::mouseClick(entry, Qt::LeftButton, Qt::ControlModifier);
        QVERIFY(!curveOf(PlotRun::baselineId));
    }

    void whileItTrainsTheAxisEndsALittleBeyondAndAtRestWithTheCurves() {
        Stage stage;
        QVERIFY(stage.train(1000));
        const auto end = [&] { return stage.plot("loss")->canvas().xAxis->range().upper; };
        QCOMPARE(end(), 999.0);
        stage.session.setSpeed(200);
        stage.session.play();
        std::set<double> ends;
        for (std::int64_t seen = 999; seen < 1300;) {
            const auto last = [&] { return stage.plot("loss")->scene().lastStep; };
            QTRY_VERIFY_WITH_TIMEOUT(stage.session.status().playing && last() > seen, 60'000);
            seen = last();
            QVERIFY(double(seen) <= end() && end() <= 1.02 * double(seen));
            ends.insert(end());
        }
        QVERIFY2(ends.size() < 40, qPrintable(QString::number(ends.size()))); // 30 hundredths
        stage.session.pause();
        QTRY_VERIFY(!stage.session.status().playing);
        QTRY_COMPARE(end(), double(stage.session.status().step - 1));
    }

    void aHiddenPanelDrawsNothing() {
        Stage stage;
        QVERIFY(stage.train(5));
        int replots = 0;
        for (MetricPlot* plot : stage.panel.plots())
            connect(&plot->canvas(), &QCustomPlot::afterReplot, this, [&] { ++replots; });
        stage.panel.hide();
        for (int before = -1; before != replots;) { // what was ordered while it could be seen
            before = replots;
            QCoreApplication::processEvents();
        }
        replots = 0;
        QVERIFY(stage.train(20));
        QCOMPARE(replots, 0);
        stage.panel.show();
        QVERIFY(stage.train(1));
        QTRY_COMPARE(stage.plot("loss")->canvas().xAxis->range().upper, 25.0);
    }

    void aDivergedRunEndsAndSaysWhy() {
        Stage stage;
        Experiment experiment = stage.session.experiment();
        experiment.runs[1].learningRate = 1000; // batch normalization: its gradient never vanishes
        experiment.stop.divergenceFactor = 10;
        stage.session.open(experiment, false);
        QTRY_VERIFY(stage.session.status().ready);
        stage.session.step(200);
        QTRY_VERIFY(!stage.session.status().runs.empty() &&
                    stage.session.status().runs[1].state == RunState::Diverged);
        QTRY_VERIFY(std::ranges::any_of(curvesOf(stage.plot("loss")), &Curve::diverged));
        for (const Curve& curve : curvesOf(stage.plot("loss")))
            if (curve.diverged) {
                QCOMPARE(curve.run, stage.session.experiment().runs[1].id);
                QVERIFY(curve.why.contains("step"));
            }
    }
};

QTEST_MAIN(PlotPanelTest)
#include "plot_panel_test.moc"
