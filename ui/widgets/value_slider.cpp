// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/value_slider.h"

#include "ui/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QSlider>
#include <QStyle>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr int positions = 1000;
constexpr int longestText = 7; ///< characters that the field has room for: "0.00001"

/// Rounded to three significant digits: what a slider gives is meant to be read.
double readable(double value) {
    return QString::number(value, 'g', 3).toDouble();
}

void setRefused(QLineEdit& field, bool refused) {
    if (field.property("refused").toBool() == refused) return;
    field.setProperty("refused", refused);
    field.style()->unpolish(&field);
    field.style()->polish(&field);
}

} // namespace

ValueSlider::ValueSlider(const Range& range, QWidget* parent)
    : QWidget(parent), range_(range), slider_(new QSlider(Qt::Horizontal, this)),
      field_(new QLineEdit(this)) {
    slider_->setRange(0, positions);
    slider_->setSingleStep(1);
    slider_->setPageStep(positions / 20);
    slider_->setFocusPolicy(Qt::StrongFocus);
    slider_->setMinimumWidth(48);
    slider_->installEventFilter(this);
    field_->setProperty("look", "plain");
    field_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(slider_, 1);
    row->addWidget(field_);
    setFocusProxy(slider_);
    connect(slider_, &QSlider::valueChanged, this, &ValueSlider::sliderMoved);
    connect(slider_, &QSlider::sliderReleased, this, &ValueSlider::editingFinished);
    connect(field_, &QLineEdit::editingFinished, this, &ValueSlider::entered);
    connect(field_, &QLineEdit::textEdited, this, [this] { setRefused(*field_, false); });
    connect(&Theme::instance(), &Theme::changed, this, &ValueSlider::sizeField);
    sizeField();
    value_ = std::clamp(range_.minimum, range_.lowest, range_.highest);
    show(value_);
}

void ValueSlider::setName(const QString& name, const QString& help) {
    slider_->setAccessibleName(name);
    field_->setAccessibleName(name);
    setToolTip(help);
}

void ValueSlider::setRange(const Range& range) {
    range_ = range;
    sizeField();
    setValue(value_);
}

void ValueSlider::setValue(double value) {
    if (!std::isfinite(value)) return;
    value_ = std::clamp(range_.integer ? std::round(value) : value, range_.lowest, range_.highest);
    show(value_);
}

void ValueSlider::show(double value) {
    const QSignalBlocker quiet(slider_);
    // What the hand holds must not be moved by rounding.
    if (!slider_->isSliderDown()) slider_->setValue(positionOf(value));
    if (!field_->isModified() || !field_->hasFocus()) {
        field_->setText(textOf(value));
        setRefused(*field_, false);
    }
}

double ValueSlider::valueAt(int position) const {
    const double t = double(position) / positions;
    if (position == 0) return range_.minimum;
    if (position == positions) return range_.maximum;
    double value = range_.minimum + t * (range_.maximum - range_.minimum);
    if (range_.logarithmic) value = range_.minimum * std::pow(range_.maximum / range_.minimum, t);
    value = range_.integer ? std::round(value) : readable(value);
    return std::clamp(value, range_.minimum, range_.maximum);
}

int ValueSlider::positionOf(double value) const {
    const double within = std::clamp(value, range_.minimum, range_.maximum);
    const double span = range_.maximum - range_.minimum;
    double t = span > 0 ? (within - range_.minimum) / span : 0;
    if (range_.logarithmic) t = std::log(within / range_.minimum) / std::log(range_.maximum / range_.minimum);
    return int(std::lround(t * positions));
}

QString ValueSlider::textOf(double value) const {
    if (range_.integer) return formatCount(qint64(value)) + range_.suffix;
    // A short number as it was typed; a long one, as 1/3 is, to the four digits that the window shows.
    const QString whole = QString::number(value, 'g', 10);
    return (whole.size() <= longestText ? whole : QString::number(value, 'g', 4)) + range_.suffix;
}

void ValueSlider::sliderMoved(int position) {
    double value = valueAt(position);
    // On a coarse integer range a key press may round back to where it came from: move on by one.
    if (range_.integer && value == value_ && !slider_->isSliderDown())
        value = std::clamp(value + (position > positionOf(value_) ? 1 : -1), range_.minimum, range_.maximum);
    if (value == value_) return;
    value_ = value;
    field_->setModified(false);
    show(value);
    emit valueChanged(value);
}

void ValueSlider::entered() {
    if (!field_->isModified()) return;
    QString text = field_->text().remove(u',').remove(u' ');
    if (!range_.suffix.isEmpty()) text.remove(range_.suffix);
    bool isNumber = false;
    const double value = text.toDouble(&isNumber);
    const bool allowed = isNumber && value >= range_.lowest && value <= range_.highest;
    setRefused(*field_, !allowed);
    if (!allowed) {
        field_->setToolTip(
            tr("A number from %1 to %2").arg(formatNumber(range_.lowest), formatNumber(range_.highest)));
        return;
    }
    field_->setModified(false);
    field_->setToolTip({});
    const double before = value_;
    setValue(value);
    if (value_ != before) emit valueChanged(value_);
    emit editingFinished();
}

void ValueSlider::sizeField() {
    field_->setFont(Theme::instance().numbers());
    // The same room wherever it suffices, so that the sliders of a form end in one line.
    const QFontMetrics metrics = field_->fontMetrics();
    const int usual = metrics.horizontalAdvance(QStringLiteral("0.00001"));
    field_->setFixedWidth(std::max(usual, metrics.horizontalAdvance(textOf(range_.maximum))) + 12);
}

bool ValueSlider::eventFilter(QObject* watched, QEvent* event) {
    if (watched == slider_ && event->type() == QEvent::Wheel && !slider_->hasFocus()) {
        event->ignore(); // the form scrolls
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace kappascope::ui
