// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/condition_number.h"
#include "engine/probes/probe.h"
#include "tests/support/plot_stage.h"
#include "tests/support/widget_settings.h"
#include "ui/plots/plot_drag.h"
#include "ui/plots/plot_menu.h"
#include "ui/plots/plot_spec.h"
#include "ui/theme/theme.h"

#include <QDropEvent>
#include <QMenu>
#include <QMimeData>
#include <QSettings>
#include <set>

using namespace kappascope;
using namespace kappascope::ui;
using namespace kappascope::test;
using Stage = PlotStage;

namespace {

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

/// Which plots the panel has, and how they are added, removed, joined, split and remembered.
class PlotPanelArrangementTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { test::startWithOwnSettings(); }
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
};

QTEST_MAIN(PlotPanelArrangementTest)
#include "plot_panel_arrangement_test.moc"
