// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/dock_layout.h"

#include "ui/window/centre_height.h"
#include "ui/window/dock_panel.h"
#include "ui/window/dock_tabs.h"

#include <QDataStream>
#include <algorithm>

namespace kappascope::ui {

namespace {

/// Counts up when panels come, go or change their names: older layouts are not restored then.
constexpr int layoutVersion = 5;

constexpr int formWidth = 244;     ///< with its margin
constexpr double plotShare = 0.31; ///< of the window's width
constexpr int leastPlotWidth = 300;

} // namespace

DockLayout::DockLayout(QMainWindow& window) : window_(window) {
    window_.setDockOptions(QMainWindow::AllowTabbedDocks | QMainWindow::AllowNestedDocks |
                           QMainWindow::GroupedDragging);
    window_.setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    window_.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    window_.setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    QObject::connect(
        new DockTabs(window), &DockTabs::changed, &window_, [this] { followPanels(); }, Qt::QueuedConnection);
}

void DockLayout::shareHeight(std::function<int(int most)> usable) {
    centreHeight_ = new CentreHeight(window_, std::move(usable));
}

void DockLayout::centreChanged() {
    if (centreHeight_) centreHeight_->follow();
}

/// Panels came, went or changed places.
void DockLayout::followPanels() {
    for (DockPanel* panel : panels_)
        panel->followState();
    centreChanged();
}

DockPanel* DockLayout::add(const QString& name, const QString& title, QWidget* content,
                           Qt::DockWidgetArea area) {
    const auto frame = area == Qt::BottomDockWidgetArea ? DockPanel::Frame::Card : DockPanel::Frame::None;
    auto* panel = new DockPanel(name, title, content, frame, &window_);
    const auto follow = [this] { followPanels(); };
    QObject::connect(panel, &QDockWidget::visibilityChanged, &window_, follow, Qt::QueuedConnection);
    QObject::connect(panel, &QDockWidget::dockLocationChanged, &window_, follow, Qt::QueuedConnection);
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
    QList<QDockWidget*> beside;
    QList<int> widths;
    for (qsizetype i = 0; i < panels_.size(); ++i) {
        if (areas_[i] == Qt::BottomDockWidgetArea) continue;
        beside << panels_[i];
        widths << (areas_[i] == Qt::LeftDockWidgetArea
                       ? formWidth
                       : std::max(leastPlotWidth, static_cast<int>(plotShare * window_.width())));
    }
    window_.resizeDocks(beside, widths, Qt::Horizontal);
    if (centreHeight_) centreHeight_->setFull(true);
}

QByteArray DockLayout::save() const {
    QByteArray state;
    QDataStream out(&state, QIODevice::WriteOnly);
    out << window_.saveState(layoutVersion) << (!centreHeight_ || centreHeight_->isFull());
    return state;
}

bool DockLayout::restore(const QByteArray& state) {
    QByteArray places;
    bool full = true;
    QDataStream in(state);
    in >> places >> full;
    if (places.isEmpty() || !window_.restoreState(places, layoutVersion)) {
        reset();
        return false;
    }
    if (centreHeight_) centreHeight_->setFull(full);
    return true;
}

} // namespace kappascope::ui
