// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/card.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

namespace kappascope::ui {

namespace {
constexpr double radius = 8, stripeHeight = 3;
}

Card::Card(QWidget* parent) : QFrame(parent) {
    setContentsMargins(12, 10, 12, 10);
    connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void Card::setStripe(const QColor& color) {
    stripe_ = color;
    update();
}

void Card::setSelected(bool selected) {
    selected_ = selected;
    update();
}

void Card::setOpenAbove(bool open) {
    openAbove_ = open;
    update();
}

void Card::paintEvent(QPaintEvent*) {
    const Palette& palette = Theme::instance().palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath outline;
    // Where it is open above, its upper corners stand out of sight.
    const double top = openAbove_ ? -2 * radius : 0.5;
    outline.addRoundedRect(QRectF(rect()).adjusted(0.5, top, -0.5, -0.5), radius, radius);
    painter.fillPath(outline, palette.panel);
    if (stripe_.isValid()) {
        painter.save();
        painter.setClipPath(outline);
        painter.fillRect(QRectF(0, 0, width(), stripeHeight), stripe_);
        painter.restore();
    }
    painter.setPen(QPen(selected_ ? palette.accent : palette.line, 1));
    painter.drawPath(outline);
}

void drawCardTop(QPainter& painter, const QRectF& rect) {
    const Palette& palette = Theme::instance().palette();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(rect);
    painter.setPen(QPen(palette.line, 1));
    painter.setBrush(palette.panel);
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, 2 * radius), radius, radius);
    painter.restore();
}

} // namespace kappascope::ui
