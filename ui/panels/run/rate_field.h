// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace kappascope::ui {

/// A learning rate that is typed in place, or moved along 1, 1.5, 2, 3, 5, 7, 10 by the arrow keys and the
/// wheel (with focus only), tenfold by the Page keys. Empty text asks for the experiment's base rate. GUI
/// thread only.
class RateField : public QLineEdit {
    Q_OBJECT
public:
    explicit RateField(QWidget* parent = nullptr);

    double rate() const { return rate_; }
    /// Shows a rate; `own`: the run has one of its own, otherwise it follows the experiment's.
    void setRate(double rate, bool own);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void rateEntered(double rate); ///< by the user, another one than before
    void baseRateWanted();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void take(double rate);
    void enter();
    void display();
    void restyle();

    double rate_ = 0;
    bool own_ = false;
};

/// The next of ... 1, 1.5, 2, 3, 5, 7, 10 ... above (steps > 0) or below `rate`, several times.
double nearbyRate(double rate, int steps);

/// A rate as short as it can be told: 0.3, 1e-5.
QString rateText(double rate);

} // namespace kappascope::ui
