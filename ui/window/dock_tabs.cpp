// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/dock_tabs.h"

#include "ui/widgets/card.h"

#include <QChildEvent>
#include <QMainWindow>
#include <QPainter>
#include <QTabBar>

namespace kappascope::ui {

DockTabs::DockTabs(QMainWindow& window) : QObject(&window), window_(window) {
    window.installEventFilter(this);
}

bool DockTabs::eventFilter(QObject* watched, QEvent* event) {
    if (watched == &window_) {
        // Polished, not added: only then the child is a tab bar already.
        if (event->type() == QEvent::ChildPolished) {
            auto* bar = qobject_cast<QTabBar*>(static_cast<QChildEvent*>(event)->child());
            if (bar && bar->parent() == &window_) {
                bar->setDrawBase(false);
                bar->setExpanding(false);
                bar->setAutoFillBackground(false);
                bar->installEventFilter(this);
                emit changed();
            }
        }
        return false;
    }
    auto* bar = static_cast<QTabBar*>(watched);
    switch (event->type()) {
    case QEvent::Paint: { // below the tabs, which draw themselves afterwards
        QPainter painter(bar);
        drawCardTop(painter, bar->rect());
        break;
    }
    case QEvent::Show:
    case QEvent::Hide:
        emit changed();
        break;
    default:
        break;
    }
    return false;
}

} // namespace kappascope::ui
