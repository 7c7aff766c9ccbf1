// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

namespace kappascope::ui {

/// Ticks with short labels for linear and logarithmic axes: 0.25, 20k, 1e-3. On a logarithmic axis that shows
/// less than about two decades, ticks stand within the decade as well.
class PlotTicker : public QCPAxisTicker {
public:
    /// `counts`: the axis carries whole numbers of something; thousands as 20k.
    explicit PlotTicker(bool counts) : counts_(counts) {}

    void setLogarithmic(bool on) { logarithmic_ = on; }
    /// At most about this many labels: what the axis has room for.
    void setMost(int labels) { most_ = std::max(labels, 2); }

    void generate(const QCPRange& range, const QLocale& locale, QChar formatChar, int precision,
                  QVector<double>& ticks, QVector<double>* subTicks, QVector<QString>* tickLabels) override;

private:
    QVector<double> linearTicks(const QCPRange& range) const;
    QVector<double> logarithmicTicks(const QCPRange& range) const;

    bool counts_, logarithmic_ = false;
    int most_ = 5;
};

/// The label of a tick. `step`: the distance to its neighbour, 0 on a logarithmic axis; `largest`: of the
/// axis, by which a count is written in thousands or millions.
QString tickLabel(double value, double step, bool counts, double largest);

} // namespace kappascope::ui
