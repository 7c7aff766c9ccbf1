// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

#include <cmath>

namespace kappascope::ui {

/// An axis' map from values to pixels as two numbers, for loops over many points; and back.
class AxisMap {
public:
    explicit AxisMap(const QCPAxis& axis) : logarithmic_(axis.scaleType() == QCPAxis::stLogarithmic) {
        const QRect area = axis.axisRect()->rect();
        const double low = scaled(axis.range().lower), high = scaled(axis.range().upper);
        const bool level = axis.orientation() == Qt::Horizontal;
        const double start = level ? area.left() : area.bottom() + 1;
        const double end = level ? area.right() + 1 : area.top();
        slope_ = (end - start) / (high - low);
        offset_ = start - slope_ * low;
    }

    double pixelOf(double value) const { return offset_ + slope_ * scaled(value); }
    double value(double pixel) const {
        const double at = (pixel - offset_) / slope_;
        return logarithmic_ ? std::pow(10, at) : at;
    }

private:
    double scaled(double value) const { return logarithmic_ ? std::log10(value) : value; }

    bool logarithmic_;
    double offset_ = 0, slope_ = 1;
};

} // namespace kappascope::ui
