// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/stepper.h"

#include "ui/theme/theme.h"
#include "ui/widgets/tool_button.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QToolButton>
#include <algorithm>

namespace kappascope::ui {

Stepper::Stepper(int minimum, int maximum, const QString& name, QWidget* parent)
    : QWidget(parent), minimum_(minimum), maximum_(maximum), value_(minimum),
      minus_(makeToolButton(ButtonLook::Outline, QStringLiteral("minus"), tr("%1: fewer").arg(name), this)),
      plus_(makeToolButton(ButtonLook::Outline, QStringLiteral("plus"), tr("%1: more").arg(name), this)),
      field_(new QLineEdit(this)) {
    for (QToolButton* button : {minus_, plus_}) {
        button->setAutoRepeat(true);
        button->setAutoRepeatDelay(400);
    }
    field_->setProperty("look", "plain");
    field_->setAlignment(Qt::AlignCenter);
    field_->setMinimumWidth(32);
    field_->setMaximumWidth(48);
    field_->setAccessibleName(name);
    field_->setToolTip(tr("%1: a whole number from %2 to %3").arg(name).arg(minimum).arg(maximum));
    field_->installEventFilter(this);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    row->addWidget(minus_);
    row->addWidget(field_, 1);
    row->addWidget(plus_);
    setFocusProxy(field_);
    connect(minus_, &QToolButton::clicked, this, [this] { enter(value_ - 1); });
    connect(plus_, &QToolButton::clicked, this, [this] { enter(value_ + 1); });
    connect(field_, &QLineEdit::editingFinished, this, [this] {
        if (!field_->isModified()) return;
        bool isNumber = false;
        const int typed = field_->text().toInt(&isNumber);
        enter(isNumber ? typed : value_);
    });
    const auto restyle = [this] { field_->setFont(Theme::instance().numbers()); };
    connect(&Theme::instance(), &Theme::changed, this, restyle);
    restyle();
    setValue(minimum);
}

void Stepper::setValue(int value) {
    value_ = std::clamp(value, minimum_, maximum_);
    if (!field_->isModified() || !field_->hasFocus()) field_->setText(QString::number(value_));
    minus_->setEnabled(value_ > minimum_);
    plus_->setEnabled(value_ < maximum_);
}

void Stepper::enter(int value) {
    const int before = value_;
    field_->setModified(false);
    setValue(value);
    if (value_ != before) emit valueChanged(value_);
}

bool Stepper::eventFilter(QObject* watched, QEvent* event) {
    if (watched == field_ && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            enter(value_ + (key == Qt::Key_Up ? 1 : -1));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace kappascope::ui
