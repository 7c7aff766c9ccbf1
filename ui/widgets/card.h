// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QPainter;
class QRectF;

namespace kappascope::ui {

/// A panel on the ground: radius 8, a 1 px line, no shadow; with a coloured stripe along the top when it
/// belongs to a run. Lay out children as in any QFrame; contents margins start at 12, 10, 12, 10.
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(QWidget* parent = nullptr);

    /// An invalid colour takes the stripe away.
    void setStripe(const QColor& color);
    /// An accent line around: the selected run.
    void setSelected(bool selected);
    /// No line and no corners along the top: drawCardTop() stands above.
    void setOpenAbove(bool open);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QColor stripe_;
    bool selected_ = false, openAbove_ = false;
};

/// The upper part of a card, for tabs that stand on it: as wide as `rect`, open below.
void drawCardTop(QPainter& painter, const QRectF& rect);

} // namespace kappascope::ui
