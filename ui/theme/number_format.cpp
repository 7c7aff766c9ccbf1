// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QLocale>
#include <cmath>

namespace kappascope::ui {

namespace {

const QString nothing = QStringLiteral("\u2014"); // em dash

/// The grouping of the user's locale would change with the machine; figures and readouts shall not.
QString grouped(const QString& digits) {
    QString text = digits;
    const qsizetype point = text.indexOf(u'.');
    const qsizetype first = text.startsWith(u'-') ? 1 : 0;
    for (qsizetype at = (point < 0 ? text.size() : point) - 3; at > first; at -= 3)
        text.insert(at, u',');
    return text;
}

/// "1.300e+06" -> "1.3e6"
QString exponential(double value, int significant) {
    QString text = QString::number(value, 'e', significant - 1);
    const qsizetype e = text.indexOf(u'e');
    QString mantissa = text.left(e);
    while (mantissa.endsWith(u'0'))
        mantissa.chop(1);
    if (mantissa.endsWith(u'.')) mantissa.chop(1);
    return mantissa + u'e' + QString::number(text.mid(e + 1).toInt());
}

} // namespace

QString formatNumber(double value, int significant) {
    if (std::isnan(value)) return nothing;
    if (std::isinf(value)) return value > 0 ? QStringLiteral("\u221e") : QStringLiteral("-\u221e");
    if (value == 0) return QStringLiteral("0");
    const double size = std::abs(value);
    if (size >= 1e6 || size < 1e-3) return exponential(value, significant);
    const bool whole = value == std::floor(value);
    if (whole) return grouped(QString::number(value, 'f', 0));
    // The exponent after rounding: 0.99999 is 1.000, not 1.0000.
    const int exponent = QString::number(size, 'e', significant - 1).section(u'e', 1).toInt();
    const int decimals = std::max(0, significant - 1 - exponent);
    return grouped(QString::number(value, 'f', decimals));
}

QString formatCondition(double kappa, int significant) {
    return std::isfinite(kappa) && std::abs(kappa) >= 1e4 ? exponential(kappa, significant)
                                                          : formatNumber(kappa, significant);
}

QString formatCount(qint64 value) {
    return grouped(QString::number(value));
}

QString formatShare(double share) {
    if (!std::isfinite(share)) return nothing;
    const double percent = 100 * share;
    if (percent >= 100 || percent <= 0) return QString::number(percent, 'f', 0) + QStringLiteral(" %");
    // 99.96 % is not 100 %: what is not whole never rounds up to the whole.
    const double shown = std::min(std::round(percent * 10) / 10, 99.9);
    return QString::number(shown, 'f', 1) + QStringLiteral(" %");
}

} // namespace kappascope::ui
