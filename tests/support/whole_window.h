// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/window_sandbox.h"
#include "ui/main_window.h"

#include <QAction>
#include <QApplication>
#include <QMenu>
#include <QToolButton>

namespace kappascope::test {

/// For tests of the whole window with a real laboratory: every control is worked as by a user, and what the
/// laboratory then has is read back. open() before each test, close() behind it.
class WholeWindow : public QObject {
protected:
    void open() {
        session_ = std::make_unique<ui::Session>(oneThread);
        session_->open(smallExperiment(), false);
        QVERIFY(settle(*session_));
        window_ = std::make_unique<ui::MainWindow>(*session_);
        window_->resize(1440, 900);
        window_->docks().reset();
        window_->show();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    }
    void close() {
        closeDialogs();
        window_.reset();
        session_.reset();
    }
    void closeDialogs() {
        for (QWidget* widget : QApplication::topLevelWidgets())
            if (widget != window_.get() && widget->isVisible()) widget->close();
    }
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

    WindowSandbox sandbox_;
    std::unique_ptr<ui::Session> session_;
    std::unique_ptr<ui::MainWindow> window_;
};

} // namespace kappascope::test
