// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/dock_panel.h"

#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

#include <QContextMenuEvent>
#include <QMainWindow>
#include <QMenu>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace kappascope::ui {

namespace {

constexpr int gap = 8; ///< panels stand 8 apart

/// Around `content`, so that a panel may be lower than what it holds: the runs above need the room.
QScrollArea* scrolling(QWidget* content, QWidget* parent) {
    auto* area = new QScrollArea(parent);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(content);
    content->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    return area;
}

} // namespace

/// The handle above a docked panel. Leaves mouse presses to the dock, which drags.
class DockPanel::Grip : public QWidget {
public:
    explicit Grip(DockPanel* dock) : QWidget(dock), dock_(dock) {
        setAttribute(Qt::WA_Hover);
        setCursor(Qt::OpenHandCursor);
        setToolTip(DockPanel::tr("%1: drag to move, double-click to float, right-click for more")
                       .arg(dock->windowTitle()));
    }
    /// Without height: tabs stand above.
    void setFlat(bool flat) {
        if (flat == flat_) return;
        flat_ = flat;
        updateGeometry();
    }
    QSize sizeHint() const override { return {24, flat_ ? 0 : gap}; }
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
    bool flat_ = false;
};

DockPanel::DockPanel(const QString& name, const QString& title, QWidget* content, Frame frame,
                     QWidget* parent)
    : QDockWidget(title, parent), content_(new QWidget(this)), grip_(nullptr) {
    setObjectName(name);
    setFeatures(DockWidgetMovable | DockWidgetClosable | DockWidgetFloatable);
    auto* layout = new QVBoxLayout(content_);
    layout->setContentsMargins(0, 0, 0, 0);
    if (frame == Frame::Card) {
        card_ = new Card(content_);
        card_->setContentsMargins(gap, gap, gap, gap);
        auto* inner = new QVBoxLayout(card_);
        inner->setContentsMargins(0, 0, 0, 0);
        inner->addWidget(scrolling(content, card_));
        layout->addWidget(card_);
    } else {
        layout->addWidget(content);
    }
    setWidget(content_);
    grip_ = new Grip(this);
    connect(this, &QDockWidget::topLevelChanged, this, &DockPanel::followState);
    connect(this, &QDockWidget::dockLocationChanged, this, &DockPanel::followState);
    followState();
}

bool DockPanel::isAmongTabs() const {
    const auto* window = qobject_cast<QMainWindow*>(parentWidget());
    if (!window || isFloating() || isHidden()) return false;
    const QList<QDockWidget*> others = window->tabifiedDockWidgets(const_cast<DockPanel*>(this));
    return std::ranges::any_of(others, [](const QDockWidget* other) { return !other->isHidden(); });
}

/// The window's edges keep the same distance as the panels between each other.
void DockPanel::followState() {
    const bool tabbed = isAmongTabs();
    if (card_) card_->setOpenAbove(tabbed);
    grip_->setFlat(tabbed);
    if (isFloating()) {
        content_->layout()->setContentsMargins(gap, gap, gap, gap);
        // Set anew it would show a floating panel anew, which calls for this again.
        if (titleBarWidget()) setTitleBarWidget(nullptr);
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
