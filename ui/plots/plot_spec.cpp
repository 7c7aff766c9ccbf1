// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_spec.h"

#include "engine/probes/probe.h"

#include <QCoreApplication>
#include <algorithm>

namespace kappascope::ui {

namespace {

struct Pairing {
    const char *key, *title, *solid, *dashed;
};

/// A metric of the training set and the same of the test set belong into one picture.
constexpr Pairing pairings[] = {
    {"loss", QT_TRANSLATE_NOOP("PlotSpec", "Loss"), "train_loss", "test_loss"},
    {"accuracy", QT_TRANSLATE_NOOP("PlotSpec", "Accuracy"), "train_accuracy", "test_accuracy"},
};

QString helpOf(const ProbeEntry& entry) {
    QString help = QString::fromStdString(entry.help);
    if (!entry.reference.empty()) help += QStringLiteral("\n") + QString::fromStdString(entry.reference);
    return help;
}

PlotSpec paired(const Pairing& pairing, const ProbeEntry& solid, const ProbeEntry& dashed) {
    const auto translated = [](const char* text) { return QCoreApplication::translate("PlotSpec", text); };
    PlotSpec spec;
    spec.key = pairing.key;
    spec.title = translated(pairing.title);
    spec.unit = QString::fromStdString(solid.unit);
    spec.help = translated("Solid: %1").arg(helpOf(solid)) + QStringLiteral("\n\n") +
                translated("Dashed: %1").arg(helpOf(dashed));
    spec.series = {{solid.key, translated("train"), false}, {dashed.key, translated("test"), true}};
    spec.perLayer = solid.perLayer;
    spec.logarithmic = solid.logarithmic;
    return spec;
}

PlotSpec single(const ProbeEntry& entry) {
    PlotSpec spec;
    spec.key = entry.key;
    spec.title = QString::fromStdString(entry.label);
    if (!spec.title.isEmpty()) spec.title[0] = spec.title[0].toUpper();
    spec.unit = QString::fromStdString(entry.unit);
    spec.help = helpOf(entry);
    spec.series = {{entry.key, {}, false}};
    spec.perLayer = entry.perLayer;
    spec.logarithmic = entry.logarithmic;
    return spec;
}

std::vector<PlotSpec> build() {
    std::vector<PlotSpec> specs;
    std::vector<std::string> taken;
    for (const Pairing& pairing : pairings) {
        const ProbeEntry* solid = probeCatalog().find(pairing.solid);
        const ProbeEntry* dashed = probeCatalog().find(pairing.dashed);
        if (!solid || !dashed) continue;
        specs.push_back(paired(pairing, *solid, *dashed));
        taken.insert(taken.end(), {solid->key, dashed->key});
    }
    for (const ProbeEntry& entry : probeCatalog().entries())
        if (std::ranges::find(taken, entry.key) == taken.end()) specs.push_back(single(entry));
    return specs;
}

} // namespace

const std::vector<PlotSpec>& plotSpecs() {
    static const std::vector<PlotSpec> specs = build();
    return specs;
}

const PlotSpec* findPlotSpec(const std::string& key) {
    const auto found = std::ranges::find(plotSpecs(), key, &PlotSpec::key);
    return found == plotSpecs().end() ? nullptr : &*found;
}

} // namespace kappascope::ui
