// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/run_editor.h"

#include "engine/laboratory/divergence_report.h"
#include "ui/panels/form/parameter_form.h"
#include "ui/panels/run/rate_field.h"
#include "ui/session.h"
#include "ui/theme/theme.h"

namespace kappascope::ui {

namespace {
const std::string none = "none";
}

RunEditor::RunEditor(Session& session, QObject* parent) : QObject(parent), session_(session) {
    connect(&session, &Session::experimentChanged, this, &RunEditor::remember);
    remember();
}

void RunEditor::remember() {
    for (const RunSpec& run : session_.experiment().runs)
        for (const MethodFamily& family : methodFamilies()) {
            const MethodSpec& method = run.*family.spec;
            last_[{run.id, family.key}][method.method] = method;
        }
}

MethodSpec RunEditor::remembered(int run, const MethodFamily& family, const std::string& method) const {
    const auto known = last_.find({run, family.key});
    if (known != last_.end())
        if (const auto own = known->second.find(method); own != known->second.end()) return own->second;
    for (const RunSpec& other : session_.experiment().runs)
        if ((other.*family.spec).method == method) return other.*family.spec;
    return family.defaults(method);
}

QString RunEditor::nameOf(int run) const {
    const RunSpec* spec = session_.run(run);
    return spec ? QString::fromStdString(spec->name) : QString();
}

bool RunEditor::has(int run, const MethodFamily& family, const std::string& method) const {
    const RunSpec* spec = session_.run(run);
    return spec && (spec->*family.spec).method == method;
}

void RunEditor::switchMethod(int run, const MethodFamily& family, const std::string& method, bool on) {
    if (!session_.run(run) || has(run, family, method) == on) return;
    const MethodSpec after = on ? remembered(run, family, method) : family.defaults(none);
    const QString label = family.labelOf({method, {}});
    const QString text = (on ? tr("%1: %2 on") : tr("%1: %2 off")).arg(nameOf(run), label);
    session_.changeRun(run, text, [&](RunSpec& spec) { spec.*family.spec = after; });
}

void RunEditor::chooseMethod(int run, const MethodFamily& family, const std::string& method) {
    if (!session_.run(run) || has(run, family, method)) return;
    const MethodSpec after = remembered(run, family, method);
    session_.changeRun(run, QStringLiteral("%1: %2").arg(nameOf(run), family.labelOf(after)),
                       [&](RunSpec& spec) { spec.*family.spec = after; });
}

void RunEditor::setParameter(int run, const MethodFamily& family, const std::string& key,
                             const ParameterValue& value) {
    const RunSpec* spec = session_.run(run);
    if (!spec) return;
    const QString name = QString::fromStdString(key);
    session_.changeRun(
        run, QStringLiteral("%1: %2 %3").arg(nameOf(run), name, valueText(value)),
        [&](RunSpec& changed) { (changed.*family.spec).parameters.set(key, value); },
        QStringLiteral("run-%1-%2-%3").arg(run).arg(family.key, name));
}

void RunEditor::setRate(int run, double rate) {
    const RunSpec* spec = session_.run(run);
    if (!spec || spec->learningRate == rate) return;
    const double before = session_.experiment().learningRateOf(*spec);
    session_.changeRun(
        run, tr("%1: rate %2 → %3").arg(nameOf(run), rateText(before), rateText(rate)),
        [&](RunSpec& changed) { changed.learningRate = rate; }, QStringLiteral("run-%1-rate").arg(run));
}

void RunEditor::useBaseRate(int run) {
    const RunSpec* spec = session_.run(run);
    if (!spec || !spec->learningRate) return;
    session_.changeRun(run, tr("%1: base rate").arg(nameOf(run)),
                       [](RunSpec& changed) { changed.learningRate.reset(); });
}

double RunEditor::usualRate(int run) const {
    const RunSpec* spec = session_.run(run);
    const Description* entry = spec ? optimizerFamily().find(spec->optimizer.method) : nullptr;
    const Parameter* rate = entry ? entry->find(learningRateKey) : nullptr;
    return rate ? std::get<double>(rate->standard) : 0;
}

bool RunEditor::rename(int run, const QString& name) {
    const std::string wanted = name.trimmed().toStdString();
    if (!session_.run(run)) return false;
    const std::string before = session_.run(run)->name;
    if (wanted == before) return true;
    return session_.change(tr("rename %1 to %2").arg(nameOf(run), name.trimmed()), [&](Experiment& after) {
        for (RunSpec& spec : after.runs) {
            if (spec.id == run) spec.name = wanted;
            if (spec.forkOf == before) spec.forkOf = wanted;
        }
    });
}

void RunEditor::setColor(int run, const QString& color) {
    session_.changeRun(run, tr("colour of %1").arg(nameOf(run)),
                       [&](RunSpec& spec) { spec.color = color.toStdString(); });
}

void RunEditor::setHidden(int run, bool hidden) {
    session_.changeRun(run, (hidden ? tr("hide %1") : tr("show %1")).arg(nameOf(run)),
                       [&](RunSpec& spec) { spec.hidden = hidden; });
}

void RunEditor::showAll() {
    session_.change(tr("show all runs"), [](Experiment& after) {
        for (RunSpec& spec : after.runs)
            spec.hidden = false;
    });
}

void RunEditor::restartAtHalfRate(int run) {
    const RunSpec* spec = session_.run(run);
    if (!spec) return;
    const int position = session_.positionOf(run);
    const double rate = advisedPartOfRate * session_.experiment().learningRateOf(*spec);
    // A run of another id is another run to the laboratory: it starts at step 0 and catches up.
    const bool done = session_.change(tr("%1: restart at rate %2").arg(nameOf(run), rateText(rate)),
                                      [&](Experiment& after) {
                                          RunSpec& changed = after.runs[static_cast<std::size_t>(position)];
                                          changed.id = 0;
                                          changed.learningRate = rate;
                                          changed.forkOf.clear();
                                      });
    if (!done) return;
    const int started = session_.experiment().runs[static_cast<std::size_t>(position)].id;
    for (const MethodFamily& family : methodFamilies())
        last_[{started, family.key}] = last_[{run, family.key}];
    session_.selectRun(started);
}

} // namespace kappascope::ui
