// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_panel.h"

#include "engine/curvature/condition_number.h"
#include "engine/files/presets.h"
#include "engine/probes/probe.h"
#include "ui/curvature_watch.h"
#include "ui/plots/metric_plot.h"
#include "ui/plots/plot_canvas.h"
#include "ui/plots/plot_drag.h"
#include "ui/plots/plot_menu.h"
#include "ui/plots/plot_spec.h"
#include "ui/plots/run_legend.h"
#include "ui/session.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QAction>
#include <QDropEvent>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QScrollBar>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>
#include <QVBoxLayout>
#include <set>

using namespace kappascope;
using namespace kappascope::ui;

namespace {

/// A real session with its laboratory, and the panel that looks at it.
struct Stage {
    Session session{{.background = true}}; ///< plots end with what the steps have recorded
    PlotPanel panel{session};

    Stage() {
        panel.resize(440, 700);
        panel.show();
    }
    /// Trains `steps` steps and waits until every plot that can be seen shows the last of them.
    bool train(int steps) {
        const std::int64_t goal = session.status().step + steps;
        session.step(steps);
        return QTest::qWaitFor([&] { return session.status().step >= goal && shows(goal - 1); }, 20'000);
    }
    bool shows(std::int64_t step) {
        return std::ranges::all_of(panel.plots(), [&](const MetricPlot* one) {
            return !one->isVisible() || one->scene().lastStep >= step;
        });
    }
    MetricPlot* plot(const std::string& key) {
        for (MetricPlot* one : panel.plots())
            if (one->spec().key == key) return one;
        return nullptr;
    }
    QAction* action(const QString& text) {
        for (QAction* one : panel.viewActions() + panel.fileActions())
            if (one->text() == text) return one;
        return nullptr;
    }
    QAbstractButton* legendEntry(const QString& name) {
        for (auto* button : panel.findChild<RunLegend*>()->findChildren<QAbstractButton*>())
            if (button->text() == name) return button;
        return nullptr;
    }
};

const std::vector<Curve>& curvesOf(MetricPlot* plot) {
    return plot->canvas().curves()->curves();
}

/// Without the slopes that theory predicts, which are dotted.
std::ptrdiff_t measuredCurves(MetricPlot* plot) {
    return std::ranges::count_if(curvesOf(plot),
                                 [](const Curve& curve) { return curve.stroke != Stroke::Dotted; });
}

/// Whether `plot` took it.
bool drop(MetricPlot* plot, const QMimeData& data) {
    QDragEnterEvent enter({10, 10}, Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(plot, &enter);
    if (!enter.isAccepted()) return false;
    QDropEvent dropped({10, 10}, Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(plot, &dropped);
    return dropped.isAccepted();
}

} // namespace

class PlotPanelTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("kappascope-test");
        QCoreApplication::setApplicationName("plot-panel");
        Theme::instance().apply();
    }
    void init() { QSettings().clear(); }

    void everyInstrumentIsInAPlot() {
        std::set<std::string> drawn;
        for (const PlotSpec& spec : plotSpecs()) {
            QVERIFY2(!spec.help.isEmpty(), spec.key.c_str());
            QVERIFY2(!spec.title.isEmpty(), spec.key.c_str());
            for (const SeriesSpec& series : spec.series)
                for (const std::string& metric : {series.metric, series.low, series.high})
                    QVERIFY2(metric.empty() || drawn.insert(metric).second, metric.c_str());
        }
        QCOMPARE(drawn.size(), probeCatalog().entries().size());
        const PlotSpec* loss = findPlotSpec("loss");
        QVERIFY(loss);
        QCOMPARE(loss->series[0].metric, "train_loss");
        QVERIFY(loss->series[0].stroke == Stroke::Solid && loss->series[1].stroke == Stroke::Dashed);
        QVERIFY(!findPlotSpec("nothing"));
    }

    void beginsWithTheFourStandardPlots() {
        Stage stage;
        QStringList keys;
        for (const MetricPlot* plot : stage.panel.plots())
            keys << QString::fromStdString(plot->spec().key);
        QCOMPARE(keys, (QStringList{"loss", "condition_number", "gradient_norm", "accuracy"}));
    }

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

    void theAverageConditionNumberHasAPlotOfItsOwn() {
        const PlotSpec* average = findPlotSpec("condition_number_average");
        QVERIFY(average && average->title.contains("κavg") && !average->perLayer && average->layer == -1);
        QCOMPARE(average->series.size(), std::size_t{2});
        QCOMPARE(average->series[0].high, std::string("condition_number_average_high"));
        // One definition for tables and plots.
        for (const auto& [plot, quantity] : {std::pair{"condition_number_average", "kappa_average"},
                                             std::pair{"condition_number", "kappa_rank"}}) {
            const auto entry = std::ranges::find(curvatureQuantities(), quantity, &Description::key);
            QVERIFY(findPlotSpec(plot)->help.contains(QString::fromStdString(entry->help)));
        }
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
            QCOMPARE(curve.raw.back().y(), history->lastValue({"train_loss", -1}));
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

    void plotsAreAddedFromTheMenuAndRemoved() {
        Stage stage;
        QVERIFY(stage.train(5));
        QMenu* menu = stage.panel.addMenu();
        emit menu->aboutToShow();
        const auto specs = qsizetype(plotSpecs().size()); // and below a line the standard plots
        QCOMPARE(menu->actions().size(), specs + 2);
        for (QAction* action : menu->actions())
            QVERIFY(action->isSeparator() || !action->toolTip().isEmpty());
        menu->actions()[specs - 1]->trigger();
        QCOMPARE(stage.panel.plots().size(), std::size_t(5));
        QCOMPARE(stage.panel.plots().back()->spec().key, plotSpecs().back().key);
        while (!stage.panel.plots().empty())
            emit stage.panel.plots().front()->removeAsked();
        QVERIFY(!stage.panel.currentPlot());
        QVERIFY(stage.train(5)); // nothing to draw, nothing to break
        stage.action("Logarithmic y axis")->trigger();
    }

    void layoutIsRememberedAndRestored() {
        QJsonArray saved;
        {
            Stage stage;
            stage.panel.removePlot(stage.panel.plots()[1]);
            stage.panel.plots()[0]->setLogarithmic(!stage.panel.plots()[0]->isLogarithmic());
            saved = stage.panel.layoutState();
        }
        Stage again;
        QCOMPARE(again.panel.layoutState(), saved);
        again.panel.showStandardPlots();
        QCOMPARE(again.panel.plots().size(), std::size_t(4));
        QJsonArray strange = saved;
        strange.append(QJsonObject{{"plot", "from the future"}});
        again.panel.restoreLayout(strange);
        QCOMPARE(again.panel.layoutState(), saved);
    }

    void quantitiesAreDraggedTogetherAndSplit() {
        Stage stage;
        QVERIFY(stage.train(20));
        const auto data = mimeOfQuantity("gradient_norm");
        QVERIFY(drop(stage.plot("accuracy"), *data));
        MetricPlot* joined = stage.plot("accuracy+gradient_norm");
        QVERIFY(joined);
        QVERIFY(!stage.plot("accuracy"));
        QCOMPARE(stage.panel.plots()[3], joined); // in the place of the one it was dropped on
        QCOMPARE(joined->spec().series.size(), std::size_t(3));
        QVERIFY(stage.train(5));
        std::set<Stroke> strokes;
        for (const Curve& curve : curvesOf(joined)) {
            if (curve.measured) QVERIFY(!curve.raw.empty());
            strokes.insert(curve.stroke);
        }
        QCOMPARE(strokes.size(), std::size_t(3)); // each series has its own

        const QJsonArray saved = stage.panel.layoutState();
        stage.panel.restoreLayout(saved);
        QCOMPARE(stage.panel.layoutState(), saved);
        const auto menu = makePlotMenu(*stage.plot("accuracy+gradient_norm"));
        for (QAction* action : menu->actions())
            if (action->text().startsWith("Split")) action->trigger();
        QVERIFY(stage.plot("accuracy") && stage.plot("gradient_norm"));
        QVERIFY(!stage.plot("accuracy+gradient_norm"));
    }

    void aQuantityDraggedFromAPlotLeavesIt() {
        Stage stage;
        MetricPlot* from = stage.plot("gradient_norm");
        stage.panel.addPlot("update_weight_ratio");
        const std::size_t before = stage.panel.plots().size();
        stage.panel.join(stage.plot("update_weight_ratio"), "gradient_norm", from);
        QCOMPARE(stage.panel.plots().size(), before - 1);
        QVERIFY(stage.plot("update_weight_ratio+gradient_norm"));
        // The same one twice, or more than the strokes tell apart: refused.
        QVERIFY(!drop(stage.plot("update_weight_ratio+gradient_norm"), *mimeOfQuantity("gradient_norm")));
        stage.panel.join(stage.plot("loss"), "accuracy", stage.plot("accuracy"));
        QVERIFY(!drop(stage.plot("loss+accuracy"), *mimeOfQuantity("update_size")));
        QVERIFY(!drop(stage.plot("loss+accuracy"), QMimeData()));
    }

    void aHiddenRunIsDraggedOntoAPlot() {
        Stage stage;
        QVERIFY(stage.train(3));
        const int run = stage.session.experiment().runs[1].id;
        stage.session.changeRun(run, "hide", [](RunSpec& spec) { spec.hidden = true; });
        QVERIFY(drop(stage.plot("loss"), *mimeOfRun(run)));
        QVERIFY(!stage.session.run(run)->hidden);
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

    void aPanelLeftEmptyComesBackEmpty() {
        {
            Stage stage;
            while (!stage.panel.plots().empty())
                stage.panel.removePlot(stage.panel.plots().back());
        }
        Stage again;
        QVERIFY(again.panel.plots().empty());
        emit again.panel.addMenu()->aboutToShow();
        again.panel.addMenu()->actions().last()->trigger(); // the standard plots
        QCOMPARE(again.panel.plots().size(), std::size_t(4));
    }

    void whileItTrainsTheAxisEndsALittleBeyondAndAtRestWithTheCurves() {
        Stage stage;
        QVERIFY(stage.train(1000));
        const auto end = [&] { return stage.plot("loss")->canvas().xAxis->range().upper; };
        QCOMPARE(end(), 999.0);
        stage.session.setSpeed(200);
        stage.session.play();
        std::set<double> ends;
        for (std::int64_t seen = 0; seen < 1300;) {
            QCoreApplication::processEvents();
            const PlotScene& scene = stage.plot("loss")->scene();
            if (!stage.session.status().playing || scene.lastStep < 1000 || scene.lastStep == seen) continue;
            seen = scene.lastStep;
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
