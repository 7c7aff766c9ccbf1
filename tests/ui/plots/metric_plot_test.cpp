// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/metric_plot_stage.h"
#include "tests/support/widget_settings.h"
#include "ui/plots/plot_menu.h"
#include "ui/preferences.h"

#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>

using namespace kappascope;
using namespace kappascope::ui;
using Stage = test::MetricPlotStage;

namespace {

constexpr int steps = test::plotSteps;

QAction* entry(QMenu& menu, const QString& text) {
    for (QAction* action : menu.actions())
        if (action->text() == text) return action;
    return nullptr;
}

} // namespace

class MetricPlotTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { test::startWithOwnSettings(); }
    void init() { Preferences::instance().setSwapsGestures(false); }

    void drawsOncePerChangeAndNotAtAllWithoutOne() {
        Stage stage;
        const int before = stage.replots;
        stage.show();
        stage.show();
        QCOMPARE(stage.replots, before);
        const History::Sample next{steps, 1e-3};
        stage.scene->runs[0].history->push({"m", -1}, {&next, 1});
        stage.scene->lastX = steps;
        stage.show();
        QCOMPARE(stage.replots, before + 1);
    }

    void whatComesInAnAxisThatStandsIsAppendedWithoutAnotherPicture() {
        Stage stage;
        stage.scene->lastX = 2 * steps;
        stage.show();
        stage.show();
        const int before = stage.replots;
        for (int step = steps; step < steps + 300; step += 7) {
            std::vector<History::Sample> samples;
            for (int k = step; k < step + 7; ++k)
                samples.push_back({k, 0.1 + 0.05 * std::sin(k * k)});
            stage.scene->runs[0].history->push({"m", -1}, samples);
            stage.show();
        }
        QCOMPARE(stage.replots, before);
        const QImage appended = stage.canvas().grab().toImage();
        stage.canvas().replot(); // another picture of the same
        QVERIFY(stage.replots > before);
        QCOMPARE(stage.canvas().grab().toImage(), appended);
    }

    void aValueOutsideTheAxisMakesAnotherPicture() {
        Stage stage;
        stage.scene->lastX = 2 * steps;
        stage.show();
        stage.show();
        const int before = stage.replots;
        const History::Sample high{steps, 50};
        stage.scene->runs[0].history->push({"m", -1}, {&high, 1});
        stage.show();
        QCOMPARE(stage.replots, before + 1);
        QVERIFY(stage.canvas().yAxis->range().upper > 50);
    }

    void whatIsPaintedOnTheScreenIsWhatIsPaintedElsewhere() {
        // The screen is composed of buffers and the curves' raster; another painter gets all at once.
        Stage stage;
        const QImage onScreen = stage.canvas().grab().toImage();
        const QImage elsewhere = stage.canvas().toPixmap().toImage().convertToFormat(onScreen.format());
        QCOMPARE(elsewhere.size(), onScreen.size());
        const QRect frame = stage.canvas().frame(); // letters differ by the background they are drawn on
        int different = 0, colored = 0;
        for (int y = frame.top(); y <= frame.bottom(); ++y)
            for (int x = frame.left(); x <= frame.right(); ++x) {
                different += onScreen.pixel(x, y) != elsewhere.pixel(x, y);
                colored += onScreen.pixelColor(x, y).saturation() > 60;
            }
        QVERIFY(colored > 100);
        QVERIFY2(different < colored / 10, qPrintable(QString::number(different)));
    }

    void doesNothingWhileHidden() {
        Stage stage;
        stage.plot.hide();
        const int before = stage.replots;
        stage.scene->runs[0].hidden = true;
        stage.show();
        QCOMPARE(stage.replots, before);
        stage.plot.show();
        QApplication::processEvents();
        QVERIFY(stage.replots > before);
        QCOMPARE(stage.canvas().curves()->curves().size(), std::size_t(2));
    }

    void logarithmicByWordAndRefusesNonPositiveRanges() {
        Stage stage;
        for (auto* button : stage.plot.findChildren<QToolButton*>())
            if (button->text() == "log") QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(!stage.plot.isLogarithmic());
        QCOMPARE(stage.canvas().yAxis->scaleType(), QCPAxis::stLinear);
        stage.plot.setValueRange(-1, 1);
        QCOMPARE(stage.canvas().yAxis->range().lower, -1.0);
        stage.plot.setLogarithmic(true);
        QVERIFY(stage.canvas().yAxis->range().lower > 0);
        stage.plot.setValueRange(-1, 1);
        QVERIFY(stage.canvas().yAxis->range().lower > 0);
    }

    void logarithmicStepsBeginAtOne() {
        Stage stage;
        stage.view.setLogX(true);
        QCOMPARE(stage.canvas().xAxis->range().lower, 1.0);
    }

    void aDivergedRunSaysWhyAtItsEnd() {
        Stage stage;
        stage.scene->runs[1].diverged = true;
        stage.scene->runs[1].why = "the loss was not finite at step 999";
        const History::Sample end{steps, 1e30};
        stage.scene->runs[1].history->push({"m", -1}, {&end, 1});
        stage.scene->lastX = steps;
        stage.show();
        QString found;
        const QRect frame = stage.canvas().frame();
        for (int y = frame.top(); y <= frame.bottom() && found.isEmpty(); ++y)
            found = stage.canvas().curves()->endingAt(QPointF(frame.right(), y));
        QCOMPARE(found, "B: the loss was not finite at step 999");
    }

    void emptyPlotsSayWhatToDo() {
        PlotViewState view;
        MetricPlot plot(makeSpec(), view);
        plot.resize(400, 200);
        plot.show();
        plot.setScene(makeScene(2, 0, {}));
        QVERIFY(plot.canvas().notice().contains("Space"));
        plot.setScene(makeScene(2, 10, [](int, int) { return std::nan(""); }));
        QVERIFY(plot.canvas().notice().contains("Not defined"));
        plot.setScene(makeScene(2, 10, [](int, int) { return 1.0; }));
        QVERIFY(plot.canvas().notice().isEmpty());
    }

    void emptyPlotsSayWhyNothingIsMeasured() {
        PlotViewState view;
        PlotSpec spec = makeSpec();
        MetricPlot plot(spec, view);
        plot.resize(400, 200);
        plot.show();
        const auto trained = [] { // ten steps, without a value of the plot's metric
            auto scene = makeScene(1, 0, {});
            scene->lastStep = 10;
            return scene;
        };
        plot.setScene(trained());
        QCOMPARE(plot.canvas().notice(), QString("Nothing measured here."));
        const auto evaluated = trained(); // and that with an evaluation
        const History::Sample one{0, 1.0};
        evaluated->runs[0].history->push({"train_loss_full"}, {&one, 1});
        plot.setScene(evaluated);
        QCOMPARE(plot.canvas().notice(), QString("Not defined for this experiment."));
        spec.besideTraining = true;
        MetricPlot beside(spec, view);
        beside.resize(400, 200);
        beside.show();
        beside.setScene(evaluated);
        QVERIFY(beside.canvas().notice().contains("beside the training"));
    }

    void showsTheLayerThatHasValues() {
        PlotViewState view;
        PlotSpec spec = makeSpec();
        spec.perLayer = true;
        MetricPlot plot(spec, view);
        plot.show();
        auto scene = makeScene(1, 0, {});
        scene->layers = 3;
        const History::Sample one{0, 1.0};
        for (const int layer : {1, 2})
            scene->runs[0].history->push({"m", layer}, {&one, 1});
        plot.setScene(scene);
        QCOMPARE(plot.layersWithData(), (std::vector<int>{1, 2}));
        QCOMPARE(plot.layer(), 1);
        scene->runs[0].history->push({"m", SeriesKey::wholeNetwork}, {&one, 1});
        plot.setScene(scene); // what was asked for has come
        QCOMPARE(plot.layer(), SeriesKey::wholeNetwork);
        plot.setLayer(2);
        plot.setScene(scene);
        QCOMPARE(plot.layer(), 2);
    }

    void saysWhereItShowsAnotherLayer() {
        PlotViewState view;
        MetricPlot plot(*findPlotSpec("condition_number"), view);
        const auto* missing = plot.findChild<QLabel*>("missing");
        QVERIFY(missing);
        plot.setLayer(SeriesKey::wholeNetwork);
        auto scene = makeScene(1, 0, {});
        scene->layers = 1;
        const History::Sample one{0, 10.0};
        scene->runs[0].history->push({"condition_number", 0}, {&one, 1});
        plot.setScene(scene); // perhaps only not yet
        QCOMPARE(plot.layer(), 0);
        QVERIFY(missing->isHidden());
        scene->runs[0].history->push({"condition_number_average"}, {&one, 1});
        plot.setScene(scene); // the whole network has been looked at
        QVERIFY(!missing->isHidden());
        QCOMPARE(missing->text(), QString("no κr"));
        QVERIFY2(missing->toolTip().contains("more than 2,000 parameters"), qPrintable(missing->toolTip()));
        QVERIFY2(missing->toolTip().contains("κ* of layer 1"), qPrintable(missing->toolTip()));
        plot.setLayer(0); // asked for
        plot.setScene(scene);
        QVERIFY(missing->isHidden());
        plot.setLayer(4);
        plot.setScene(scene);
        QCOMPARE(missing->text(), QString("no layer 5"));
        QVERIFY(!missing->isHidden());
    }

    void menuDoesWhatItSays() {
        Stage stage;
        stage.view.zoomTo(100, 200);
        auto menu = makePlotMenu(stage.plot);
        entry(*menu, "Zoom out horizontally")->trigger();
        QVERIFY(stage.view.follows());
        stage.plot.setValueRange(0.1, 0.2);
        entry(*menu, "Zoom out vertically")->trigger();
        QVERIFY(!stage.plot.isZoomed());
        entry(*menu, "Logarithmic values")->trigger();
        QVERIFY(!stage.plot.isLogarithmic());
        QSignalSpy removed(&stage.plot, &MetricPlot::removeAsked);
        entry(*menu, "Remove plot")->trigger();
        QCOMPARE(removed.size(), 1);
        entry(*menu, "Left button pans, Ctrl zooms")->trigger();
        QVERIFY(Preferences::instance().swapsGestures());
        entry(*menu, "Copy image")->trigger();
        QVERIFY(QGuiApplication::clipboard()->image().width() >= stage.canvas().width());
    }

    void visibleDataAreWritten() {
        Stage stage;
        stage.view.zoomTo(100, 109);
        const QTemporaryDir folder;
        const QString path = folder.filePath("data.csv");
        std::optional<QString> problem;
        writePlotData(stage.plot, false, path, [&](const QString& what) { problem = what; });
        QTRY_VERIFY(problem.has_value());
        QCOMPARE(*problem, "");
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().count('\n'), 1 + 3 * 10);
        problem.reset();
        writePlotData(stage.plot, true, folder.filePath("no/such/folder.csv"),
                      [&](const QString& what) { problem = what; });
        QTRY_VERIFY(problem.has_value());
        QVERIFY(!problem->isEmpty());
    }

    void curvesAreSeenInTheirColors() {
        Stage stage;
        const QImage image = stage.canvas().grab().toImage();
        for (int position = 0; position < 3; ++position) {
            const QColor color = Theme::instance().runColor({}, position);
            int found = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    found += image.pixelColor(x, y) == color;
            QVERIFY2(found > 10, qPrintable(color.name()));
        }
    }

    void hasANameAndADefinitionForScreenReaders() {
        Stage stage;
        QCOMPARE(stage.plot.accessibleName(), "Metric");
        QCOMPARE(stage.plot.accessibleDescription(), "What it means");
        QVERIFY(!stage.canvas().accessibleName().isEmpty());
    }
};

QTEST_MAIN(MetricPlotTest)
#include "metric_plot_test.moc"
