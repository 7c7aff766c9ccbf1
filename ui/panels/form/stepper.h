// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLineEdit;
class QToolButton;

namespace kappascope::ui {

/// A whole number with - and + at its sides; it can be typed too, and the arrow keys count. GUI thread.
class Stepper : public QWidget {
    Q_OBJECT
public:
    Stepper(int minimum, int maximum, const QString& name, QWidget* parent = nullptr);

    int value() const { return value_; }
    void setValue(int value); ///< shows it, without a signal

    QToolButton* minus() const { return minus_; }
    QToolButton* plus() const { return plus_; }
    QLineEdit* field() const { return field_; }

signals:
    void valueChanged(int value); ///< by the user

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void enter(int value);

    int minimum_, maximum_, value_;
    QToolButton *minus_, *plus_;
    QLineEdit* field_;
};

} // namespace kappascope::ui
