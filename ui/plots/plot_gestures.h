// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointF>
#include <QRectF>

class QMouseEvent;
class QWheelEvent;

namespace kappascope::ui {

class PlotCanvas;

/// Turns mouse and wheel over a canvas into what they mean. Left drag draws a zoom box; Ctrl + left drag or
/// middle drag pans (Preferences::swapsGestures() swaps the two); the wheel zooms, over an axis only that
/// axis; double click fits; Shift + click sets a cursor; the right button asks for the menu. All positions in
/// pixels.
class PlotGestures : public QObject {
    Q_OBJECT
public:
    explicit PlotGestures(PlotCanvas* canvas);

signals:
    void hovered(QPointF at);
    void left();
    void boxDrawn(QRectF box); ///< while dragging; null when it ends
    void boxZoomed(QRectF box);
    void panned(QPointF by);                                            ///< since the last one
    void wheelZoomed(QPointF at, double factor, Qt::Orientations axes); ///< factor < 1: closer
    void fitAsked();
    void markAsked(QPointF at);
    void menuAsked(QPoint global);

private:
    enum class Drag { None, Undecided, Box, Pan };

    bool eventFilter(QObject* watched, QEvent* event) override;
    void press(const QMouseEvent& event);
    void move(const QMouseEvent& event);
    void release(const QMouseEvent& event);
    void turn(const QWheelEvent& event);
    void cancel();
    QRectF box(QPointF to) const;

    PlotCanvas* canvas_;
    Drag drag_ = Drag::None;
    QPointF start_, last_;
    bool pans_ = false; ///< what this drag will be
};

} // namespace kappascope::ui
