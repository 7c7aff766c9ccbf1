// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/layer_catalog.h"
#include "tests/support/whole_window.h"
#include "ui/panels/form/data_section.h"
#include "ui/panels/network_inspector.h"
#include "ui/panels/run/run_column.h"
#include "ui/panels/run_columns.h"
#include "ui/plots/plot_panel.h"
#include "ui/plots/plot_title.h"
#include "ui/views/feature_map_view.h"
#include "ui/views/image_grid.h"
#include "ui/views/network_view.h"
#include "ui/widgets/number_label.h"
#include "ui/window/dock_panel.h"

#include <QLabel>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>

using namespace kappascope;
using namespace kappascope::ui;
using test::settle;

/// Where panels stand, what can be seen of them, and what they say about themselves.
class MainWindowLayoutTest : public test::WholeWindow {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init() { open(); }
    void cleanup() { close(); }

    void panelsAreHiddenShownAndComeBack();
    void theNetworkOfTheSelectedRunStandsInFront();
    void aClickedSampleShowsItsFeatureMaps();
    void noGroundLiesBareBelowTheRuns_data();
    void noGroundLiesBareBelowTheRuns();
    void eightRunsAreInSight_data();
    void eightRunsAreInSight();
    void theUserMayMakeTheRunsLower();
    void nothingIsClippedInASmallWindow();
    void aFloatingPanelComesToRest();
    void everyNumberTellsWhatItIs();
};

void MainWindowLayoutTest::panelsAreHiddenShownAndComeBack() {
    for (DockPanel* panel : window_->docks().panels()) {
        QAction* toggle = window_->actionSet().find("view.panel." + panel->objectName());
        QVERIFY(toggle->isChecked());
        toggle->trigger();
        QVERIFY(panel->isHidden());
    }
    const QByteArray without = window_->docks().save();
    action("view.resetLayout")->trigger();
    for (DockPanel* panel : window_->docks().panels())
        QVERIFY(!panel->isHidden());
    QVERIFY(window_->docks().restore(without));
    for (DockPanel* panel : window_->docks().panels())
        QVERIFY(panel->isHidden());
    QVERIFY(!window_->docks().restore("of another version"));
    for (DockPanel* panel : window_->docks().panels())
        QVERIFY(!panel->isHidden());
}

void MainWindowLayoutTest::theNetworkOfTheSelectedRunStandsInFront() {
    auto* inspector = window_->findChild<NetworkInspector*>();
    QTRY_VERIFY(inspector->view()->picture().complete);
    QVERIFY(!inspector->visibleRegion().isEmpty());
    const int last = session_->experiment().runs.back().id;
    session_->selectRun(last);
    QTRY_VERIFY(inspector->findChildren<QLabel*>().front()->text().contains(nameOf(last)));
    QTRY_VERIFY(inspector->view()->snapshot() && inspector->view()->snapshot()->run == last);
    // The other tab.
    auto* table = find<QWidget>("run-table");
    QVERIFY(table->visibleRegion().isEmpty());
    auto* tabs = window_->findChild<QTabBar*>(QString(), Qt::FindDirectChildrenOnly);
    QVERIFY(tabs && tabs->count() == 6); // network, feature maps, spectrum, Hessian, conditioning, run table
    tabs->setCurrentIndex(5);
    QTRY_VERIFY(!table->visibleRegion().isEmpty());
}

void MainWindowLayoutTest::noGroundLiesBareBelowTheRuns_data() {
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("runs");
    for (const QSize size : {QSize(1440, 900), QSize(1100, 700)})
        for (int runs = 1; runs <= 8; ++runs)
            QTest::addRow("%dx%d, %d runs", size.width(), size.height(), runs) << size << runs;
}

void MainWindowLayoutTest::noGroundLiesBareBelowTheRuns() {
    QFETCH(QSize, size);
    QFETCH(int, runs);
    window_->resize(size);
    session_->change("runs", [runs](Experiment& experiment) {
        const RunSpec model = experiment.runs.front();
        experiment.runs.clear();
        for (int k = 0; k < runs; ++k) {
            experiment.runs.push_back(model);
            experiment.runs.back().id = 0;
            experiment.runs.back().name = "run " + std::to_string(k);
            experiment.runs.back().color.clear();
        }
    });
    auto* columns = window_->findChild<RunColumns*>();
    const auto bare = [&] { return columns->viewport()->height() - columns->widget()->height(); };
    QTRY_VERIFY2(bare() <= 1 && window_->size() == size && columns->height() >= 200,
                 qPrintable(QStringLiteral("%1 px bare of %2").arg(bare()).arg(columns->height())));
    for (DockPanel* panel : window_->docks().panels())
        if (!panel->visibleRegion().isEmpty()) QVERIFY(panel->height() >= 100);
    // Nothing but the line and the tabs is between the runs and the panel.
    const QWidget* below = window_->findChild<DockPanel*>("network");
    QTRY_VERIFY(below->y() - window_->centralWidget()->geometry().bottom() < 50);
}

void MainWindowLayoutTest::eightRunsAreInSight_data() {
    QTest::addColumn<int>("batchSize");
    QTest::newRow("as usual") << 30;
    QTest::newRow("with a word about batches of one") << 1;
}

/// At 1440 x 900, whatever the panels below would like to have.
void MainWindowLayoutTest::eightRunsAreInSight() {
    QFETCH(int, batchSize);
    session_->change("runs", [batchSize](Experiment& experiment) {
        const std::vector<RunSpec> pattern = experiment.runs;
        while (experiment.runs.size() < 8) {
            experiment.runs.push_back(pattern[experiment.runs.size() % pattern.size()]);
            experiment.runs.back().id = 0;
            experiment.runs.back().name += ' ' + std::to_string(experiment.runs.size());
        }
        experiment.batchSize = batchSize;
    });
    session_->step(2);
    QVERIFY(settle(*session_));
    auto* columns = window_->findChild<RunColumns*>();
    QTRY_COMPARE(columns->horizontalScrollBar()->maximum(), 0);
    QTRY_COMPARE(columns->verticalScrollBar()->maximum(), 0);
    QCOMPARE(window_->size(), QSize(1440, 900));
    for (const RunSpec& run : session_->experiment().runs)
        QTRY_VERIFY(columns->viewport()->rect().contains(QRect(
            columns->column(run.id)->mapTo(columns->viewport(), QPoint()), columns->column(run.id)->size())));
}

void MainWindowLayoutTest::aClickedSampleShowsItsFeatureMaps() {
    Experiment experiment = withDataSet(session_->experiment(), "digits", nullptr);
    experiment.loss = standardLoss(Task::Classification);
    experiment.model.fold = Fold::None;
    LayerSpec convolution = layerNamed("conv2d");
    convolution.parameters.set("channels", std::int64_t{4});
    experiment.model.layers = {convolution, layerNamed("relu"), layerNamed("flatten")};
    session_->open(experiment, false);
    QVERIFY(settle(*session_));
    auto* panel = window_->findChild<DockPanel*>("features");
    auto* view = panel->findChild<FeatureMapView*>();
    QVERIFY(panel->visibleRegion().isEmpty()); // behind the network
    const RunSpec& last = session_->experiment().runs.back();
    const QString name = QStringLiteral("run-%1-view").arg(QString::fromStdString(last.name));
    ImageGrid* grid = nullptr; // comes with the data
    QTRY_VERIFY((grid = window_->findChild<ImageGrid*>(name)) && !grid->thumbnails().empty());
    QTest::mouseClick(grid, Qt::LeftButton, {}, grid->cellRect(1).center().toPoint());
    QTRY_VERIFY(!view->visibleRegion().isEmpty());
    QCOMPARE(session_->selectedRun(), last.id);
    QTRY_COMPARE(view->picture().layers, (QStringList{"1 conv2d", "1 relu"}));
    QCOMPARE(view->sample(), Index{grid->thumbnails()[1].sample});
    QTRY_VERIFY(view->picture().sampleText.contains(QString::number(view->sample())));
    auto* layer = panel->findChild<QComboBox*>("mapLayer");
    layer->setCurrentIndex(1);
    emit layer->activated(1);
    QTRY_COMPARE(view->picture().layer, 1);
    QVERIFY(view->picture().maps.values.minCoeff() == 0); // behind ReLU
    const Matrix<double> before = view->picture().maps.values;
    session_->step(3);
    QVERIFY(settle(*session_));
    QTRY_COMPARE(view->shownStep(), 3); // live
    QVERIFY(view->picture().maps.values != before);
}

void MainWindowLayoutTest::theUserMayMakeTheRunsLower() {
    auto* columns = window_->findChild<RunColumns*>();
    auto* network = window_->findChild<DockPanel*>("network");
    QWidget* centre = window_->centralWidget();
    QTRY_VERIFY(centre->height() == centre->maximumHeight() &&
                network->y() - centre->geometry().bottom() < 50); // laid out
    const int before = centre->height();
    const QPoint line(centre->geometry().center().x(), centre->geometry().bottom() + 4);
    QTest::mousePress(window_.get(), Qt::LeftButton, {}, line);
    QTest::mouseMove(window_.get(), line - QPoint(0, 60));
    QTRY_VERIFY(centre->height() < before - 30);
    QTest::mouseRelease(window_.get(), Qt::LeftButton, {}, line - QPoint(0, 60));
    const int chosen = centre->height();
    // It stays so whatever comes.
    session_->selectRun(session_->experiment().runs.back().id);
    session_->addRun();
    QTRY_COMPARE(session_->experiment().runs.size(), std::size_t(4));
    QVERIFY(settle(*session_));
    QCOMPARE(centre->height(), chosen);
    QVERIFY(network->height() > 100 && columns->isVisible());
    window_->docks().reset();
    QTRY_COMPARE(centre->height(), centre->maximumHeight());
}

void MainWindowLayoutTest::aFloatingPanelComesToRest() {
    auto* panel = window_->findChild<DockPanel*>("experiment");
    panel->setFloating(true);
    QTest::qWait(200);
    QVERIFY(panel->isVisible());
    QSignalSpy shown(panel, &QDockWidget::visibilityChanged);
    QTest::qWait(200);
    QCOMPARE(shown.size(), 0);
    panel->setFloating(false);
    QTRY_VERIFY(panel->titleBarWidget());
}

void MainWindowLayoutTest::nothingIsClippedInASmallWindow() {
    window_->resize(1100, 700);
    window_->docks().reset();
    auto* plots = window_->findChild<PlotPanel*>();
    QTRY_COMPARE(window_->size(), QSize(1100, 700));
    for (PlotTitle* title : plots->findChildren<PlotTitle*>()) {
        QTRY_VERIFY(title->mapTo(plots, title->rect().bottomRight()).x() < plots->width());
        for (QWidget* word : title->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
            if (!word->isVisible()) continue;
            QVERIFY2(word->geometry().right() <= title->width(), qPrintable(word->accessibleName()));
            QTRY_VERIFY2(word->width() >= word->sizeHint().width(),
                         qPrintable(title->findChild<QLabel*>()->text() +
                                    QLatin1String(word->metaObject()->className())));
        }
    }
    auto* form = window_->findChild<QScrollArea*>("experimentForm");
    QVERIFY(form->widget()->width() <= form->viewport()->width());
    for (const char* name : {"seed", "presetChooser", "stepText", "playButton"}) {
        auto* control = find<QWidget>(name);
        QVERIFY2(control->isVisible(), name);
        QVERIFY2(control->mapTo(window_.get(), control->rect().topRight()).x() <= window_->width(), name);
    }
}

void MainWindowLayoutTest::everyNumberTellsWhatItIs() {
    session_->step(3);
    QVERIFY(settle(*session_));
    QTRY_VERIFY(find<NumberLabel>("inputCondition")->text() != QStringLiteral("—"));
    for (const NumberLabel* number : window_->findChildren<NumberLabel*>()) {
        if (!number->isVisible()) continue;
        const QWidget* told = number;
        while (told && told->toolTip().isEmpty() && told != window_.get())
            told = told->parentWidget();
        QVERIFY2(told && !told->toolTip().isEmpty(), qPrintable(number->objectName() + number->text()));
    }
}

QTEST_MAIN(MainWindowLayoutTest)
#include "main_window_layout_test.moc"
