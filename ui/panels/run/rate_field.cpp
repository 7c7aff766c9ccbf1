// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/rate_field.h"

#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QLocale>
#include <QWheelEvent>
#include <array>
#include <cmath>
#include <optional>

namespace kappascope::ui {

namespace {

constexpr std::array<double, 6> nice{1, 1.5, 2, 3, 5, 7};
constexpr double same = 1e-9; // relative: a typed 0.3 is the 0.3 of the series

/// In the user's locale or with a dot.
std::optional<double> read(const QString& text) {
    bool ok = false;
    double value = QLocale::c().toDouble(text.trimmed(), &ok);
    if (!ok) value = QLocale().toDouble(text.trimmed(), &ok);
    return ok && std::isfinite(value) && value > 0 ? std::optional(value) : std::nullopt;
}

double nextAbove(double rate) {
    const double decade = std::pow(10.0, std::floor(std::log10(rate) + same));
    for (const double step : nice)
        if (step * decade > rate * (1 + same)) return step * decade;
    return 10 * decade;
}

double nextBelow(double rate) {
    const double decade = std::pow(10.0, std::floor(std::log10(rate) + same));
    for (auto step = nice.rbegin(); step != nice.rend(); ++step)
        if (*step * decade < rate * (1 - same)) return *step * decade;
    return nice.back() * decade / 10;
}

/// Without the digits that powers of ten leave behind.
double rounded(double rate) {
    return QString::number(rate, 'g', 10).toDouble();
}

} // namespace

double nearbyRate(double rate, int steps) {
    if (!(rate > 0)) return steps > 0 ? 1e-6 : 0;
    for (; steps > 0; --steps)
        rate = nextAbove(rate);
    for (; steps < 0; ++steps)
        rate = nextBelow(rate);
    return rounded(rate);
}

QString rateText(double rate) {
    QString text = QString::number(rate, 'g', 4);
    return text.replace(QStringLiteral("e-0"), QStringLiteral("e-"));
}

RateField::RateField(QWidget* parent) : QLineEdit(parent) {
    setProperty("look", "plain");
    setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setAccessibleName(tr("Learning rate"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(this, &QLineEdit::returnPressed, this, &RateField::enter);
    connect(this, &QLineEdit::textEdited, this, [this](const QString& typed) {
        setProperty("refused", !typed.trimmed().isEmpty() && !read(typed));
        restyle();
    });
    connect(&Theme::instance(), &Theme::changed, this, &RateField::restyle);
    display();
}

void RateField::setRate(double rate, bool own) {
    if (rate == rate_ && own == own_) return;
    rate_ = rate;
    own_ = own;
    if (!hasFocus() || !isModified()) display();
}

QSize RateField::sizeHint() const {
    const QFontMetrics metrics(Theme::instance().numbers());
    const int digits = metrics.horizontalAdvance(text().size() > 5 ? text() : QStringLiteral("0.000"));
    return {digits + 10, metrics.height() + 6};
}

void RateField::display() {
    setText(rateText(rate_));
    setModified(false);
    setProperty("refused", false);
    setToolTip(own_ ? tr("Learning rate of this run\nArrow keys and wheel move it; empty: the base rate")
                    : tr("Learning rate: the experiment's base rate\nType another one for this run alone"));
    updateGeometry();
    restyle();
}

void RateField::restyle() {
    setFont(Theme::instance().numbers());
    const Palette& colors = Theme::instance().palette();
    const bool refused = property("refused").toBool();
    const QColor& color = refused ? colors.warning : own_ ? colors.text : colors.quiet;
    const QString sheet = QStringLiteral("QLineEdit { color: %1 }").arg(color.name());
    if (styleSheet() != sheet) setStyleSheet(sheet);
}

void RateField::take(double rate) {
    setModified(false);
    if (rate != rate_ || !own_) emit rateEntered(rate);
    display();
}

void RateField::enter() {
    if (text().trimmed().isEmpty()) {
        setModified(false);
        emit baseRateWanted();
        display();
        return;
    }
    // What is shown is rounded: only a text that was edited is another rate.
    if (!isModified()) return;
    if (const auto value = read(text()); value)
        take(*value);
    else
        display();
}

void RateField::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Up:
        return take(nearbyRate(rate_, 1));
    case Qt::Key_Down:
        return take(nearbyRate(rate_, -1));
    case Qt::Key_PageUp:
        return take(rounded(10 * rate_));
    case Qt::Key_PageDown:
        return take(rounded(rate_ / 10));
    case Qt::Key_Escape:
        return display();
    default:
        QLineEdit::keyPressEvent(event);
    }
}

void RateField::wheelEvent(QWheelEvent* event) {
    if (!hasFocus() || event->angleDelta().y() == 0) {
        event->ignore();
        return;
    }
    take(nearbyRate(rate_, event->angleDelta().y() > 0 ? 1 : -1));
    event->accept();
}

void RateField::focusOutEvent(QFocusEvent* event) {
    enter();
    QLineEdit::focusOutEvent(event);
}

} // namespace kappascope::ui
