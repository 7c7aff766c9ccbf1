// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/number_label.h"

#include "ui/theme/tabular_font.h"
#include "ui/theme/theme.h"

#include <QAccessible>
#include <QHash>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

namespace kappascope::ui {

namespace {

double cellWidth(const QFontMetricsF& metrics) {
    double widest = 0;
    for (char16_t digit = u'0'; digit <= u'9'; ++digit)
        widest = std::max(widest, metrics.horizontalAdvance(QString(QChar(digit))));
    return widest;
}

QFont fontOf(NumberLabel::Role role) {
    const Theme& theme = Theme::instance();
    if (role == NumberLabel::Role::Counter) return theme.counter();
    if (role == NumberLabel::Role::Body) return theme.numbers();
    QFont strong = theme.body();
    strong.setWeight(QFont::DemiBold);
    return tabular(strong);
}

int roomFor(double width) {
    return int(std::ceil(width)) + 1;
}

double measuredWidth(const QFont& font, const QString& text) {
    const QFontMetricsF metrics(font);
    if (hasTabularFigures(font)) return metrics.horizontalAdvance(text);
    const double cell = cellWidth(metrics);
    double width = 0;
    for (const QChar letter : text)
        width += letter.isDigit() ? cell : metrics.horizontalAdvance(QString(letter));
    return width;
}

/// Widths in one font by the shape of the text, its figures all 0. Numbers are measured at every frame, and
/// to shape a text takes microseconds.
struct KnownWidths {
    QFont font;
    QHash<QString, double> widths;
};

QHash<QString, double>& widthsIn(const QFont& font) {
    constexpr qsizetype most = 1000;         // texts: then from the start, they may be of any kind
    static std::array<KnownWidths, 4> known; // of the last few fonts
    static std::size_t next = 0;
    auto found = std::ranges::find(known, font, &KnownWidths::font);
    if (found == known.end()) {
        found = known.begin() + std::ptrdiff_t(next);
        next = (next + 1) % known.size();
        *found = {font, {}};
    }
    if (found->widths.size() > most) found->widths.clear();
    return found->widths;
}

} // namespace

double tabularWidth(const QFont& font, const QString& text) {
    QString shape = text;
    for (QChar& letter : shape)
        if (letter >= u'0' && letter <= u'9') letter = u'0';
    QHash<QString, double>& widths = widthsIn(font);
    const auto found = widths.constFind(shape);
    return found != widths.constEnd() ? *found : *widths.insert(shape, measuredWidth(font, shape));
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

int NumberLabel::widthOf(Role role, const QString& text) {
    return roomFor(tabularWidth(fontOf(role), text));
}

NumberLabel::NumberLabel(QWidget* parent, Role role) : QWidget(parent), role_(role) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, &NumberLabel::dress);
    dress();
}

void NumberLabel::dress() {
    const QFont font = fontOf(role_);
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
    const double before =
        std::exchange(room_, std::max(tabularWidth(font(), text_), tabularWidth(font(), widest)));
    if (room_ != before) updateGeometry();
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
    if (quiet == quiet_) return;
    quiet_ = quiet;
    update();
}

QSize NumberLabel::sizeHint() const {
    return {roomFor(room_), fontMetrics().height() + 2};
}

void NumberLabel::paintEvent(QPaintEvent*) {
    const Palette& palette = Theme::instance().palette();
    QPainter painter(this);
    painter.setPen(quiet_ || !isEnabled() ? palette.quiet : color_.isValid() ? color_ : palette.text);
    drawTabular(painter, rect(), alignment_, text_);
}

} // namespace kappascope::ui
