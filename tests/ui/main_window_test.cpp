// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/claim_catalog.h"

#include "tests/support/whole_window.h"
#include "ui/panels/form/data_gallery.h"
#include "ui/panels/form/stepper.h"
#include "ui/panels/run/editable_name.h"
#include "ui/panels/run/rate_field.h"
#include "ui/panels/run_columns.h"
#include "ui/panels/transport_bar.h"
#include "ui/widgets/switch_button.h"
#include "ui/widgets/value_slider.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QListWidget>
#include <QSlider>
#include <QTest>
#include <QTimer>
#include <QToolButton>

using namespace kappascope;
using namespace kappascope::ui;
using test::settle;

/// The controls of the training, the runs and the experiment.
class MainWindowTest : public test::WholeWindow {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init() { open(); }
    void cleanup() { close(); }

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
    void everyActionCanBeTriggered();
};

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
