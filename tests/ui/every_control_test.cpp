// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/experiment_json.h"
#include "tests/support/window_sandbox.h"
#include "ui/curvature_watch.h"
#include "ui/main_window.h"
#include "ui/plots/plot_panel.h"
#include "ui/window/dock_panel.h"

#include <QAbstractSlider>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSpinBox>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QTimer>

using namespace kappascope;
using namespace kappascope::ui;
using test::settle;

/// Finds controls that do nothing: works each one that is seen in the window, whatever it is called, and
/// looks for an effect in the laboratory, the session, the settings or on the screen. What exactly each of
/// them does, the other tests of the window tell.
class EveryControlTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init();
    void cleanup();

    void noControlIsDead_data();
    void noControlIsDead();

private:
    using Controls = QList<QPointer<QWidget>>;
    Controls controlsIn(const QWidget& panel) const;
    bool isControl(const QWidget& widget) const;
    void work(QWidget* control, bool other);
    bool changesAnything(QWidget* control);
    QString observed() const;
    void comeBack();
    static QString nameOf(const QWidget& control);

    test::WindowSandbox sandbox_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<MainWindow> window_;
    QByteArray layout_;
    QTimer closer_;
    int popups_ = 0; ///< menus and dialogs that came and were closed
};

void EveryControlTest::init() {
    session_ = std::make_unique<Session>(test::oneThread);
    session_->open(test::smallExperiment(), false);
    QVERIFY(settle(*session_));
    window_ = std::make_unique<MainWindow>(*session_);
    window_->resize(1440, 1400); // the whole form is seen
    window_->docks().reset();
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    session_->step(3);
    QVERIFY(settle(*session_));
    QTest::qWait(300); // thumbnails and pictures come
    layout_ = window_->docks().save();
    // A menu that opens holds the program until it is closed.
    connect(&closer_, &QTimer::timeout, this, [this] {
        for (QWidget* widget : QApplication::topLevelWidgets()) {
            if (widget == window_.get() || !widget->isVisible() || widget->isHidden()) continue;
            if (qobject_cast<QDockWidget*>(widget)) continue; // a panel that floats
            if (widget->windowType() == Qt::ToolTip) continue;
            ++popups_;
            widget->close();
        }
    });
    closer_.start(10);
}

void EveryControlTest::cleanup() {
    closer_.stop();
    closer_.disconnect();
    window_.reset();
    session_.reset();
}

bool EveryControlTest::isControl(const QWidget& widget) const {
    if (!widget.isVisible() || !widget.isEnabled() || widget.visibleRegion().isEmpty()) return false;
    const QWidget* parent = widget.parentWidget();
    if (qobject_cast<const QTabBar*>(parent) || qobject_cast<const QTableView*>(parent)) return false;
    if (qobject_cast<const QScrollBar*>(&widget)) return false;
    if (const auto* field = qobject_cast<const QLineEdit*>(&widget))
        return !field->isReadOnly() && !qobject_cast<const QAbstractSpinBox*>(parent);
    return qobject_cast<const QAbstractButton*>(&widget) || qobject_cast<const QAbstractSlider*>(&widget) ||
           qobject_cast<const QComboBox*>(&widget) || qobject_cast<const QAbstractSpinBox*>(&widget);
}

EveryControlTest::Controls EveryControlTest::controlsIn(const QWidget& panel) const {
    Controls controls;
    for (QWidget* widget : panel.findChildren<QWidget*>())
        if (isControl(*widget)) controls << widget;
    return controls;
}

QString EveryControlTest::nameOf(const QWidget& control) {
    const auto* button = qobject_cast<const QAbstractButton*>(&control);
    return QStringLiteral("%1 '%2' \"%3\" in %4")
        .arg(QLatin1String(control.metaObject()->className()), control.objectName(),
             button && !button->text().isEmpty() ? button->text() : control.accessibleName(),
             QLatin1String(control.parentWidget()->metaObject()->className()));
}

/// All that a control may have an effect on, as text.
QString EveryControlTest::observed() const {
    QStringList all{QString::fromStdString(formatExperiment(session_->experiment()))};
    const LaboratoryStatus status = session_->laboratory().status();
    auto* plots = window_->findChild<PlotPanel*>();
    const PlotViewState& view = plots->view();
    all << QString::number(status.generation) << QString::number(status.step)
        << QString::number(session_->isPlaying()) << QString::number(session_->speed())
        << QString::number(session_->selectedRun()) << QString::number(popups_)
        << QString::number(view.smoothing()) << QString::number(view.logX())
        << QString::number(int(view.xUnit())) << QString::number(view.follows())
        << QString::fromUtf8(QJsonDocument(plots->layoutState()).toJson())
        << QString::fromLatin1(window_->docks().save().toHex());
    for (const RunSpec& run : session_->experiment().runs) // another measurement is another reading
        all << QString::number(quintptr(session_->curvature().latest(run.id).get()));
    for (const QString& key : QSettings().allKeys())
        all << key + '=' + QSettings().value(key).toString();
    for (const QWidget* widget : window_->findChildren<QWidget*>()) {
        if (!widget->isVisible()) continue;
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        const bool among = button && (button->autoExclusive() || button->group());
        if (const auto* label = qobject_cast<const QLabel*>(widget);
            label && label->objectName() != QStringLiteral("performanceText"))
            all << label->text();
        all << widget->objectName() + QLatin1String(widget->metaObject()->className()) +
                   (among ? QString::number(button->isChecked()) : QString());
    }
    return all.join('\n');
}

void EveryControlTest::work(QWidget* control, bool other) {
    if (auto* field = qobject_cast<QLineEdit*>(control)) {
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, other ? QStringLiteral("0.5") : QStringLiteral("3"));
        QTest::keyClick(field, Qt::Key_Return);
    } else if (qobject_cast<QAbstractButton*>(control)) {
        QTest::mouseClick(control, Qt::LeftButton);
    } else {
        control->setFocus();
        QTest::keyClick(control, other ? Qt::Key_Up : Qt::Key_Down);
    }
}

bool EveryControlTest::changesAnything(QWidget* control) {
    const auto acts = [&](bool other) {
        const QString before = observed();
        work(control, other);
        session_->laboratory().wait();
        return QTest::qWaitFor([&] { return observed() != before; }, 200);
    };
    if (acts(false)) return true;
    // The run that is selected already cannot be selected, nor the first entry be left upwards.
    session_->selectRun(session_->experiment().runs.back().id);
    return control->isVisible() && acts(true);
}

/// To where the control was found.
void EveryControlTest::comeBack() {
    QTRY_VERIFY(!QApplication::activePopupWidget());
    session_->pause();
    session_->undoStack()->setIndex(0);
    session_->selectRun(session_->experiment().runs.front().id);
    window_->docks().restore(layout_);
    session_->laboratory().wait();
    QCoreApplication::processEvents();
}

void EveryControlTest::noControlIsDead_data() {
    QTest::addColumn<QString>("panel");
    for (const char* panel :
         {"experiment", "plots", "network", "spectrum", "hessian", "conditioning", "runTable"})
        QTest::newRow(panel) << QString(panel);
    QTest::newRow("runs") << QStringLiteral("run-columns");
    QTest::newRow("transport") << QStringLiteral("transport");
}

void EveryControlTest::noControlIsDead() {
    QFETCH(QString, panel);
    auto* part = window_->findChild<QWidget*>(panel);
    QVERIFY2(part, qPrintable(panel));
    if (auto* dock = qobject_cast<DockPanel*>(part)) {
        dock->show();
        dock->raise();
        QTRY_VERIFY(!dock->visibleRegion().isEmpty());
        QTest::qWait(300);
        layout_ = window_->docks().save();
    }
    QStringList dead;
    int worked = 0;
    for (const QPointer<QWidget>& control : controlsIn(*part)) {
        if (!control || !isControl(*control)) continue;
        const auto* button = qobject_cast<const QAbstractButton*>(control.data());
        if (button && button->isChecked() && (button->autoExclusive() || button->group())) continue;
        const QString name = nameOf(*control);
        ++worked;
        if (!changesAnything(control)) dead << name;
        comeBack();
    }
    QVERIFY2(dead.isEmpty(), qPrintable(dead.join('\n')));
    qInfo("%d controls", worked);
}

QTEST_MAIN(EveryControlTest)
#include "every_control_test.moc"
