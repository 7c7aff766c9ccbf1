// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_ticker.h"

#include <cmath>

namespace kappascope::ui {

namespace {

constexpr double decadesForPowers = 1.7; ///< at least two powers of ten in sight, mostly three
constexpr double decadesForDigits = 0.4; ///< below: evenly spaced ticks read better

/// The smallest of 1, 2, 5 times a power of ten that is at least `size`.
double roundStep(double size) {
    const double power = std::pow(10, std::floor(std::log10(size)));
    for (const double digit : {1.0, 2.0, 5.0})
        if (digit * power >= size * (1 - 1e-9)) return digit * power;
    return 10 * power;
}

/// Shortest text without trailing zeros: "0.25", "2e-5".
QString shortest(double value) {
    const double size = std::abs(value);
    if (size != 0 && (size >= 1e5 || size < 1e-4)) {
        const int exponent = int(std::floor(std::log10(size) + 1e-9));
        const double digits = value / std::pow(10, exponent);
        return QString::number(digits, 'g', 4) + u'e' + QString::number(exponent);
    }
    return QString::number(value, 'g', 6);
}

QString thousands(double value, double largest) {
    if (largest >= 1e9) return QString::number(value / 1e9, 'g', 6) + u'G';
    if (largest >= 1e6) return QString::number(value / 1e6, 'g', 6) + u'M';
    if (largest >= 1e4) return QString::number(value / 1e3, 'g', 6) + u'k';
    return QString::number(value, 'g', 6);
}

} // namespace

QString tickLabel(double value, double step, bool counts, double largest) {
    if (value == 0) return QStringLiteral("0");
    if (counts && std::abs(value) >= 1e-4) return thousands(value, step > 0 ? largest : std::abs(value));
    const double size = std::abs(value);
    if (step > 0 && size < 1e5 && size >= 1e-4 && step >= 1e-6) {
        const int decimals = std::max(0, -int(std::floor(std::log10(step) + 1e-9)));
        return QString::number(value, 'f', decimals);
    }
    return shortest(value);
}

QVector<double> PlotTicker::linearTicks(const QCPRange& range) const {
    QVector<double> ticks;
    const double span = range.size();
    if (!(span > 0) || !std::isfinite(span)) return ticks;
    double step = roundStep(span / most_);
    if (counts_ && step < 1 && range.upper > 4) step = 1;
    // Where the step is lost in the numbers' rounding, there is nothing to label.
    if (step <= 1e-14 * std::max(std::abs(range.lower), std::abs(range.upper))) return ticks;
    const double first = std::ceil(range.lower / step - 1e-9), last = std::floor(range.upper / step + 1e-9);
    for (double i = first; i <= last; ++i)
        ticks << (i == 0 ? 0 : i * step);
    return ticks;
}

QVector<double> PlotTicker::logarithmicTicks(const QCPRange& range) const {
    QVector<double> ticks;
    const double low = std::log10(range.lower), high = std::log10(range.upper);
    if (high - low >= decadesForPowers) {
        const int stride = std::max(1, int(std::ceil((high - low) / most_ - 1e-9)));
        for (int k = int(std::ceil(low / stride - 1e-9)) * stride; k <= high + 1e-9; k += stride)
            ticks << std::pow(10, k);
        return ticks;
    }
    const bool few = (high - low) * 3 <= most_;
    const QVector<double> digits = few ? QVector<double>{1, 2, 3, 5, 7} : QVector<double>{1, 2, 5};
    for (int k = int(std::floor(low)); k <= high; ++k)
        for (const double digit : digits)
            if (const double tick = digit * std::pow(10, k);
                tick >= range.lower * (1 - 1e-9) && tick <= range.upper * (1 + 1e-9))
                ticks << tick;
    return ticks;
}

void PlotTicker::generate(const QCPRange& range, const QLocale&, QChar, int, QVector<double>& ticks,
                          QVector<double>* subTicks, QVector<QString>* tickLabels) {
    const bool byPowers =
        logarithmic_ && range.lower > 0 && std::log10(range.upper / range.lower) >= decadesForDigits;
    ticks = byPowers ? logarithmicTicks(range) : linearTicks(range);
    if (subTicks) subTicks->clear();
    if (!tickLabels) return;
    tickLabels->clear();
    const double step = byPowers || ticks.size() < 2 ? 0 : ticks[1] - ticks[0];
    const bool powersOnly = byPowers && std::log10(range.upper / range.lower) >= decadesForPowers;
    for (const double tick : std::as_const(ticks))
        *tickLabels << (powersOnly && !counts_
                            ? u'1' + QStringLiteral("e%1").arg(std::lround(std::log10(tick)))
                            : tickLabel(tick, step, counts_, std::abs(range.upper)));
}

} // namespace kappascope::ui
