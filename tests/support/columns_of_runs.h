// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/session_test.h"
#include "ui/panels/run_columns.h"
#include "ui/theme/theme.h"
#include "ui/views/view_worker.h"

#include <QMenu>
#include <QToolButton>

namespace kappascope::test {

/// The run columns of a paused session. open() before each test, close() behind it.
class ColumnsOfRuns : public QObject {
protected:
    void open() {
        session_ = std::make_unique<PausedSession>();
        worker_ = std::make_unique<ui::ViewWorker>();
        columns_ = std::make_unique<ui::RunColumns>(*session_, *worker_);
        columns_->resize(720, 460);
        columns_->show();
        QVERIFY(QTest::qWaitForWindowExposed(columns_.get()));
    }
    void close() {
        columns_.reset();
        worker_.reset();
        session_.reset();
    }
    template<class T>
    T* find(const QString& name) {
        T* found = columns_->findChild<T*>(name);
        if (!found) qWarning("no widget named %s", qPrintable(name));
        return found;
    }
    /// The action of a three-dot menu, filled as when it is opened.
    QAction* menuAction(const QString& run, const QString& action) {
        auto* button = find<QToolButton>(QStringLiteral("run-%1-menu").arg(run));
        emit button->menu()->aboutToShow();
        return button->menu()->findChild<QAction*>(action);
    }

    QAction* optimizerAction(const QString& run, const QString& action) {
        auto* button = find<QToolButton>(QStringLiteral("run-%1-optimizer").arg(run));
        emit button->menu()->aboutToShow();
        return button->menu()->findChild<QAction*>(action);
    }

    Experiment laboratoryExperiment() {
        session_->laboratory().wait();
        return session_->laboratory().experiment();
    }

    std::unique_ptr<PausedSession> session_;
    std::unique_ptr<ui::ViewWorker> worker_;
    std::unique_ptr<ui::RunColumns> columns_;
};

} // namespace kappascope::test
