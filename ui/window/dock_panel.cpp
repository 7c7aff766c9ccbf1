// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/dock_panel.h"

#include "ui/theme/theme.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>

namespace kappascope::ui {

namespace {

constexpr int gap = 8; ///< panels stand 8 apart

/// The handle above a docked panel. Leaves mouse presses to the dock, which drags.
class Grip : public QWidget {
public:
    explicit Grip(DockPanel* dock) : QWidget(dock), dock_(dock) {
        setAttribute(Qt::WA_Hover);
        setCursor(Qt::OpenHandCursor);
        setToolTip(DockPanel::tr("%1: drag to move, double-click to float, right-click for more")
                       .arg(dock->windowTitle()));
    }
    QSize sizeHint() const override { return {24, gap}; }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(underMouse() ? Theme::instance().palette().accent
                                      : Theme::instance().palette().line);
        QRectF handle(0, 0, 28, 3);
        handle.moveCenter(QRectF(rect()).center());
        painter.drawRoundedRect(handle, 1.5, 1.5);
    }
    void contextMenuEvent(QContextMenuEvent* event) override {
        QMenu menu(this);
        menu.addAction(DockPanel::tr("Float %1").arg(dock_->windowTitle()), dock_,
                       [this] { dock_->setFloating(true); });
        menu.addAction(DockPanel::tr("Close %1").arg(dock_->windowTitle()), dock_, &QWidget::close);
        menu.exec(event->globalPos());
    }

private:
    DockPanel* dock_;
};

} // namespace

DockPanel::DockPanel(const QString& name, const QString& title, QWidget* content, QWidget* parent)
    : QDockWidget(title, parent), content_(new QWidget(this)), grip_(nullptr) {
    setObjectName(name);
    setFeatures(DockWidgetMovable | DockWidgetClosable | DockWidgetFloatable);
    auto* layout = new QVBoxLayout(content_);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(content);
    setWidget(content_);
    grip_ = new Grip(this);
    connect(this, &QDockWidget::topLevelChanged, this, &DockPanel::followState);
    connect(this, &QDockWidget::dockLocationChanged, this, &DockPanel::followState);
    followState();
}

/// The window's edges keep the same distance as the panels between each other.
void DockPanel::followState() {
    if (isFloating()) {
        content_->layout()->setContentsMargins(gap, gap, gap, gap);
        setTitleBarWidget(nullptr);
        grip_->hide();
        return;
    }
    const auto* window = qobject_cast<QMainWindow*>(parentWidget());
    const Qt::DockWidgetArea area = window ? window->dockWidgetArea(this) : Qt::NoDockWidgetArea;
    const int left = area == Qt::LeftDockWidgetArea ? gap : 0;
    const int right = area == Qt::RightDockWidgetArea ? gap : 0;
    const bool sides = area == Qt::TopDockWidgetArea || area == Qt::BottomDockWidgetArea;
    content_->layout()->setContentsMargins(left, 0, right, sides ? 0 : gap);
    if (titleBarWidget() != grip_) setTitleBarWidget(grip_);
    grip_->show();
}

} // namespace kappascope::ui
