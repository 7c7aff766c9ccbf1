// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/run_differences.h"

#include "ui/panels/form/parameter_form.h"
#include "ui/panels/run/method_family.h"
#include "ui/panels/run/rate_field.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>

namespace kappascope::ui {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("RunDifferences", text);
}

/// The same member with other parameters.
QStringList parameterDifferences(const Description& entry, const Parameters& reference,
                                 const Parameters& own) {
    QStringList differences;
    const auto valueOf = [](const Parameters& values, const Parameter& parameter) {
        const auto found = values.values().find(parameter.key);
        return found == values.values().end() ? parameter.standard : found->second;
    };
    for (const Parameter& parameter : entry.parameters)
        if (const ParameterValue value = valueOf(own, parameter); value != valueOf(reference, parameter))
            differences << QStringLiteral("%1 %2").arg(QString::fromStdString(parameter.label),
                                                       valueText(value));
    return differences;
}

QStringList methodDifferences(const MethodFamily& family, const MethodSpec& reference,
                              const MethodSpec& own) {
    const Description* entry = family.find(own.method);
    if (own.method == reference.method && entry)
        return parameterDifferences(*entry, reference.parameters, own.parameters);
    if (own.method == "none") return {tr("no %1").arg(family.labelOf(reference))};
    return {family.labelOf(own)};
}

} // namespace

QStringList runDifferences(const Experiment& experiment, const RunSpec& reference, const RunSpec& run) {
    QStringList differences;
    for (const MethodFamily& family : methodFamilies())
        differences << methodDifferences(family, reference.*family.spec, run.*family.spec);
    const double rate = experiment.learningRateOf(run);
    if (rate != experiment.learningRateOf(reference)) differences << tr("rate %1").arg(rateText(rate));
    if (run.forkOf != reference.forkOf && !run.forkOf.empty())
        differences << tr("forked from %1").arg(QString::fromStdString(run.forkOf));
    return differences;
}

} // namespace kappascope::ui
