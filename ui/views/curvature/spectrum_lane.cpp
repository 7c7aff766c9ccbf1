// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/spectrum_lane.h"

#include "ui/theme/theme.h"
#include "ui/views/curvature/reading_text.h"
#include "ui/views/view_text.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr qreal headHeight = 18, footHeight = 20; ///< above the dots; below them, for the line of kappa
constexpr qreal gap = 4, nearEnough = 7;
constexpr qreal leastWithNotes = 60;   ///< lower lanes show dots and titles alone
constexpr double roundingBand = 1e-12; ///< where no positive eigenvalue gives a band
constexpr qreal zeroMargin = 5;

QString tr(const char* text) {
    return QCoreApplication::translate("SpectrumLane", text);
}

QColor faint(QColor color, float alpha) {
    color.setAlphaF(alpha);
    return color;
}

} // namespace

SpectrumLane::SpectrumLane(const SpectrumReading& spectrum, Style style)
    : spectrum_(spectrum), style_(std::move(style)) {
    if (spectrum_.eigenvalues.size() == 0) return;
    const double largest = spectrum_.eigenvalues.maxCoeff();
    band_ = largest > 0 ? spectrum_.summary.tau * largest
                        : roundingBand * spectrum_.eigenvalues.cwiseAbs().maxCoeff();
    if (spectrum_.exact) return;
    density_.emplace(spectrum_.density, band_);
}

bool SpectrumLane::countsAsZero(Index i) const {
    return !(std::abs(spectrum_.eigenvalues[i]) > band_);
}

double SpectrumLane::mostPositive() const {
    return spectrum_.eigenvalues.size() == 0 ? 0 : std::max(0.0, spectrum_.eigenvalues.maxCoeff());
}

double SpectrumLane::mostNegative() const {
    const double least = spectrum_.eigenvalues.size() == 0 ? 0 : spectrum_.eigenvalues.minCoeff();
    return least < -band_ ? -least : 0;
}

QRectF SpectrumLane::headRect() const {
    return {rect_.left(), rect_.top(), rect_.width(), headHeight};
}

bool SpectrumLane::isLow() const {
    return rect_.height() < leastWithNotes;
}

double SpectrumLane::baseLine() const {
    return rect_.bottom() - (isLow() ? gap : footHeight);
}

QRectF SpectrumLane::dotArea() const {
    return {QPointF(rect_.left(), headRect().bottom()), QPointF(rect_.right(), baseLine() - 1)};
}

/// Dots that count as zero stand evenly over their zone, in their order.
double SpectrumLane::layOut(const QRectF& rect, const EigenvalueAxis& axis, double size) {
    rect_ = rect;
    const Index n = spectrum_.eigenvalues.size();
    Index firstZero = n, zeros = 0;
    for (Index i = 0; i < n; ++i)
        if (countsAsZero(i)) {
            firstZero = std::min(firstZero, i);
            ++zeros;
        }
    std::vector<double> x;
    const double left = axis.zeroLeft() + zeroMargin, room = axis.zeroRight() - zeroMargin - left;
    for (Index i = 0; i < n; ++i)
        x.push_back(countsAsZero(i) ? left + room * (static_cast<double>(i - firstZero) + 0.5) /
                                                 static_cast<double>(zeros)
                                    : axis.x(spectrum_.eigenvalues[i]));
    QRectF area = dotArea();
    if (zeros > 0 && !isLow()) area.setTop(area.top() + headHeight - gap); // their number stands above them
    dots_ = size > 0 ? swarm(x, area, size) : swarm(x, area);
    if (density_ && mostPerDecade_ == 0)
        for (double at = axis.left(); at <= axis.right(); ++at)
            if (const double value = axis.valueAt(at); value != 0)
                mostPerDecade_ = std::max(mostPerDecade_, density_->perDecade(value));
    return dots_.size;
}

std::optional<Index> SpectrumLane::near(const QPointF& position) const {
    std::optional<Index> found;
    double nearest = std::max(nearEnough, dots_.size);
    for (Index i = 0; i < spectrum_.eigenvalues.size(); ++i) {
        const double distance = std::hypot(position.x() - at(i).x(), position.y() - at(i).y());
        if (distance >= nearest) continue;
        nearest = distance;
        found = i;
    }
    return found;
}

void SpectrumLane::paint(QPainter& painter, const EigenvalueAxis& axis) const {
    painter.setPen(QPen(Theme::instance().palette().line, 1));
    painter.drawLine(QPointF(axis.left(), baseLine() + 0.5), QPointF(axis.right(), baseLine() + 0.5));
    paintLimit(painter, axis);
    if (density_) paintDensity(painter, axis);
    paintZeros(painter, axis);
    paintDots(painter, axis);
    if (!isLow()) paintCondition(painter, axis);
    paintHead(painter, axis);
}

void SpectrumLane::paintHead(QPainter& painter, const EigenvalueAxis& axis) const {
    const Palette& colors = Theme::instance().palette();
    QFont strong = Theme::instance().body();
    strong.setWeight(QFont::DemiBold);
    QRectF rest = headRect();
    if (style_.limit && axis.x(*style_.limit) > rest.center().x())
        rest.setRight(std::min(rest.right(), axis.x(*style_.limit) - 4 * gap)); // its label hangs over
    painter.setFont(strong);
    painter.setPen(colors.text);
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter, style_.title);
    rest.setLeft(rest.left() + painter.fontMetrics().horizontalAdvance(style_.title) + 2 * gap);
    painter.setFont(smallNumbers());
    painter.setPen(colors.quiet);
    if (style_.limit) {
        const QString label = tr("limit %1").arg(formatCondition(*style_.limit));
        const qreal width = painter.fontMetrics().horizontalAdvance(label);
        const qreal x =
            std::clamp(axis.x(*style_.limit) - width / 2, rest.left(), headRect().right() - width);
        painter.drawText(QRectF(x, headRect().top(), width + 1, headHeight), Qt::AlignLeft | Qt::AlignVCenter,
                         label);
        rest.setRight(std::min(rest.right(), x - 2 * gap));
    }
    if (isLow()) return;
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(style_.note, Qt::ElideRight,
                                                      static_cast<int>(std::max(0.0, rest.width()))));
}

double SpectrumLane::heightOf(double perDecade) const {
    const double most = std::max(mostPerDecade_, density_->zeros().value);
    return most > 0 ? dotArea().height() * std::log1p(perDecade) / std::log1p(most) : 0;
}

void SpectrumLane::paintDensity(QPainter& painter, const EigenvalueAxis& axis) const {
    const auto branch = [&](double from, double to) {
        if (to - from < 1) return;
        QPolygonF curve{QPointF(from, baseLine())};
        for (double x = from + 0.5; x < to; ++x)
            curve << QPointF(x, baseLine() - heightOf(density_->perDecade(axis.valueAt(x))));
        curve << QPointF(to, baseLine());
        painter.setPen(Qt::NoPen);
        painter.setBrush(faint(style_.color, style_.hollow ? 0.08F : 0.2F));
        painter.drawPolygon(curve);
        painter.setPen(QPen(style_.color, 1.2, style_.hollow ? Qt::DashLine : Qt::SolidLine));
        painter.drawPolyline(curve);
    };
    branch(axis.left(), axis.zeroLeft());
    branch(axis.zeroRight(), axis.right());
}

void SpectrumLane::paintZeros(QPainter& painter, const EigenvalueAxis& axis) const {
    QString number;
    const QRectF zone(QPointF(axis.zeroLeft(), dotArea().top()), QPointF(axis.zeroRight(), baseLine()));
    if (density_) {
        const double count = density_->zeros().value;
        if (!(count > 0)) return;
        const double height = heightOf(count) * (1 - headHeight / dotArea().height());
        painter.setPen(QPen(style_.color, 1.2, style_.hollow ? Qt::DashLine : Qt::SolidLine));
        painter.setBrush(faint(style_.color, style_.hollow ? 0.08F : 0.2F));
        painter.drawRect(
            QRectF(zone.left() + zeroMargin, baseLine() - height, zone.width() - 2 * zeroMargin, height));
        number = QStringLiteral("≈ ") + formatCount(std::llround(count));
    } else {
        if (spectrum_.summary.dropped == 0) return;
        number = formatCount(spectrum_.summary.dropped);
    }
    if (isLow()) return;
    painter.setPen(Theme::instance().palette().quiet);
    painter.setFont(smallNumbers());
    painter.drawText(QRectF(zone.left(), zone.top() - gap, zone.width(), headHeight), Qt::AlignCenter,
                     number);
}

void SpectrumLane::paintDots(QPainter& painter, const EigenvalueAxis& axis) const {
    const QColor warning = Theme::instance().palette().warning;
    const qreal radius = dots_.size / 2;
    const bool rings = style_.hollow && dots_.size > 3;
    for (Index i = 0; i < spectrum_.eigenvalues.size(); ++i) {
        const double lambda = spectrum_.eigenvalues[i];
        const QColor color = style_.limit && lambda > *style_.limit ? warning : style_.color;
        if (spectrum_.errors.size() > 0 && !countsAsZero(i)) { // the residual, as wide as it is
            painter.setPen(QPen(color, 1));
            painter.drawLine(QPointF(axis.x(lambda - spectrum_.errors[i]), at(i).y()),
                             QPointF(axis.x(lambda + spectrum_.errors[i]), at(i).y()));
        }
        painter.setPen(rings ? QPen(color, 1.1) : QPen(Qt::NoPen));
        painter.setBrush(rings ? faint(color, 0.12F) : QBrush(style_.hollow ? faint(color, 0.55F) : color));
        painter.drawEllipse(at(i), radius - (rings ? 0.9 : 0.3), radius - (rings ? 0.9 : 0.3));
    }
}

/// From the smallest eigenvalue that kappa_tau keeps to the largest: on this axis the length of the line is
/// the condition number.
void SpectrumLane::paintCondition(QPainter& painter, const EigenvalueAxis& axis) const {
    const Reading &kappa = spectrum_.summary.kappaTau, &largest = spectrum_.summary.lambdaMax;
    if (!kappa.usable() || !largest.usable()) return;
    const double from = axis.x(largest.value / kappa.value), to = axis.x(largest.value);
    const double y = baseLine() + footHeight / 2;
    painter.setPen(QPen(style_.color, 1.4, style_.hollow ? Qt::DashLine : Qt::SolidLine));
    painter.drawLine(QPointF(from, y), QPointF(to, y));
    painter.setPen(QPen(style_.color, 1.4));
    for (const double end : {from, to})
        painter.drawLine(QPointF(end, y - 4), QPointF(end, y + 4));
    painter.setFont(smallNumbers());
    const QString text = tr("κτ %1").arg(readingText(kappa));
    const qreal width = painter.fontMetrics().horizontalAdvance(text) + 2 * gap;
    QRectF label((from + to - width) / 2, y - footHeight / 2 + 1, width, footHeight - 2);
    if (width > to - from - 4 * gap) label.moveLeft(to + gap);
    if (label.right() > rect_.right()) label.moveRight(from - gap);
    painter.fillRect(label, Theme::instance().palette().panel);
    painter.setPen(style_.hollow ? Theme::instance().palette().quiet : style_.color);
    painter.drawText(label, Qt::AlignCenter, text);
}

void SpectrumLane::paintLimit(QPainter& painter, const EigenvalueAxis& axis) const {
    if (!style_.limit) return;
    const double x = std::round(axis.x(*style_.limit)) + 0.5;
    painter.setPen(QPen(Theme::instance().palette().quiet, 1, Qt::DashLine));
    painter.drawLine(QPointF(x, headRect().bottom() - 2), QPointF(x, baseLine()));
}

QString SpectrumLane::textAt(const QPointF& position, const EigenvalueAxis& axis) const {
    if (!rect_.contains(position)) return {};
    const SpectrumSummary& summary = spectrum_.summary;
    const QString name = style_.title.section(u' ', 0, 0);
    if (headRect().contains(position)) {
        if (style_.limit && std::abs(position.x() - axis.x(*style_.limit)) < 12 * gap)
            return tr("%1\n%2").arg(formatNumber(*style_.limit), quantityDefinition("stability_limit"));
        return style_.title + QStringLiteral("\n") + style_.note;
    }
    if (position.y() > baseLine() && summary.kappaTau.usable())
        return tr("κτ of %1: %2\n%3\nThe line goes from the smallest eigenvalue that counts to the largest; "
                  "%4 "
                  "of %5 are left out (τ = %6).")
            .arg(name, readingText(summary.kappaTau), quantityDefinition("kappa_tau"),
                 formatCount(summary.dropped), formatCount(summary.size), formatNumber(summary.tau));
    if (position.x() >= axis.zeroLeft() && position.x() <= axis.zeroRight()) {
        const QString count = density_ ? tr("about %1 ± %2 (estimate)")
                                             .arg(formatNumber(std::round(density_->zeros().value)),
                                                  formatNumber(density_->zeros().error, 2))
                                       : formatCount(summary.dropped);
        return tr("%1 of %2 eigenvalues of %3 count as zero:\nwithin ±τ λmax = ±%4 (τ = %5)")
            .arg(count, formatCount(summary.size), name, formatNumber(band_, 2), formatNumber(summary.tau));
    }
    if (!density_) return {};
    const double value = axis.valueAt(position.x());
    return tr("near %1: about %2 eigenvalues of %3 a decade\nestimated from %4 random vectors; the height is "
              "logarithmic")
        .arg(formatNumber(value, 2), formatNumber(density_->perDecade(value), 2), name,
             formatCount(static_cast<qint64>(spectrum_.density.samples.size())));
}

} // namespace kappascope::ui
