// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_gestures.h"

#include "ui/plots/plot_canvas.h"
#include "ui/preferences.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr double smallestBox = 6;   ///< pixels: less is a trembling hand
constexpr double thinBox = 12;      ///< a box lower or narrower than this zooms the other axis alone
constexpr double notchFactor = 0.8; ///< of the range, for one notch of the wheel

} // namespace

PlotGestures::PlotGestures(PlotCanvas* canvas) : QObject(canvas), canvas_(canvas) {
    canvas->installEventFilter(this);
}

bool PlotGestures::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        press(*static_cast<QMouseEvent*>(event));
        return false;
    case QEvent::MouseMove:
        move(*static_cast<QMouseEvent*>(event));
        return true;
    case QEvent::MouseButtonRelease:
        release(*static_cast<QMouseEvent*>(event));
        return false;
    case QEvent::MouseButtonDblClick:
        cancel();
        if (static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton) emit fitAsked();
        return true;
    case QEvent::Wheel:
        turn(*static_cast<QWheelEvent*>(event));
        return true;
    case QEvent::ContextMenu:
        emit menuAsked(static_cast<QContextMenuEvent*>(event)->globalPos());
        return true;
    case QEvent::Leave:
        emit left();
        return false;
    case QEvent::KeyPress:
        if (static_cast<QKeyEvent*>(event)->key() != Qt::Key_Escape || drag_ == Drag::None) return false;
        cancel();
        return true;
    default:
        return QObject::eventFilter(watched, event);
    }
}

void PlotGestures::press(const QMouseEvent& event) {
    if (event.button() != Qt::LeftButton && event.button() != Qt::MiddleButton) return;
    if (event.button() == Qt::LeftButton && event.modifiers() & Qt::ShiftModifier) {
        emit markAsked(event.position());
        return;
    }
    const bool other = event.modifiers() & Qt::ControlModifier;
    pans_ = event.button() == Qt::MiddleButton || other != Preferences::instance().swapsGestures();
    drag_ = Drag::Undecided;
    start_ = last_ = event.position();
}

void PlotGestures::move(const QMouseEvent& event) {
    const QPointF at = event.position();
    if (drag_ == Drag::Undecided && (at - start_).manhattanLength() >= QApplication::startDragDistance())
        drag_ = pans_ ? Drag::Pan : Drag::Box;
    if (drag_ == Drag::Box) emit boxDrawn(box(at));
    if (drag_ == Drag::Pan) emit panned(at - last_);
    if (drag_ == Drag::None) emit hovered(at);
    last_ = at;
}

void PlotGestures::release(const QMouseEvent& event) {
    const Drag ended = std::exchange(drag_, Drag::None);
    if (ended != Drag::Box) return;
    const QRectF drawn = box(event.position());
    emit boxDrawn({});
    if (drawn.width() >= smallestBox || drawn.height() >= smallestBox) emit boxZoomed(drawn);
}

void PlotGestures::turn(const QWheelEvent& event) {
    const double notches = event.angleDelta().y() / 120.0;
    if (notches == 0) return;
    const QPointF at = event.position();
    const QRectF frame = canvas_->frame();
    Qt::Orientations axes = Qt::Horizontal | Qt::Vertical;
    if (at.x() < frame.left())
        axes = Qt::Vertical;
    else if (at.y() > frame.bottom())
        axes = Qt::Horizontal;
    emit wheelZoomed(at, std::pow(notchFactor, notches), axes);
}

void PlotGestures::cancel() {
    if (std::exchange(drag_, Drag::None) == Drag::Box) emit boxDrawn({});
}

QRectF PlotGestures::box(QPointF to) const {
    const QRectF frame = canvas_->frame();
    QRectF drawn = QRectF(start_, to).normalized();
    if (drawn.height() < thinBox) {
        drawn.setTop(frame.top());
        drawn.setBottom(frame.bottom());
    } else if (drawn.width() < thinBox) {
        drawn.setLeft(frame.left());
        drawn.setRight(frame.right());
    }
    return drawn.intersected(frame);
}

} // namespace kappascope::ui
