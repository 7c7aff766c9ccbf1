// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/widget_settings.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/number_label.h"
#include "ui/widgets/section_head.h"
#include "ui/widgets/switch_button.h"
#include "ui/widgets/tool_button.h"
#include "ui/widgets/value_slider.h"

#include <QAccessible>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QWheelEvent>

using namespace kappascope::ui;

namespace {

/// True when the widget took the event for itself.
bool turnWheel(QWidget& widget, int notches) {
    const QPointF center = QRectF(widget.rect()).center();
    QWheelEvent event(center, widget.mapToGlobal(center), {}, {0, 120 * notches}, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
    return event.isAccepted();
}

} // namespace

class WidgetsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { kappascope::test::startWithOwnSettings(); }

    void switchTogglesByMouseAndKeys() {
        SwitchButton button("BN");
        QSignalSpy toggled(&button, &SwitchButton::toggled);
        button.show();
        QTest::mouseClick(&button, Qt::LeftButton);
        QVERIFY(button.isChecked());
        QTest::keyClick(&button, Qt::Key_Space);
        QVERIFY(!button.isChecked());
        QTest::keyClick(&button, Qt::Key_Return);
        QVERIFY(button.isChecked());
        QCOMPARE(toggled.size(), 3);
    }

    void switchIsACheckBoxToScreenReaders() {
        SwitchButton button("BN");
        button.setChecked(true);
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&button);
        QVERIFY(face);
        QCOMPARE(face->role(), QAccessible::CheckBox);
        QCOMPARE(face->text(QAccessible::Name), "BN");
        QVERIFY(face->state().checked);
    }

    void switchShowsItsColorOnlyWhenOn() {
        SwitchButton button;
        button.setColor(QColor("#d55e00"));
        button.resize(button.sizeHint());
        const auto shows = [&] { return button.grab().toImage().pixelColor(8, button.height() / 2); };
        QVERIFY(shows() != QColor("#d55e00"));
        button.setChecked(true);
        QCOMPARE(shows(), QColor("#d55e00"));
    }

    void sliderRunsOverDecades() {
        ValueSlider slider({.minimum = 1e-4, .maximum = 1, .logarithmic = true});
        QSignalSpy changed(&slider, &ValueSlider::valueChanged);
        slider.slider()->setValue(500);
        QCOMPARE(slider.value(), 0.01);
        QCOMPARE(slider.field()->text(), "0.01");
        QCOMPARE(changed.size(), 1);
        slider.setValue(0.1);
        QCOMPARE(slider.slider()->value(), 750);
        QCOMPARE(changed.size(), 1); // the program's own change is silent
    }

    void fieldTakesValuesBeyondTheSlider() {
        ValueSlider slider(
            {.minimum = 0.001, .maximum = 1, .logarithmic = true, .lowest = 0, .highest = 100});
        QSignalSpy changed(&slider, &ValueSlider::valueChanged);
        slider.field()->selectAll();
        QTest::keyClicks(slider.field(), "12.3456");
        QTest::keyClick(slider.field(), Qt::Key_Return);
        QCOMPARE(slider.value(), 12.3456);
        QCOMPARE(slider.slider()->value(), slider.slider()->maximum());
        QCOMPARE(changed.size(), 1);
    }

    void fieldRefusesWhatIsNotAllowedAndSaysWhatIs() {
        ValueSlider slider({.minimum = 0, .maximum = 10});
        slider.setValue(5);
        QSignalSpy changed(&slider, &ValueSlider::valueChanged);
        for (const char* text : {"11", "-1", "ten", ""}) {
            slider.field()->selectAll();
            QTest::keyClick(slider.field(), Qt::Key_Delete);
            QTest::keyClicks(slider.field(), text);
            QTest::keyClick(slider.field(), Qt::Key_Return);
            QVERIFY2(slider.field()->property("refused").toBool(), text);
            QCOMPARE(slider.value(), 5.0);
        }
        QCOMPARE(changed.size(), 0);
        QVERIFY(slider.field()->toolTip().contains("0 to 10"));
    }

    void wheelMovesOnlyTheFocusedSlider() {
        QWidget window;
        auto* slider = new ValueSlider({.minimum = 0, .maximum = 1}, &window);
        auto* other = new QLineEdit(&window);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        other->setFocus();
        QVERIFY(!turnWheel(*slider->slider(), 1)); // left to the form, which scrolls
        QCOMPARE(slider->value(), 0.0);
        slider->slider()->setFocus();
        QVERIFY(turnWheel(*slider->slider(), 1));
        QVERIFY(slider->value() > 0);
    }

    void integersStepOneByOneOnACoarseSlider() {
        ValueSlider slider({.minimum = 1, .maximum = 5, .integer = true});
        slider.setValue(3);
        QTest::keyClick(slider.slider(), Qt::Key_Right);
        QCOMPARE(slider.value(), 4.0);
        QTest::keyClick(slider.slider(), Qt::Key_Left);
        QCOMPARE(slider.value(), 3.0);
    }

    void numbersNeverMakeTheirLabelNarrower() {
        NumberLabel label;
        label.setText("182,400");
        const int wide = label.sizeHint().width();
        label.setNumber(1);
        QCOMPARE(label.text(), "1");
        QCOMPARE(label.sizeHint().width(), wide);
        QCOMPARE(tabularWidth(label.font(), "1111"), tabularWidth(label.font(), "8888"));
    }

    void cardCarriesItsRunsStripe() {
        Card card;
        card.resize(100, 60);
        QCOMPARE(card.grab().toImage().pixelColor(50, 30), Theme::instance().palette().panel);
        card.setStripe(Qt::red);
        QCOMPARE(card.grab().toImage().pixelColor(50, 1), QColor(Qt::red));
    }

    void everyToolButtonHasANameForScreenReaders() {
        const std::unique_ptr<QToolButton> button(makeToolButton(ButtonLook::Flat, "play", "Play\nSpace"));
        QCOMPARE(button->accessibleName(), "Play");
        QVERIFY(!button->icon().isNull());
    }
};

QTEST_MAIN(WidgetsTest)
#include "widgets_test.moc"
