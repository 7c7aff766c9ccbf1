// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/preferences_dialog.h"

#include "tests/support/window_sandbox.h"
#include "ui/plots/plot_panel.h"
#include "ui/preferences.h"
#include "ui/widgets/switch_button.h"
#include "ui/widgets/value_slider.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QTest>
#include <QThread>

using namespace kappascope;
using namespace kappascope::ui;

/// Works every control and reads back what holds now and what the next start will find.
class PreferencesDialogTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init() {
        dialog_ = std::make_unique<PreferencesDialog>();
        dialog_->show();
    }
    void cleanup() {
        dialog_.reset();
        Theme::instance().setMode(Theme::Mode::System);
        Theme::instance().setScale(1);
    }

    void themeIsChosen() {
        auto* mode = dialog_->findChild<QComboBox*>("themeMode");
        for (const auto chosen : {Theme::Mode::Dark, Theme::Mode::Light, Theme::Mode::System}) {
            mode->setCurrentIndex(static_cast<int>(chosen));
            emit mode->activated(mode->currentIndex());
            QCOMPARE(Theme::instance().mode(), chosen);
            QCOMPARE(QSettings().value("theme/mode").toInt(), static_cast<int>(chosen));
        }
    }
    void textSizeIsTyped() {
        enter("textScale", "150");
        QCOMPARE(Theme::instance().scale(), 1.5);
        QCOMPARE(QSettings().value("theme/textScale").toDouble(), 1.5);
    }
    void smoothingIsWhatANewSessionStartsWith() {
        enter("smoothing", "0.9");
        QCOMPARE(Preferences::instance().smoothing(), 0.9);
        Session session(test::oneThread);
        PlotPanel plots(session);
        QCOMPARE(plots.view().smoothing(), 0.9);
    }
    void draggingIsSwapped() {
        auto* swap = dialog_->findChild<SwitchButton*>("swapGestures");
        const bool before = Preferences::instance().swapsGestures();
        QTest::mouseClick(swap, Qt::LeftButton);
        QCOMPARE(Preferences::instance().swapsGestures(), !before);
        QTest::mouseClick(swap, Qt::LeftButton);
        QCOMPARE(Preferences::instance().swapsGestures(), before);
    }
    void threadsAreRemembered() {
        auto* threads = dialog_->findChild<QSpinBox*>("threads");
        threads->setValue(1);
        QCOMPARE(Preferences::instance().threads(), 1);
        threads->setValue(0);
        QCOMPARE(Preferences::instance().threads(), 0);
        QVERIFY(threads->text().contains(QString::number(QThread::idealThreadCount())));
    }
    void anotherDialogShowsWhatWasChosen() {
        enter("smoothing", "0.5");
        dialog_->findChild<QSpinBox*>("threads")->setValue(2);
        const PreferencesDialog again;
        QCOMPARE(again.findChild<ValueSlider*>("smoothing")->value(), 0.5);
        QCOMPARE(again.findChild<QSpinBox*>("threads")->value(), 2);
    }

private:
    void enter(const QString& name, const QString& text) {
        QLineEdit* field = dialog_->findChild<ValueSlider*>(name)->field();
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, text);
        QTest::keyClick(field, Qt::Key_Return);
    }

    test::WindowSandbox sandbox_;
    std::unique_ptr<PreferencesDialog> dialog_;
};

QTEST_MAIN(PreferencesDialogTest)
#include "preferences_dialog_test.moc"
