// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/layer_row_painter.h"

#include "ui/theme/theme.h"
#include "ui/views/view_text.h"

#include <QPainter>

namespace kappascope::ui {

namespace {
constexpr int margin = 4;
}

int LayerRowPainter::rowHeight() {
    return QFontMetrics(Theme::instance().body()).height() + QFontMetrics(smallNumbers()).height() + 4;
}

QSize LayerRowPainter::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {80, rowHeight()};
}

void LayerRowPainter::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
    const Palette& colors = Theme::instance().palette();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool fixed = !index.flags().testFlag(Qt::ItemIsSelectable);
    const bool mistaken = index.data(mistakeRole).toBool();
    painter->save();
    if (selected) {
        QColor tint = colors.accent;
        tint.setAlphaF(colors.dark ? 0.28F : 0.14F);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(tint);
        painter->drawRoundedRect(QRectF(option.rect).adjusted(0, 1, 0, -1), 4, 4);
    }
    const QRect inner = option.rect.adjusted(margin, 2, -margin, -2);
    painter->setFont(Theme::instance().body());
    painter->setPen(mistaken ? colors.warning : fixed ? colors.quiet : colors.text);
    const QRect first(inner.left(), inner.top(), inner.width(), painter->fontMetrics().height());
    painter->drawText(
        first, Qt::AlignLeft | Qt::AlignVCenter,
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, first.width()));
    painter->setFont(smallNumbers());
    painter->setPen(mistaken ? colors.warning : colors.quiet);
    const QRect second(inner.left(), first.bottom() + 1, inner.width(), painter->fontMetrics().height());
    const QString shape = index.data(shapeRole).toString(), count = index.data(countRole).toString();
    painter->drawText(second, Qt::AlignLeft | Qt::AlignVCenter,
                      shape.isEmpty() ? QStringLiteral("—") : shape);
    painter->drawText(second, Qt::AlignRight | Qt::AlignVCenter, count);
    painter->restore();
}

} // namespace kappascope::ui
