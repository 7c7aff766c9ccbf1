// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"
#include "ui/widgets/value_slider.h"

#include <QString>
#include <functional>
#include <vector>

class QLineEdit;

namespace kappascope::ui {

class FormCombo;
class FormSection;
class Session;
class SwitchButton;

/// Rows of a form that are bound to one value of the session's experiment: they show it, and editing them is
/// one undoable change named "label before → after". A value that the session refuses is shown as it was.

template<class T>
struct Binding {
    QString name;  ///< in the form
    QString about; ///< help on hover
    std::function<T(const Experiment&)> get;
    std::function<void(Experiment&, const T&)> set;
};

ValueSlider* addNumberRow(FormSection& section, Session& session, const Binding<double>& binding,
                          const ValueSlider::Range& range);
SwitchButton* addSwitchRow(FormSection& section, Session& session, const Binding<bool>& binding);
/// A list of numbers in a field; `empty` is what the field shows for no numbers.
QLineEdit* addListRow(FormSection& section, Session& session, const Binding<std::vector<double>>& binding,
                      const QString& empty);
/// A number in a field without a slider; 0 is shown as `zero`, when that is given.
QLineEdit* addFieldRow(FormSection& section, Session& session, const Binding<double>& binding, bool integer,
                       const QString& zero = {});
/// One of `choices` (text, key).
FormCombo* addChoiceRow(FormSection& section, Session& session, const Binding<std::string>& binding,
                        const std::vector<std::pair<QString, std::string>>& choices);

} // namespace kappascope::ui
