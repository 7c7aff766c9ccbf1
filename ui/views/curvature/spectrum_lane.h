// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/curvature/spectrum_reading.h"
#include "ui/views/curvature/dot_swarm.h"
#include "ui/views/curvature/eigenvalue_axis.h"
#include "ui/views/curvature/log_density.h"

#include <QColor>
#include <optional>

class QPainter;

namespace kappascope::ui {

/// One spectrum over the axis: a dot for each eigenvalue, piled up where they are close, or the density of a
/// large one with dots for its ends; below it a line from the smallest that kappa_tau keeps to the largest,
/// as long as kappa_tau is large. GUI thread; the reading must outlive it.
class SpectrumLane {
public:
    struct Style {
        QString title, note;
        QColor color;
        bool hollow = false;         ///< the raw matrix
        std::optional<double> limit; ///< stability limit, on this lane's axis
    };

    SpectrumLane(const SpectrumReading& spectrum, Style style);

    const SpectrumReading& spectrum() const { return spectrum_; }
    const Style& style() const { return style_; }

    /// Sizes up to it count as zero in this spectrum.
    double band() const { return band_; }
    bool countsAsZero(Index i) const;
    /// Of what is drawn: the largest and the largest negative in size, 0 where there is none.
    double mostPositive() const, mostNegative() const;

    /// Places the dots; `size` 0: as large as fits. Returns their size.
    double layOut(const QRectF& rect, const EigenvalueAxis& axis, double size = 0);
    const QRectF& rect() const { return rect_; }
    bool isLow() const;
    double baseLine() const;
    QPointF at(Index i) const { return dots_.at[static_cast<std::size_t>(i)]; }
    double dotSize() const { return dots_.size; }
    /// The dot under a place, or near it.
    std::optional<Index> near(const QPointF& position) const;

    void paint(QPainter& painter, const EigenvalueAxis& axis) const;
    /// What the place tells where there is no dot: the density, how many count as zero, the limit.
    QString textAt(const QPointF& position, const EigenvalueAxis& axis) const;

private:
    QRectF dotArea() const;
    QRectF headRect() const;
    double heightOf(double perDecade) const;
    void paintHead(QPainter& painter, const EigenvalueAxis& axis) const;
    void paintDensity(QPainter& painter, const EigenvalueAxis& axis) const;
    void paintDots(QPainter& painter, const EigenvalueAxis& axis) const;
    void paintZeros(QPainter& painter, const EigenvalueAxis& axis) const;
    void paintCondition(QPainter& painter, const EigenvalueAxis& axis) const;
    void paintLimit(QPainter& painter, const EigenvalueAxis& axis) const;

    const SpectrumReading& spectrum_;
    Style style_;
    double band_ = 0, mostPerDecade_ = 0;
    std::optional<LogDensity> density_;
    QRectF rect_;
    DotSwarm dots_;
};

} // namespace kappascope::ui
