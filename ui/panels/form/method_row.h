// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "ui/panels/form/form_combo.h"
#include "ui/panels/form/form_section.h"
#include "ui/panels/form/parameter_form.h"
#include "ui/session.h"

#include <functional>

namespace kappascope::ui {

/// A member of a catalog and its parameters, bound to one MethodSpec of the session's experiment: a list of
/// the members and, below it, a form for the parameters of the chosen one. GUI thread.
class MethodRow : public QObject {
    Q_OBJECT
public:
    using Find = std::function<const Description*(const std::string& key)>;

    template<class EntryType>
    MethodRow(FormSection& section, Session& session, const QString& name, const Catalog<EntryType>& catalog,
              std::function<MethodSpec&(Experiment&)> spec)
        : MethodRow(section, session, name, std::move(spec),
                    [&catalog](const std::string& key) -> const Description* { return catalog.find(key); }) {
        fillCombo(*box_, catalog.entries());
        refresh();
    }

    FormCombo* box() const { return box_; }
    ParameterForm* form() const { return form_; }
    void refresh();

private:
    MethodRow(FormSection& section, Session& session, const QString& name,
              std::function<MethodSpec&(Experiment&)> spec, Find find);
    void chooseMember(int index);
    void changeParameter(const QString& key, const ParameterValue& value);
    MethodSpec present() const;

    Session& session_;
    QString name_;
    std::function<MethodSpec&(Experiment&)> spec_;
    Find find_;
    FormCombo* box_;
    ParameterForm* form_;
};

} // namespace kappascope::ui
