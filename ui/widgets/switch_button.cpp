// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/switch_button.h"

#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QPainter>

namespace kappascope::ui {

namespace {
constexpr int gap = 6; ///< between track and text
constexpr int rim = 2; ///< room for the focus ring
} // namespace

SwitchButton::SwitchButton(const QString& text, QWidget* parent) : QAbstractButton(parent) {
    setText(text);
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void SwitchButton::setColor(const QColor& color) {
    color_ = color;
    update();
}

QSizeF SwitchButton::track() const {
    const double scale = Theme::instance().scale();
    return {30 * scale, 16 * scale};
}

QSize SwitchButton::sizeHint() const {
    const QSizeF knobTrack = track();
    const int words = text().isEmpty() ? 0 : gap + fontMetrics().horizontalAdvance(text());
    const double height = std::max(knobTrack.height(), double(fontMetrics().height()));
    return QSize(int(knobTrack.width()) + words + 2 * rim, int(height) + 2 * rim);
}

void SwitchButton::paintEvent(QPaintEvent*) {
    const Palette& palette = Theme::instance().palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QRectF groove(QPointF(rim, 0), track());
    groove.moveTop((height() - groove.height()) / 2);
    const double radius = groove.height() / 2;
    if (hasFocus()) {
        painter.setPen(QPen(palette.accent, 1.5));
        painter.drawRoundedRect(groove.adjusted(-1.2, -1.2, 1.2, 1.2), radius + 1.2, radius + 1.2);
    }
    QColor on = color_.isValid() ? color_ : palette.accent;
    QColor off = palette.dark ? QColor(0x3a, 0x41, 0x4b) : QColor(0xc9, 0xce, 0xd8);
    if (!isEnabled()) on.setAlphaF(0.4F), off.setAlphaF(0.5F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(isChecked() ? (underMouse() ? on.lighter(108) : on)
                                 : (underMouse() ? palette.quiet : off));
    painter.drawRoundedRect(groove, radius, radius);
    const double knob = groove.height() - 4;
    painter.setBrush(Qt::white);
    painter.drawEllipse(
        QRectF(isChecked() ? groove.right() - 2 - knob : groove.left() + 2, groove.top() + 2, knob, knob));
    painter.setPen(isEnabled() ? palette.text : palette.quiet);
    const QRectF words(groove.right() + gap, 0, width(), height());
    painter.drawText(words, Qt::AlignVCenter | Qt::TextShowMnemonic, text());
}

void SwitchButton::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void SwitchButton::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange) updateGeometry();
    QAbstractButton::changeEvent(event);
}

void SwitchButton::enterEvent(QEnterEvent* event) {
    update();
    QAbstractButton::enterEvent(event);
}

void SwitchButton::leaveEvent(QEvent* event) {
    update();
    QAbstractButton::leaveEvent(event);
}

} // namespace kappascope::ui
