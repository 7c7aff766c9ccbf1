// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/method_row.h"

namespace kappascope::ui {

MethodRow::MethodRow(FormSection& section, Session& session, const QString& name,
                     std::function<MethodSpec&(Experiment&)> spec, Find find)
    : QObject(&section), session_(session), name_(name), spec_(std::move(spec)), find_(std::move(find)),
      box_(new FormCombo(&section)), form_(new ParameterForm(&section)) {
    box_->setAccessibleName(name);
    section.addCompactRow(name, box_);
    section.addWide(form_);
    connect(box_, &QComboBox::activated, this, &MethodRow::chooseMember);
    connect(form_, &ParameterForm::changed, this, &MethodRow::changeParameter);
    connect(&session_, &Session::experimentChanged, this, &MethodRow::refresh);
}

MethodSpec MethodRow::present() const {
    Experiment copy = session_.experiment();
    return spec_(copy);
}

void MethodRow::refresh() {
    const MethodSpec spec = present();
    box_->setCurrentIndex(box_->findData(QString::fromStdString(spec.method)));
    const Description* description = find_(spec.method);
    box_->setToolTip(description ? QString::fromStdString(description->help) : QString());
    form_->setParameters(description ? description->parameters : std::vector<Parameter>{});
    form_->setValues(spec.parameters);
}

void MethodRow::chooseMember(int index) {
    const Description* description = find_(box_->itemData(index).toString().toStdString());
    const Description* before = find_(present().method);
    if (!description) return refresh();
    const QString text = tr("%1 %2 → %3")
                             .arg(name_.toLower(), before ? QString::fromStdString(before->label) : QString(),
                                  QString::fromStdString(description->label));
    session_.change(text, [&](Experiment& after) {
        spec_(after) = {description->key, Parameters(*description)};
    });
    refresh();
}

void MethodRow::changeParameter(const QString& key, const ParameterValue& value) {
    const MethodSpec spec = present();
    const auto before = spec.parameters.values().find(key.toStdString());
    const QString text =
        tr("%1 %2 → %3")
            .arg(key, before == spec.parameters.values().end() ? QString() : valueText(before->second),
                 valueText(value));
    session_.change(
        text, [&](Experiment& after) { spec_(after).parameters.set(key.toStdString(), value); },
        name_ + QLatin1Char('/') + key);
    refresh();
}

} // namespace kappascope::ui
