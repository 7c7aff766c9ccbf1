// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/editable_name.h"

#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>

namespace kappascope::ui {

EditableName::EditableName(QWidget* parent) : QWidget(parent), field_(new QLineEdit(this)) {
    field_->hide();
    field_->setProperty("look", "plain");
    field_->setMaxLength(60);
    field_->installEventFilter(this);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    connect(field_, &QLineEdit::returnPressed, this, [this] { finish(true); });
    connect(&Theme::instance(), &Theme::changed, this, &EditableName::restyle);
    restyle();
}

void EditableName::restyle() {
    setFont(Theme::instance().runName());
    updateGeometry();
    update();
}

void EditableName::setText(const QString& text) {
    if (text == text_) return;
    text_ = text;
    setAccessibleName(tr("Name of the run: %1").arg(text));
    updateGeometry();
    update();
}

void EditableName::setColor(const QColor& color) {
    color_ = color;
    update();
}

void EditableName::edit() {
    field_->setText(text_);
    field_->selectAll();
    field_->show();
    field_->raise();
    field_->setFocus(Qt::OtherFocusReason);
}

QSize EditableName::sizeHint() const {
    const QFontMetrics metrics(Theme::instance().runName());
    return {metrics.horizontalAdvance(text_) + 4, metrics.height() + 4};
}

QSize EditableName::minimumSizeHint() const {
    return {28, sizeHint().height()};
}

void EditableName::paintEvent(QPaintEvent*) {
    if (field_->isVisible()) return;
    QPainter painter(this);
    painter.setFont(Theme::instance().runName());
    painter.setPen(color_.isValid() ? color_ : Theme::instance().palette().text);
    const QString shown = painter.fontMetrics().elidedText(text_, Qt::ElideRight, width());
    setToolTip(shown == text_ ? tr("Double-click or F2 renames")
                              : text_ + tr("\nDouble-click or F2 renames"));
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, shown);
}

void EditableName::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    field_->setGeometry(rect());
}

void EditableName::mouseDoubleClickEvent(QMouseEvent*) {
    edit();
}

bool EditableName::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        finish(false);
        return true;
    }
    if (event->type() == QEvent::ShortcutOverride) { // letters and Space are typed, not shortcuts
        event->accept();
        return true;
    }
    if (event->type() == QEvent::FocusOut && field_->isVisible()) finish(true);
    return QWidget::eventFilter(watched, event);
}

void EditableName::finish(bool take) {
    if (!field_->isVisible()) return;
    const QString wanted = field_->text().trimmed();
    field_->hide();
    update();
    if (take && !wanted.isEmpty() && wanted != text_) emit entered(wanted);
}

} // namespace kappascope::ui
