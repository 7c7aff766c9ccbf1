// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/centre_height.h"

#include <QDockWidget>
#include <QEvent>
#include <QLayout>
#include <QMainWindow>
#include <QStyle>
#include <algorithm>

namespace kappascope::ui {

namespace {
constexpr int leastBelow = 150; ///< px that the panels below keep
constexpr int gap = 8;          ///< between the centre and the window's lower edge
} // namespace

CentreHeight::CentreHeight(QMainWindow& window, std::function<int(int most)> usable)
    : QObject(&window), window_(window), usable_(std::move(usable)) {
    window.installEventFilter(this);
}

void CentreHeight::follow() {
    if (std::exchange(pending_, true)) return;
    QMetaObject::invokeMethod(this, &CentreHeight::share, Qt::QueuedConnection);
}

void CentreHeight::setFull(bool full) {
    full_ = full;
    follow();
}

QList<QDockWidget*> CentreHeight::panelsBelow() const {
    QList<QDockWidget*> below;
    for (auto* panel : window_.findChildren<QDockWidget*>(Qt::FindDirectChildrenOnly))
        if (!panel->isHidden() && !panel->isFloating() &&
            window_.dockWidgetArea(panel) == Qt::BottomDockWidgetArea)
            below << panel;
    return below;
}

void CentreHeight::share() {
    pending_ = false;
    QWidget* centre = window_.centralWidget();
    if (!window_.isVisible()) return;
    const QList<QDockWidget*> below = panelsBelow();
    centre->layout()->setContentsMargins(0, gap, 0, below.isEmpty() ? gap : 0);
    if (below.isEmpty()) return centre->setMaximumHeight(QWIDGETSIZE_MAX);

    const int line = window_.style()->pixelMetric(QStyle::PM_DockWidgetSeparatorExtent, nullptr, &window_);
    int bottom = 0; // panels behind other tabs stand out of sight
    for (const QDockWidget* panel : below)
        bottom = std::max(bottom, panel->geometry().bottom());
    const int both = bottom - centre->geometry().top() + 1 - line;
    const int used = std::max(gap + usable_(both - leastBelow - gap), centre->minimumSizeHint().height());
    const bool fits = centre->height() == used;
    centre->setMaximumHeight(used); // makes a centre that is too high lower, but the panels no higher
    if (full_ && !fits) window_.resizeDocks({below.front()}, {both - used}, Qt::Vertical);
}

bool CentreHeight::eventFilter(QObject*, QEvent* event) {
    switch (event->type()) {
    case QEvent::MouseButtonPress: // perhaps on the line between centre and panels
        pressedAt_ = window_.centralWidget()->height();
        break;
    case QEvent::MouseButtonRelease:
        if (const QWidget* centre = window_.centralWidget(); centre->height() != pressedAt_)
            full_ = centre->height() >= centre->maximumHeight();
        break;
    case QEvent::Show:
    case QEvent::Resize:
        follow();
        break;
    default:
        break;
    }
    return false;
}

} // namespace kappascope::ui
