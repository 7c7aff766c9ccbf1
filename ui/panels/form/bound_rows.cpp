// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/bound_rows.h"

#include "ui/panels/form/form_combo.h"
#include "ui/panels/form/form_section.h"
#include "ui/panels/form/parameter_form.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/switch_button.h"

#include <QLineEdit>
#include <cmath>

namespace kappascope::ui {

namespace {

QString changeText(const QString& name, const QString& before, const QString& after) {
    return QStringLiteral("%1 %2 → %3").arg(name.toLower(), before, after);
}

/// Calls `show` now and whenever the experiment has changed, as long as `control` lives.
template<class Show>
void keepShown(Session& session, QWidget* control, Show show) {
    QObject::connect(&session, &Session::experimentChanged, control, show);
    show();
}

/// One undoable change; whatever comes of it, the control shows what is in force.
template<class T, class Show>
void enter(Session& session, const Binding<T>& binding, const T& value, const QString& text,
           const QString& mergeKey, Show show) {
    Experiment after = session.experiment();
    binding.set(after, value);
    session.edit(text, std::move(after), mergeKey);
    show();
}

double numberOf(const QString& text, bool* isNumber) {
    return QString(text).remove(QLatin1Char(',')).trimmed().toDouble(isNumber);
}

} // namespace

ValueSlider* addNumberRow(FormSection& section, Session& session, const Binding<double>& binding,
                          const ValueSlider::Range& range) {
    auto* slider = new ValueSlider(range, &section);
    slider->setName(binding.name, binding.about);
    section.addRow(binding.name, slider, binding.about);
    const auto show = [&session, slider, binding] { slider->setValue(binding.get(session.experiment())); };
    QObject::connect(slider, &ValueSlider::valueChanged, &session, [&session, binding, show](double value) {
        const QString text =
            changeText(binding.name, formatNumber(binding.get(session.experiment())), formatNumber(value));
        enter(session, binding, value, text, QStringLiteral("form/") + binding.name, show);
    });
    keepShown(session, slider, show);
    return slider;
}

SwitchButton* addSwitchRow(FormSection& section, Session& session, const Binding<bool>& binding) {
    auto* toggle = new SwitchButton({}, &section);
    section.addCompactRow(binding.name, toggle, binding.about);
    const auto show = [&session, toggle, binding] { toggle->setChecked(binding.get(session.experiment())); };
    QObject::connect(toggle, &SwitchButton::clicked, &session, [&session, binding, show](bool on) {
        const QString text = QStringLiteral("%1 %2").arg(binding.name.toLower(), valueText(on));
        enter(session, binding, on, text, {}, show);
    });
    keepShown(session, toggle, show);
    return toggle;
}

QLineEdit* addListRow(FormSection& section, Session& session, const Binding<std::vector<double>>& binding,
                      const QString& empty) {
    auto* field = new QLineEdit(&section);
    field->setFont(Theme::instance().numbers());
    field->setPlaceholderText(empty);
    section.addRow(binding.name, field, binding.about);
    const auto show = [&session, field, binding] {
        if (!field->hasFocus() || !field->isModified())
            field->setText(listText(binding.get(session.experiment())));
    };
    QObject::connect(field, &QLineEdit::editingFinished, &session, [&session, binding, field, show] {
        if (!field->isModified()) return;
        field->setModified(false);
        const auto numbers = readList(field->text());
        if (!numbers) return show();
        const QString text =
            changeText(binding.name, valueText(binding.get(session.experiment())), valueText(*numbers));
        enter(session, binding, *numbers, text, {}, show);
    });
    keepShown(session, field, show);
    return field;
}

QLineEdit* addFieldRow(FormSection& section, Session& session, const Binding<double>& binding, bool integer,
                       const QString& zero) {
    auto* field = new QLineEdit(&section);
    field->setFont(Theme::instance().numbers());
    field->setAlignment(Qt::AlignRight);
    field->setFixedWidth(84);
    field->setPlaceholderText(zero);
    section.addCompactRow(binding.name, field, binding.about);
    const auto textOf = [integer, zero](double value) -> QString {
        if (value == 0 && !zero.isEmpty()) return {};
        return integer ? formatCount(std::llround(value)) : QString::number(value, 'g', 10);
    };
    const auto show = [&session, field, binding, textOf] {
        if (!field->hasFocus() || !field->isModified())
            field->setText(textOf(binding.get(session.experiment())));
    };
    QObject::connect(field, &QLineEdit::editingFinished, &session, [=, &session] {
        if (!field->isModified()) return;
        field->setModified(false);
        bool isNumber = field->text().trimmed().isEmpty() && !zero.isEmpty();
        const double value = isNumber ? 0 : numberOf(field->text(), &isNumber);
        if (!isNumber || (integer && value != std::floor(value))) return show();
        const auto named = [&](double x) { return x == 0 && !zero.isEmpty() ? zero : formatNumber(x); };
        const QString text = changeText(binding.name, named(binding.get(session.experiment())), named(value));
        enter(session, binding, value, text, {}, show);
    });
    keepShown(session, field, show);
    return field;
}

FormCombo* addChoiceRow(FormSection& section, Session& session, const Binding<std::string>& binding,
                        const std::vector<std::pair<QString, std::string>>& choices) {
    auto* box = new FormCombo(&section);
    for (const auto& [text, key] : choices)
        box->addItem(text, QString::fromStdString(key));
    section.addCompactRow(binding.name, box, binding.about);
    const auto show = [&session, box, binding] {
        box->setCurrentIndex(box->findData(QString::fromStdString(binding.get(session.experiment()))));
    };
    QObject::connect(box, &QComboBox::activated, &session, [&session, binding, box, show](int index) {
        const auto key = box->itemData(index).toString().toStdString();
        const int before = box->findData(QString::fromStdString(binding.get(session.experiment())));
        enter(session, binding, key, changeText(binding.name, box->itemText(before), box->itemText(index)),
              {}, show);
    });
    keepShown(session, box, show);
    return box;
}

} // namespace kappascope::ui
