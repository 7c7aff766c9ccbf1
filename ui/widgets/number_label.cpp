// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/number_label.h"

#include "ui/theme/tabular_font.h"
#include "ui/theme/theme.h"

#include <QAccessible>
#include <QPainter>
#include <cmath>

namespace kappascope::ui {

namespace {

double cellWidth(const QFontMetricsF& metrics) {
    double widest = 0;
    for (char16_t digit = u'0'; digit <= u'9'; ++digit)
        widest = std::max(widest, metrics.horizontalAdvance(QString(QChar(digit))));
    return widest;
}

} // namespace

double tabularWidth(const QFont& font, const QString& text) {
    const QFontMetricsF metrics(font);
    if (hasTabularFigures(font)) return metrics.horizontalAdvance(text);
    const double cell = cellWidth(metrics);
    double width = 0;
    for (const QChar letter : text)
        width += letter.isDigit() ? cell : metrics.horizontalAdvance(QString(letter));
    return width;
}

void drawTabular(QPainter& painter, const QRectF& rect, Qt::Alignment alignment, const QString& text) {
    if (hasTabularFigures(painter.font())) {
        painter.drawText(rect, int(alignment) | Qt::TextSingleLine, text);
        return;
    }
    const QFontMetricsF metrics(painter.font());
    const double cell = cellWidth(metrics), width = tabularWidth(painter.font(), text);
    double x = rect.left();
    if (alignment & Qt::AlignRight) x = rect.right() - width;
    if (alignment & Qt::AlignHCenter) x = rect.center().x() - width / 2;
    const double baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    for (const QChar letter : text) {
        const double own = metrics.horizontalAdvance(QString(letter)), room = letter.isDigit() ? cell : own;
        painter.drawText(QPointF(x + (room - own) / 2, baseline), QString(letter));
        x += room;
    }
}

NumberLabel::NumberLabel(QWidget* parent, Role role) : QWidget(parent), role_(role) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, &NumberLabel::dress);
    dress();
}

void NumberLabel::dress() {
    const Theme& theme = Theme::instance();
    QFont font = theme.numbers();
    if (role_ == Role::Counter) font = theme.counter();
    if (role_ == Role::Strong)
        font = tabular([&] {
            QFont strong = theme.body();
            strong.setWeight(QFont::DemiBold);
            return strong;
        }());
    setFont(font);
    room_ = std::max(tabularWidth(font, text_), tabularWidth(font, reserved_));
    updateGeometry();
    update();
}

void NumberLabel::setText(const QString& text) {
    if (text == text_) return;
    text_ = text;
    setAccessibleDescription(text);
    if (const double width = tabularWidth(font(), text); width > room_) {
        room_ = width;
        updateGeometry();
    }
    update();
}

void NumberLabel::setNumber(double value) {
    setText(formatNumber(value));
}

void NumberLabel::reserve(const QString& widest) {
    reserved_ = widest;
    room_ = std::max(room_, tabularWidth(font(), widest));
    updateGeometry();
}

void NumberLabel::setAlignment(Qt::Alignment alignment) {
    alignment_ = alignment | Qt::AlignVCenter;
    update();
}

void NumberLabel::setColor(const QColor& color) {
    if (color == color_) return;
    color_ = color;
    update();
}

void NumberLabel::setQuiet(bool quiet) {
    quiet_ = quiet;
    update();
}

QSize NumberLabel::sizeHint() const {
    return {int(std::ceil(room_)) + 1, fontMetrics().height() + 2};
}

void NumberLabel::paintEvent(QPaintEvent*) {
    const Palette& palette = Theme::instance().palette();
    QPainter painter(this);
    painter.setPen(quiet_ || !isEnabled() ? palette.quiet : color_.isValid() ? color_ : palette.text);
    drawTabular(painter, rect(), alignment_, text_);
}

} // namespace kappascope::ui
