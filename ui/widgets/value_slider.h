// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLineEdit;
class QSlider;

namespace kappascope::ui {

/// A slider with the number beside it, which can be typed: the slider covers the useful range, the field
/// accepts all that is allowed. Arrow keys and the wheel (only with focus, so that scrolling a form changes
/// nothing) move by a thousandth of the range, with Page keys by a twentieth.
class ValueSlider : public QWidget {
    Q_OBJECT
public:
    struct Range {
        double minimum = 0, maximum = 1; ///< of the slider
        bool logarithmic = false;        ///< the slider runs over decades; minimum must be > 0
        bool integer = false;
        double lowest = minimum, highest = maximum; ///< what the field accepts
        QString suffix{};                           ///< shown after the number: "°"
    };

    explicit ValueSlider(const Range& range, QWidget* parent = nullptr);

    double value() const { return value_; }
    const Range& range() const { return range_; }
    /// Shows `value` (clamped to what is allowed) without a signal.
    void setValue(double value);
    void setRange(const Range& range); ///< keeps the value where it is allowed
    /// What both parts are called for screen readers, and shown on hover.
    void setName(const QString& name, const QString& help = {});

    QSlider* slider() const { return slider_; }
    QLineEdit* field() const { return field_; }

signals:
    /// By the user: while dragging and at each key. Merge into one undo step by a key of your own.
    void valueChanged(double value);
    /// The user let go, or entered a number.
    void editingFinished();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void sliderMoved(int position);
    void entered();
    void show(double value);
    double valueAt(int position) const;
    int positionOf(double value) const;
    QString textOf(double value) const;
    void sizeField();

    Range range_;
    double value_ = 0;
    QSlider* slider_;
    QLineEdit* field_;
};

} // namespace kappascope::ui
