// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/method_family.h"

#include "engine/normalization/normalization.h"
#include "engine/optimization/optimizer.h"
#include "engine/optimization/schedule.h"
#include "engine/preconditioning/preconditioner.h"

#include <QCoreApplication>

namespace kappascope::ui {

namespace {

template<class EntryType>
std::vector<const Description*> membersOf(const Catalog<EntryType>& catalog) {
    std::vector<const Description*> members;
    for (const auto& entry : catalog.entries())
        members.push_back(&entry);
    return members;
}

QString tr(const char* text) {
    return QCoreApplication::translate("MethodFamily", text);
}

} // namespace

const Description* MethodFamily::find(const std::string& method) const {
    for (const Description* member : members)
        if (member->key == method) return member;
    return nullptr;
}

QString MethodFamily::labelOf(const MethodSpec& method) const {
    const Description* entry = find(method.method);
    return QString::fromStdString(entry ? entry->label : method.method);
}

MethodSpec MethodFamily::defaults(const std::string& method) const {
    MethodSpec spec_{method, {}};
    if (const Description* entry = find(method))
        for (const Parameter& parameter : entry->parameters)
            if (parameter.key != learningRateKey) spec_.parameters.set(parameter.key, parameter.standard);
    return spec_;
}

const std::vector<MethodFamily>& methodFamilies() {
    static const std::vector<MethodFamily> families{
        {"normalization", tr("Normalization"), &RunSpec::normalization, membersOf(normalizationCatalog())},
        {"preconditioner", tr("Preconditioner"), &RunSpec::preconditioner,
         membersOf(preconditioningCatalog())},
        {"optimizer", tr("Optimizer"), &RunSpec::optimizer, membersOf(optimizerCatalog())},
        {"schedule", tr("Schedule"), &RunSpec::schedule, membersOf(scheduleCatalog())}};
    return families;
}

const MethodFamily& normalizationFamily() {
    return methodFamilies()[0];
}

const MethodFamily& preconditionerFamily() {
    return methodFamilies()[1];
}

const MethodFamily& optimizerFamily() {
    return methodFamilies()[2];
}

} // namespace kappascope::ui
