// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "engine/network/layer_catalog.h"
#include "engine/studies/claim_catalog.h"

#include "tests/support/window_sandbox.h"
#include "ui/dialogs/import_dialog.h"
#include "ui/panels/form/data_gallery.h"
#include "ui/panels/form/data_section.h"
#include "ui/panels/form/stepper.h"
#include "ui/panels/network_inspector.h"
#include "ui/panels/run/editable_name.h"
#include "ui/panels/run/rate_field.h"
#include "ui/panels/run/run_column.h"
#include "ui/panels/run_columns.h"
#include "ui/panels/transport_bar.h"
#include "ui/plots/metric_plot.h"
#include "ui/plots/plot_panel.h"
#include "ui/plots/plot_title.h"
#include "ui/views/feature_map_view.h"
#include "ui/views/image_grid.h"
#include "ui/views/network_view.h"
#include "ui/widgets/number_label.h"
#include "ui/widgets/switch_button.h"
#include "ui/widgets/value_slider.h"
#include "ui/window/dock_panel.h"
#include "ui/window/export_commands.h"
#include "ui/window/file_commands.h"
#include "ui/window/message_bar.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>
#include <QTabBar>
#include <QTest>
#include <QTimer>
#include <QToolButton>

using namespace kappascope;
using namespace kappascope::ui;
using test::settle;

/// The whole window with a real laboratory: every control is worked as by a user, and what the laboratory
/// then has is read back.
class MainWindowTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init();
    void cleanup();

    void playAndPause();
    void oneStepOneEpochAndBackToTheStart();
    void aNewSeedIsAnotherStart();
    void theSpeedSliderLimitsTheTraining();
    void theSeedIsTyped();
    void theSwitchesOfEveryRunReachTheLaboratory();
    void theOptimizerAndTheRateOfARun();
    void everyRunCanBeAddedDuplicatedRenamedRecolouredHiddenAndRemoved();
    void theGalleryChangesTheData();
    void theSlidersOfTheForm();
    void hiddenLayersAndUnits();
    void undoAndRedo();
    void presetsAreInTheMenuInTheBarAndFound();
    void theClaimsOfThePaperStartFromTheirMenu();
    void aSessionIsSavedWithItsPlotsAndOpenedAsItWas();
    void filesAreDropped();
    void curvesAreExported();
    void theExperimentIsExportedForPyTorch();
    void anExportThatFailsSaysWhy();
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
    void everyActionCanBeTriggered();

private:
    template<class T>
    T* find(const QString& name) {
        T* found = window_->findChild<T*>(name);
        if (!found) qWarning("no widget named %s", qPrintable(name));
        return found;
    }
    QAction* action(const char* id) { return window_->actionSet().find(id); }
    void click(const QString& name) { QTest::mouseClick(find<QWidget>(name), Qt::LeftButton); }
    /// What the laboratory has after all that was asked.
    Experiment laboratory() {
        session_->laboratory().wait();
        return session_->laboratory().experiment();
    }
    const RunSpec runOfLaboratory(int id) {
        for (const RunSpec& run : laboratory().runs)
            if (run.id == id) return run;
        return {};
    }
    int firstRun() { return session_->experiment().runs.front().id; }
    QString nameOf(int run) { return QString::fromStdString(session_->run(run)->name); }
    /// An entry of a run's three-dot menu, filled as when it opens.
    QAction* runMenuAction(int run, const QString& name) {
        auto* menu = find<QToolButton>(QStringLiteral("run-%1-menu").arg(nameOf(run)))->menu();
        emit menu->aboutToShow();
        return menu->findChild<QAction*>(name);
    }
    void drop(const QString& file);
    void closeDialogs();

    test::WindowSandbox sandbox_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<MainWindow> window_;
};

void MainWindowTest::init() {
    session_ = std::make_unique<Session>(test::oneThread);
    session_->open(test::smallExperiment(), false);
    QVERIFY(settle(*session_));
    window_ = std::make_unique<MainWindow>(*session_);
    window_->resize(1440, 900);
    window_->docks().reset();
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
}

void MainWindowTest::cleanup() {
    closeDialogs();
    window_.reset();
    session_.reset();
}

void MainWindowTest::closeDialogs() {
    for (QWidget* widget : QApplication::topLevelWidgets())
        if (widget != window_.get() && widget->isVisible()) widget->close();
}

void MainWindowTest::playAndPause() {
    click("playButton");
    QVERIFY(session_->isPlaying());
    QTRY_VERIFY(session_->laboratory().status().playing);
    QTRY_VERIFY(session_->status().step > 3);
    click("playButton");
    QVERIFY(!session_->isPlaying());
    QTRY_VERIFY(!session_->laboratory().status().playing);
    QTest::keyClick(window_.get(), Qt::Key_Space);
    QTRY_VERIFY(session_->laboratory().status().playing);
    session_->pause();
}

void MainWindowTest::oneStepOneEpochAndBackToTheStart() {
    click("run.step.button");
    QTRY_COMPARE(session_->laboratory().status().step, 1);
    click("run.epoch.button");
    QTRY_VERIFY(session_->laboratory().status().epoch >= 1);
    session_->laboratory().wait();
    const std::int64_t after = session_->laboratory().status().step;
    QVERIFY(after > 1);
    const Experiment before = laboratory();
    click("run.reset.button");
    QTRY_COMPARE(session_->laboratory().status().step, 0);
    QCOMPARE(laboratory(), before);
}

void MainWindowTest::aNewSeedIsAnotherStart() {
    const SeedSpec before = session_->experiment().seed;
    click("run.newSeed.button");
    QTRY_VERIFY(laboratory().seed.weights != before.weights);
    QCOMPARE(session_->status().step, 0);
}

void MainWindowTest::theSpeedSliderLimitsTheTraining() {
    auto* speed = find<QSlider>("speed");
    speed->setValue(speedPosition(10));
    QCOMPARE(session_->speed(), speedAt(speed->value()));
    QVERIFY(session_->speed() > 9 && session_->speed() < 11);
    QElapsedTimer clock;
    clock.start();
    session_->play();
    QTRY_VERIFY(session_->laboratory().status().step >= 8);
    QVERIFY(clock.elapsed() >= 500); // of the 800 that eight steps take
    speed->setValue(speed->maximum());
    QCOMPARE(session_->speed(), 0.0);
    QTRY_VERIFY(session_->laboratory().status().stepsPerSecond > 100);
}

void MainWindowTest::theSeedIsTyped() {
    auto* seed = find<QLineEdit>("seed");
    seed->setFocus();
    seed->selectAll();
    QTest::keyClicks(seed, "123");
    QTest::keyClick(seed, Qt::Key_Return);
    QCOMPARE(laboratory().seed.data, std::uint64_t(123));
}

void MainWindowTest::theSwitchesOfEveryRunReachTheLaboratory() {
    session_->step(5);
    QVERIFY(settle(*session_));
    for (const RunSpec& run : session_->experiment().runs) {
        const QString name = QString::fromStdString(run.name);
        for (const char* which : {"switch-bn", "switch-bnp"}) {
            auto* toggle = find<SwitchButton>(QStringLiteral("run-%1-%2").arg(name, which));
            const bool batchNorm = which == std::string("switch-bn");
            const auto methodOf = [&](const RunSpec& spec) {
                return batchNorm ? spec.normalization.method : spec.preconditioner.method;
            };
            const std::string before = methodOf(runOfLaboratory(run.id));
            const bool on = toggle->isChecked();
            QTest::mouseClick(toggle, Qt::LeftButton);
            QCOMPARE(toggle->isChecked(), !on);
            const std::string expected = on ? "none" : batchNorm ? "batch_norm" : "bnp";
            QCOMPARE(methodOf(runOfLaboratory(run.id)), expected);
            QTest::mouseClick(toggle, Qt::LeftButton);
            QCOMPARE(methodOf(runOfLaboratory(run.id)), before);
        }
    }
    QCOMPARE(session_->laboratory().status().step, 5); // no switch starts the training over
}

void MainWindowTest::theOptimizerAndTheRateOfARun() {
    const int run = firstRun();
    const QString name = nameOf(run);
    auto* menu = find<QToolButton>("run-" + name + "-optimizer")->menu();
    emit menu->aboutToShow();
    menu->findChild<QAction*>("adam")->trigger();
    QCOMPARE(runOfLaboratory(run).optimizer.method, std::string("adam"));
    auto* rate = find<RateField>("run-" + name + "-rate");
    rate->setFocus();
    rate->selectAll();
    QTest::keyClicks(rate, "0.0125");
    QTest::keyClick(rate, Qt::Key_Return);
    QCOMPARE(runOfLaboratory(run).learningRate.value_or(0), 0.0125);
}

void MainWindowTest::everyRunCanBeAddedDuplicatedRenamedRecolouredHiddenAndRemoved() {
    const std::size_t before = session_->experiment().runs.size();
    click("run-add");
    QCOMPARE(laboratory().runs.size(), before + 1);
    const int run = session_->experiment().runs.back().id;
    runMenuAction(run, "fork")->trigger();
    QCOMPARE(laboratory().runs.size(), before + 2);

    runMenuAction(run, "rename")->trigger();
    QLineEdit* field = find<EditableName>("run-" + nameOf(run) + "-name")->field();
    QTRY_VERIFY(field->isVisible());
    field->selectAll();
    QTest::keyClicks(field, "Mine");
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(runOfLaboratory(run).name, std::string("Mine"));

    runMenuAction(run, "color-6")->trigger();
    QCOMPARE(QString::fromStdString(runOfLaboratory(run).color),
             Theme::instance().runColor({}, 6, false).name());

    runMenuAction(run, "hide")->trigger();
    QVERIFY(runOfLaboratory(run).hidden);
    QVERIFY(!window_->findChild<RunColumns*>()->column(run));
    click("run-show-hidden");
    QVERIFY(!runOfLaboratory(run).hidden);

    runMenuAction(run, "remove")->trigger();
    QCOMPARE(runOfLaboratory(run).id, 0);
    QCOMPARE(laboratory().runs.size(), before + 1);
}

void MainWindowTest::theGalleryChangesTheData() {
    auto* moons = window_->findChild<DataGallery*>()->thumbnail("moons");
    QTest::mouseClick(moons, Qt::LeftButton);
    QCOMPARE(laboratory().data.set, std::string("moons"));
    QVERIFY(settle(*session_));
    QCOMPARE(session_->data()->train.name, std::string("moons"));
}

void MainWindowTest::theSlidersOfTheForm() {
    auto* rate = find<ValueSlider>("learningRate");
    rate->field()->setFocus();
    rate->field()->selectAll();
    QTest::keyClicks(rate->field(), "0.02");
    QTest::keyClick(rate->field(), Qt::Key_Return);
    QCOMPARE(laboratory().learningRate, 0.02);
    auto* noise = find<ValueSlider>("noise");
    noise->slider()->setFocus();
    QTest::keyClick(noise->slider(), Qt::Key_PageUp);
    QCOMPARE(laboratory().data.noise, noise->value());
    QVERIFY(laboratory().data.noise != test::smallExperiment().data.noise);
}

void MainWindowTest::hiddenLayersAndUnits() {
    const std::vector<int> before = session_->experiment().model.hidden;
    auto* layers = find<Stepper>("hiddenLayers");
    QTest::mouseClick(layers->plus(), Qt::LeftButton);
    QCOMPARE(laboratory().model.hidden.size(), before.size() + 1);
    QTest::mouseClick(layers->minus(), Qt::LeftButton);
    QCOMPARE(laboratory().model.hidden, before);
    QTest::mouseClick(find<Stepper>("units0")->plus(), Qt::LeftButton);
    QCOMPARE(laboratory().model.hidden[0], before[0] + 1);
}

void MainWindowTest::undoAndRedo() {
    const Experiment before = laboratory();
    const QString name = nameOf(firstRun());
    QTest::mouseClick(find<SwitchButton>("run-" + name + "-switch-bnp"), Qt::LeftButton);
    const Experiment after = laboratory();
    QVERIFY(after != before);
    action("edit.undo")->trigger();
    QCOMPARE(laboratory(), before);
    QVERIFY(!find<SwitchButton>("run-" + name + "-switch-bnp")->isChecked());
    action("edit.redo")->trigger();
    QCOMPARE(laboratory(), after);
}

void MainWindowTest::presetsAreInTheMenuInTheBarAndFound() {
    QAction* wine = action("preset.wine");
    QVERIFY(wine);
    QVERIFY(find<QToolButton>("presetChooser")->menu()->actions().contains(wine));
    action("help.search")->trigger();
    auto* search = find<QFrame>("actionSearch");
    QVERIFY(search->isVisible());
    auto* field = search->findChild<QLineEdit*>();
    QTest::keyClicks(field, wine->text());
    QVERIFY(search->findChild<QListWidget*>()->count() > 0);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE(laboratory().data.set, std::string("wine"));
    QVERIFY(session_->isPlaying());
    QTRY_VERIFY(session_->status().step > 0);
}

void MainWindowTest::theClaimsOfThePaperStartFromTheirMenu() {
    const auto menus = window_->menuBar()->actions();
    const auto paper = std::ranges::find(menus, QStringLiteral("&Paper"), &QAction::text);
    QVERIFY(paper != menus.end());
    const QList<QAction*> entries = (*paper)->menu()->actions();
    for (const Claim& claim : claimCatalog().entries())
        for (const std::string& name : claim.presets)
            QVERIFY2(entries.contains(action(("preset." + name).c_str())), name.c_str());
    action("preset.paper_equal_step_cnn")->trigger();
    QTRY_VERIFY(!laboratory().model.layers.empty());
    QCOMPARE(laboratory().model.layers.front().type, std::string("conv2d"));
    action("preset.paper_local_rate")->trigger();
    QTRY_COMPARE(laboratory().data.set, std::string("linear_regression"));
    QVERIFY(session_->isPlaying());
    QTRY_VERIFY(session_->status().step > 0);
}

void MainWindowTest::aSessionIsSavedWithItsPlotsAndOpenedAsItWas() {
    session_->step(7);
    QVERIFY(settle(*session_));
    auto* plots = window_->findChild<PlotPanel*>();
    plots->addPlot("update_size");
    plots->plots()[0]->setLogarithmic(!plots->plots()[0]->isLogarithmic());
    const QJsonArray layout = plots->layoutState();
    const Experiment experiment = laboratory();
    const std::string signature = session_->laboratory().signature();
    QSignalSpy saved(&window_->files(), &FileCommands::saved);
    window_->files().saveTo(sandbox_.file("kept.kappa"));
    QTRY_COMPARE(saved.size(), 1);

    session_->open(defaultExperiment(), false);
    plots->showStandardPlots();
    QVERIFY(plots->layoutState() != layout);
    window_->files().openFile(sandbox_.file("kept.kappa"));
    QTRY_COMPARE(plots->layoutState(), layout);
    QVERIFY(settle(*session_));
    QCOMPARE(session_->laboratory().status().step, 7);
    QCOMPARE(session_->laboratory().signature(), signature);
    QCOMPARE(laboratory().data, experiment.data);
}

void MainWindowTest::drop(const QString& file) {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(file)});
    QDragEnterEvent enter(QPoint(700, 400), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent dropped(QPointF(700, 400), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &dropped);
}

void MainWindowTest::filesAreDropped() {
    drop(sandbox_.write("dropped.kappa", R"({"kappascope": 1, "batch_size": 3, "data": {"samples": 40}})"));
    QTRY_COMPARE(session_->experiment().batchSize, 3);
    QCOMPARE(laboratory().batchSize, 3);
    drop(sandbox_.write("table.csv", "a,b,class\n1,2,u\n2,1,v\n3,5,u\n4,4,v\n5,1,u\n6,3,v\n"));
    auto* dialog = window_->findChild<ImportDialog*>();
    QVERIFY(dialog);
    QVERIFY(dialog->isVisible());
    dialog->reject();
    QCOMPARE(laboratory().data.set, session_->experiment().data.set);
    QTRY_VERIFY(!window_->findChild<ImportDialog*>());
    // Twelve pictures of 2 x 2 pixels in IDX, and their labels beside them.
    const QByteArray head("\0\0\x08", 3), twelve("\0\0\0\x0c", 4), two("\0\0\0\2", 4);
    QByteArray pixels, labels;
    for (char k = 0; k < 12; ++k) {
        pixels += QByteArray(4, k);
        labels += char(k % 2);
    }
    sandbox_.write("train-labels-idx1-ubyte", head + '\1' + twelve + labels);
    drop(sandbox_.write("train-images-idx3-ubyte", head + '\3' + twelve + two + two + pixels));
    dialog = window_->findChild<ImportDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    QTRY_VERIFY2(dialog->isReady(), qPrintable(dialog->problem()));
    dialog->accept();
    QTRY_COMPARE(session_->experiment().data.set, std::string("idx"));
    QCOMPARE(laboratory().data.set, std::string("idx"));
    QCOMPARE(session_->laboratory().data()->train.features(), Index{4});
}

void MainWindowTest::curvesAreExported() {
    session_->step(20);
    QVERIFY(settle(*session_));
    const QString file = sandbox_.file("history.csv");
    window_->exports().curvesTo(file);
    QTRY_VERIFY(QFile::exists(file));
    QTRY_VERIFY(window_->messages().texts().last().contains("Wrote"));
    QFile csv(file);
    QVERIFY(csv.open(QIODevice::ReadOnly));
    const QStringList lines = QString::fromUtf8(csv.readAll()).split('\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.front(), QString("run,step,metric,layer,value"));
    const RunSpec& run = session_->experiment().runs.front();
    const double last = session_->history(run.id)->lastValue({"train_loss"});
    const QString start = QString::fromStdString(run.name) + ",19,train_loss,,";
    const QStringList found = lines.filter(start);
    QCOMPARE(found.size(), 1);
    QCOMPARE(found.front().mid(start.size()).toDouble(), last); // the same bits
    QVERIFY(!window_->messages().texts().last().contains("missing"));
}

void MainWindowTest::theExperimentIsExportedForPyTorch() {
    const QString folder = sandbox_.file("torch");
    QVERIFY(QDir().mkpath(folder));
    sandbox_.write("torch/mine.txt", "mine");
    window_->exports().torchTo(folder);
    QTRY_VERIFY(window_->messages().texts().last().contains("python3"));
    const QStringList made = QDir(folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    QCOMPARE(made.size(), 1); // beside what was there
    const QString inside = folder + '/' + made.front();
    for (const char* name : {"train.py", "experiment.json", "data.safetensors", "batches.safetensors"})
        QVERIFY2(QFile::exists(inside + '/' + name), name);
    QVERIFY(window_->messages().texts().last().contains(inside));
}

void MainWindowTest::anExportThatFailsSaysWhy() {
    window_->exports().curvesTo("/nowhere/at/all.csv");
    QTRY_VERIFY(!window_->messages().texts().isEmpty() &&
                window_->messages().texts().last().contains("/nowhere/at/all.csv") &&
                !window_->messages().texts().last().startsWith("Writing"));
    QCOMPARE(window_->messages().texts().size(), 1);
}

void MainWindowTest::panelsAreHiddenShownAndComeBack() {
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

void MainWindowTest::theNetworkOfTheSelectedRunStandsInFront() {
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

void MainWindowTest::noGroundLiesBareBelowTheRuns_data() {
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("runs");
    for (const QSize size : {QSize(1440, 900), QSize(1100, 700)})
        for (int runs = 1; runs <= 8; ++runs)
            QTest::addRow("%dx%d, %d runs", size.width(), size.height(), runs) << size << runs;
}

void MainWindowTest::noGroundLiesBareBelowTheRuns() {
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

void MainWindowTest::eightRunsAreInSight_data() {
    QTest::addColumn<int>("batchSize");
    QTest::newRow("as usual") << 30;
    QTest::newRow("with a word about batches of one") << 1;
}

/// At 1440 x 900, whatever the panels below would like to have.
void MainWindowTest::eightRunsAreInSight() {
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

void MainWindowTest::aClickedSampleShowsItsFeatureMaps() {
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

void MainWindowTest::theUserMayMakeTheRunsLower() {
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

void MainWindowTest::aFloatingPanelComesToRest() {
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

void MainWindowTest::nothingIsClippedInASmallWindow() {
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

void MainWindowTest::everyNumberTellsWhatItIs() {
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

void MainWindowTest::everyActionCanBeTriggered() {
    session_->step(3);
    QVERIFY(settle(*session_));
    // Some dialogs of Qt hold the program until they are closed.
    QTimer closer;
    connect(&closer, &QTimer::timeout, this, [this] {
        if (QWidget* modal = QApplication::activeModalWidget(); modal && modal != window_.get())
            modal->close();
    });
    closer.start(20);
    for (QAction* action : window_->actionSet().all()) {
        if (action->objectName() == "file.quit") continue;
        QVERIFY2(!action->toolTip().isEmpty(), qPrintable(action->objectName()));
        action->trigger();
        QCoreApplication::processEvents();
        closeDialogs();
        QCoreApplication::processEvents();
    }
    window_->docks().reset();
    session_->pause();
    QTRY_VERIFY(!session_->laboratory().status().playing);
    session_->step(2);
    QVERIFY(settle(*session_)); // and it still trains
}

QTEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
