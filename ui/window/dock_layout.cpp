// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/dock_layout.h"

#include "ui/window/dock_panel.h"

#include <algorithm>

namespace kappascope::ui {

namespace {

/// Counts up when panels come, go or change their names: older layouts are not restored then.
constexpr int layoutVersion = 1;

constexpr int formWidth = 244;      ///< with its margin
constexpr double plotShare = 0.31;  ///< of the window's width
constexpr double tableShare = 0.26; ///< of its height
constexpr int leastPlotWidth = 300, leastTableHeight = 150;

} // namespace

DockLayout::DockLayout(QMainWindow& window) : window_(window) {
    window_.setDockOptions(QMainWindow::AllowTabbedDocks | QMainWindow::AllowNestedDocks |
                           QMainWindow::GroupedDragging);
    window_.setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    window_.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    window_.setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
}

DockPanel* DockLayout::add(const QString& name, const QString& title, QWidget* content,
                           Qt::DockWidgetArea area) {
    auto* panel = new DockPanel(name, title, content, &window_);
    panels_ << panel;
    areas_ << area;
    window_.addDockWidget(area, panel);
    return panel;
}

void DockLayout::reset() {
    DockPanel* firstBelow = nullptr;
    for (qsizetype i = 0; i < panels_.size(); ++i) {
        DockPanel* panel = panels_[i];
        panel->setFloating(false);
        window_.removeDockWidget(panel);
        window_.addDockWidget(areas_[i], panel);
        panel->show();
        if (areas_[i] != Qt::BottomDockWidgetArea) continue;
        if (firstBelow)
            window_.tabifyDockWidget(firstBelow, panel);
        else
            firstBelow = panel;
    }
    if (firstBelow) firstBelow->raise();
    QList<QDockWidget*> across, down;
    QList<int> widths, heights;
    for (qsizetype i = 0; i < panels_.size(); ++i) {
        if (areas_[i] == Qt::BottomDockWidgetArea) {
            down << panels_[i];
            heights << std::max(leastTableHeight, static_cast<int>(tableShare * window_.height()));
        } else {
            across << panels_[i];
            widths << (areas_[i] == Qt::LeftDockWidgetArea
                           ? formWidth
                           : std::max(leastPlotWidth, static_cast<int>(plotShare * window_.width())));
        }
    }
    window_.resizeDocks(across, widths, Qt::Horizontal);
    window_.resizeDocks(down, heights, Qt::Vertical);
}

QByteArray DockLayout::save() const {
    return window_.saveState(layoutVersion);
}

bool DockLayout::restore(const QByteArray& state) {
    if (!state.isEmpty() && window_.restoreState(state, layoutVersion)) return true;
    reset();
    return false;
}

} // namespace kappascope::ui
