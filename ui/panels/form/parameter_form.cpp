// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/parameter_form.h"

#include "ui/panels/form/form_combo.h"
#include "ui/theme/theme.h"
#include "ui/widgets/switch_button.h"
#include "ui/widgets/value_slider.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QStyle>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr int labelWidth = 74;
constexpr double decadesOfSlider = 8; ///< below the maximum, where a range starts at 0

/// The slider's part of a parameter's range; the field accepts all of it.
ValueSlider::Range rangeOf(const Parameter& parameter) {
    ValueSlider::Range range;
    range.minimum = parameter.minimum;
    range.maximum = parameter.maximum;
    range.integer = parameter.kind == Parameter::Kind::Integer;
    range.lowest = parameter.minimumAllowed ? parameter.minimum : std::nextafter(parameter.minimum, HUGE_VAL);
    range.highest =
        parameter.maximumAllowed ? parameter.maximum : std::nextafter(parameter.maximum, -HUGE_VAL);
    range.logarithmic = parameter.logarithmic;
    if (range.logarithmic && range.minimum <= 0)
        range.minimum = range.integer ? 1 : range.maximum * std::pow(10.0, -decadesOfSlider);
    return range;
}

void setRefused(QLineEdit& field, bool refused) {
    field.setProperty("refused", refused);
    field.style()->unpolish(&field); // the style sheet looks at properties only then
    field.style()->polish(&field);
}

QString labelOf(const std::string& text) {
    return QString::fromStdString(text);
}

/// What a field's text says of a list, an extent or a text; nothing where it cannot be taken.
std::optional<ParameterValue> fieldValue(const Parameter& parameter, const QString& text) {
    if (parameter.kind == Parameter::Kind::Numbers) return readList(text);
    if (parameter.kind == Parameter::Kind::Text) return text.toStdString();
    const std::optional<Extent> extent = readExtent(text);
    if (!extent) return std::nullopt;
    const auto inRange = [&parameter](std::int64_t side) {
        const auto number = static_cast<double>(side);
        return number >= parameter.minimum && number <= parameter.maximum;
    };
    return inRange(extent->height) && inRange(extent->width) ? std::optional<ParameterValue>(*extent)
                                                             : std::nullopt;
}

/// The text of one that nobody has touched.
QString fieldText(const ParameterValue& value) {
    if (const auto* list = std::get_if<std::vector<double>>(&value)) return listText(*list);
    return std::holds_alternative<Extent>(value) ? valueText(value)
                                                 : QString::fromStdString(std::get<std::string>(value));
}

} // namespace

QString listText(const std::vector<double>& numbers) {
    QStringList parts;
    for (const double number : numbers)
        parts << QString::number(number, 'g', 10);
    return parts.join(QStringLiteral(", "));
}

std::optional<std::vector<double>> readList(const QString& text) {
    static const QRegularExpression separators(QStringLiteral("[,;\\s]+"));
    std::vector<double> numbers;
    for (const QString& part : text.split(separators, Qt::SkipEmptyParts)) {
        bool isNumber = false;
        numbers.push_back(part.toDouble(&isNumber));
        if (!isNumber) return std::nullopt;
    }
    return numbers;
}

std::optional<Extent> readExtent(const QString& text) {
    static const QRegularExpression form(
        QStringLiteral("^\\s*(\\d{1,9})(?:\\s*[x×X*,;\\s]\\s*(\\d{1,9}))?\\s*$"));
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch()) return std::nullopt;
    const std::int64_t height = match.captured(1).toLongLong();
    return match.captured(2).isEmpty() ? Extent::square(height)
                                       : Extent{height, match.captured(2).toLongLong()};
}

QString valueText(const ParameterValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? QObject::tr("on") : QObject::tr("off");
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return formatCount(*integer);
    if (const auto* real = std::get_if<double>(&value)) return formatNumber(*real);
    if (const auto* text = std::get_if<std::string>(&value)) return QString::fromStdString(*text);
    if (const auto* extent = std::get_if<Extent>(&value))
        return QString::fromStdString(extent->text()).replace(QLatin1Char('x'), QChar(0xD7));
    const QString list = listText(std::get<std::vector<double>>(value));
    return list.isEmpty() ? QObject::tr("none") : list;
}

ParameterForm::ParameterForm(QWidget* parent) : QWidget(parent), grid_(new QGridLayout(this)) {
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(8);
    grid_->setVerticalSpacing(4);
    grid_->setColumnMinimumWidth(0, labelWidth);
    grid_->setColumnStretch(1, 1);
    hide();
}

void ParameterForm::setParameters(const std::vector<Parameter>& parameters, const QStringList& without) {
    std::vector<Parameter> shown;
    QStringList keys;
    for (const Parameter& parameter : parameters) {
        const QString key = QString::fromStdString(parameter.key);
        if (without.contains(key)) continue;
        shown.push_back(parameter);
        keys << key + QLatin1Char('/') + QString::fromStdString(parameter.expected());
    }
    if (keys == keys_) return;
    keys_ = keys;
    rows_.clear();
    while (QLayoutItem* item = grid_->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // one of them may be the sender
        delete item;
    }
    for (const Parameter& parameter : shown)
        addRow(parameter);
    setVisible(!rows_.empty());
}

void ParameterForm::setValues(const Parameters& values) {
    for (const Row& row : rows_) {
        const auto found = values.values().find(row.parameter.key);
        row.show(found == values.values().end() ? row.parameter.standard : found->second);
    }
}

QWidget* ParameterForm::control(const QString& key) const {
    for (const Row& row : rows_)
        if (row.parameter.key == key.toStdString()) return row.control;
    return nullptr;
}

void ParameterForm::addRow(const Parameter& parameter) {
    Row row;
    switch (parameter.kind) {
    case Parameter::Kind::Integer:
    case Parameter::Kind::Real:
        row = makeSlider(parameter);
        break;
    case Parameter::Kind::Choice:
        row = makeChoice(parameter);
        break;
    case Parameter::Kind::Flag:
        row = makeFlag(parameter);
        break;
    case Parameter::Kind::Numbers:
    case Parameter::Kind::Text:
    case Parameter::Kind::Extent:
        row = makeField(parameter);
        break;
    }
    QString help = QString::fromStdString(parameter.help);
    if (parameter.kind == Parameter::Kind::Extent)
        help += tr("\nOne number, or two: height × width, such as 3 x 5.");
    row.control->setObjectName(QString::fromStdString(parameter.key));
    row.control->setToolTip(help);
    row.control->setAccessibleName(labelOf(parameter.label));
    row.show(parameter.standard);
    auto* label = new QLabel(labelOf(parameter.label), this);
    label->setToolTip(help);
    label->setBuddy(row.control);
    // A long name takes two lines, so that the controls of all rows stay as wide as the others.
    label->setWordWrap(label->sizeHint().width() > labelWidth);
    const int line = static_cast<int>(rows_.size());
    grid_->addWidget(label, line, 0);
    grid_->addWidget(row.control, line, 1);
    rows_.push_back(std::move(row));
}

ParameterForm::Row ParameterForm::makeSlider(const Parameter& parameter) {
    auto* slider = new ValueSlider(rangeOf(parameter), this);
    slider->setName(labelOf(parameter.label), QString::fromStdString(parameter.help));
    const QString key = QString::fromStdString(parameter.key);
    const bool integer = parameter.kind == Parameter::Kind::Integer;
    connect(slider, &ValueSlider::valueChanged, this, [this, key, integer](double value) {
        emit changed(key,
                     integer ? ParameterValue(std::int64_t(std::llround(value))) : ParameterValue(value));
    });
    return {parameter, slider, [slider, integer](const ParameterValue& value) {
                slider->setValue(integer ? static_cast<double>(std::get<std::int64_t>(value))
                                         : std::get<double>(value));
            }};
}

ParameterForm::Row ParameterForm::makeChoice(const Parameter& parameter) {
    auto* box = new FormCombo(this);
    for (const std::string& choice : parameter.choices)
        box->addItem(QString::fromStdString(choice).replace(QLatin1Char('_'), QLatin1Char(' ')),
                     QString::fromStdString(choice));
    const QString key = QString::fromStdString(parameter.key);
    connect(box, &QComboBox::activated, this, [this, key, box](int index) {
        emit changed(key, box->itemData(index).toString().toStdString());
    });
    return {parameter, box, [box](const ParameterValue& value) {
                box->setCurrentIndex(box->findData(QString::fromStdString(std::get<std::string>(value))));
            }};
}

ParameterForm::Row ParameterForm::makeFlag(const Parameter& parameter) {
    auto* toggle = new SwitchButton({}, this);
    const QString key = QString::fromStdString(parameter.key);
    connect(toggle, &SwitchButton::clicked, this, [this, key](bool on) { emit changed(key, on); });
    return {parameter, toggle,
            [toggle](const ParameterValue& value) { toggle->setChecked(std::get<bool>(value)); }};
}

ParameterForm::Row ParameterForm::makeField(const Parameter& parameter) {
    auto* field = new QLineEdit(this);
    field->setFont(Theme::instance().numbers());
    const QString key = QString::fromStdString(parameter.key);
    if (parameter.kind == Parameter::Kind::Numbers &&
        std::get<std::vector<double>>(parameter.standard).empty())
        field->setPlaceholderText(tr("as they are"));
    connect(field, &QLineEdit::editingFinished, this, [this, key, field, parameter] {
        if (!field->isModified()) return;
        const std::optional<ParameterValue> value = fieldValue(parameter, field->text());
        setRefused(*field, !value);
        if (!value) return; // stays to be mended
        field->setModified(false);
        emit changed(key, *value);
    });
    return {parameter, field, [field](const ParameterValue& value) {
                if (field->hasFocus() && field->isModified()) return;
                field->setText(fieldText(value));
            }};
}

} // namespace kappascope::ui
