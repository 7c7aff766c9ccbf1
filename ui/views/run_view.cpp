// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/run_view.h"

#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

namespace kappascope::ui {

RunView::RunView(ViewWorker& worker, QWidget* parent) : QWidget(parent), channel_(worker) {
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&Theme::instance(), &Theme::changed, this, &RunView::refresh);
    connect(&channel_, &ViewChannel::failed, this, [this](const QString& why) {
        failure_ = why;
        update();
    });
}

void RunView::setSnapshot(std::shared_ptr<const Snapshot> snapshot) {
    snapshot_ = std::move(snapshot);
    if (snapshot_) evaluate();
}

void RunView::clear() {
    failure_.clear();
    channel_.cancel();
    snapshot_.reset();
    shownStep_ = -1;
    forget();
    update();
}

void RunView::setRunColor(const QColor& color) {
    if (color == runColor_) return;
    runColor_ = color;
    refresh();
}

bool RunView::wantsSnapshot() const {
    return isVisible() && !window()->isMinimized() && paintingIsDue() && channel_.due() &&
           !visibleRegion().isEmpty();
}

/// Hundreds of antialiased lines take longer than a frame has; the window's own thread is for the user.
bool RunView::paintingIsDue() const {
    constexpr qint64 restPerPainting = 20; // at most a twentieth of the time
    return !sincePainting_.isValid() || sincePainting_.nsecsElapsed() >= restPerPainting * paintingTook_;
}

QString RunView::textAt(const QPointF&) const {
    return {};
}

void RunView::present(std::int64_t step) {
    shownStep_ = step;
    failure_.clear();
    update();
    if (hovered_ && QToolTip::isVisible()) updateToolTip();
    emit shown();
}

void RunView::refresh() {
    restyle();
    if (snapshot_) evaluate();
    update();
}

void RunView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (failure_.isEmpty() && !empty()) {
        sincePainting_.start();
        paint(painter);
        paintingTook_ = sincePainting_.nsecsElapsed();
        sincePainting_.start();
        return;
    }
    painter.setPen(Theme::instance().palette().quiet);
    painter.setFont(Theme::instance().body());
    painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap,
                     failure_.isEmpty() ? tr("Waiting for the network…")
                                        : tr("No picture: %1").arg(failure_));
}

void RunView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (followsSize() && snapshot_) evaluate();
}

void RunView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    emit becameVisible();
}

bool RunView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    mouse_ = help->pos();
    hovered_ = true;
    if (textAt(mouse_).isEmpty()) return QWidget::event(event); // the widget's own tooltip
    updateToolTip();
    return true;
}

void RunView::mouseMoveEvent(QMouseEvent* event) {
    mouse_ = event->position();
    hovered_ = true;
    updateToolTip();
    QWidget::mouseMoveEvent(event);
}

void RunView::leaveEvent(QEvent* event) {
    hovered_ = false;
    QToolTip::hideText();
    QWidget::leaveEvent(event);
}

void RunView::updateToolTip() {
    const QString text = textAt(mouse_);
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(mapToGlobal(mouse_.toPoint()), text, this);
}

} // namespace kappascope::ui
