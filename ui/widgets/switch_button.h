// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace kappascope::ui {

/// A toggle with its text to the right, in a colour of its own (a run's) when on. Space or Return toggles;
/// screen readers meet a check box.
class SwitchButton : public QAbstractButton {
    Q_OBJECT
public:
    explicit SwitchButton(const QString& text = {}, QWidget* parent = nullptr);

    /// The track's colour when on; the theme's accent unless set.
    void setColor(const QColor& color);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QSizeF track() const;

    QColor color_;
};

} // namespace kappascope::ui
