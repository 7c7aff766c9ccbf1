// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_spec.h"

#include "engine/probes/probe.h"

#include <QCoreApplication>
#include <algorithm>

namespace kappascope::ui {

namespace {

struct Pairing {
    const char *key, *title, *solid, *solidLabel, *dashed, *dashedLabel;
    const char *low = "", *high = ""; ///< metrics of a band around the solid one
    bool marksCrossings = false;
    bool showsTheory = false;
};

/// A metric of the training set and the same of the test set belong into one picture, and so do what the
/// optimizer meets and what there is without a preconditioner.
constexpr Pairing pairings[] = {
    {"loss", QT_TRANSLATE_NOOP("PlotSpec", "Loss"), "train_loss", QT_TRANSLATE_NOOP("PlotSpec", "train"),
     "test_loss", QT_TRANSLATE_NOOP("PlotSpec", "test"), "", "", false, true},
    {"accuracy", QT_TRANSLATE_NOOP("PlotSpec", "Accuracy"), "train_accuracy",
     QT_TRANSLATE_NOOP("PlotSpec", "train"), "test_accuracy", QT_TRANSLATE_NOOP("PlotSpec", "test")},
    {"condition_number", QT_TRANSLATE_NOOP("PlotSpec", "Condition number"), "condition_number",
     QT_TRANSLATE_NOOP("PlotSpec", "met"), "condition_number_raw", QT_TRANSLATE_NOOP("PlotSpec", "raw"),
     "condition_number_low", "condition_number_high"},
    {"condition_number_average", QT_TRANSLATE_NOOP("PlotSpec", "Average condition number κavg"),
     "condition_number_average", QT_TRANSLATE_NOOP("PlotSpec", "met"), "condition_number_average_raw",
     QT_TRANSLATE_NOOP("PlotSpec", "raw"), "condition_number_average_low", "condition_number_average_high"},
    {"stability_edge", QT_TRANSLATE_NOOP("PlotSpec", "Stability edge"), "sharpness",
     QT_TRANSLATE_NOOP("PlotSpec", "λmax"), "stability_limit", QT_TRANSLATE_NOOP("PlotSpec", "limit"), "", "",
     true},
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
    spec.series = {{solid.key, translated(pairing.solidLabel), Stroke::Solid, pairing.low, pairing.high},
                   {dashed.key, translated(pairing.dashedLabel), Stroke::Dashed}};
    spec.marksCrossings = pairing.marksCrossings;
    spec.showsTheory = pairing.showsTheory;
    if (solid.perLayer) spec.layer = 0; // where badly scaled inputs are met
    if (spec.marksCrossings)
        spec.help +=
            translated("\n\nA dot marks where λmax rises above the limit: from there on steps grow.");
    if (*pairing.low)
        spec.help += solid.perLayer ? translated("\n\nBand: the quartiles over a layer's neurons.")
                                    : translated("\n\nBand: the standard error of an estimate.");
    spec.perLayer = solid.perLayer;
    spec.besideTraining = solid.cadence == Cadence::Snapshot;
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
    spec.series = {{entry.key, {}, Stroke::Solid}};
    spec.perLayer = entry.perLayer;
    spec.besideTraining = entry.cadence == Cadence::Snapshot;
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
        taken.insert(taken.end(), {solid->key, dashed->key, pairing.low, pairing.high});
    }
    for (const ProbeEntry& entry : probeCatalog().entries())
        if (std::ranges::find(taken, entry.key) == taken.end()) specs.push_back(single(entry));
    return specs;
}

} // namespace

Dashes dashesOf(Stroke stroke) {
    switch (stroke) {
    case Stroke::Dashed:
        return {4.5, 3};
    case Stroke::Dotted:
        return {1.5, 2.5};
    case Stroke::LongDashed:
        return {11, 3};
    case Stroke::Solid:
        break;
    }
    return {};
}

QPen strokePen(const QColor& color, double width, Stroke stroke) {
    QPen pen(color, width, Qt::SolidLine, Qt::FlatCap);
    const Dashes dashes = dashesOf(stroke);
    if (dashes.on > 0) pen.setDashPattern({dashes.on / width, dashes.off / width});
    return pen;
}

const std::vector<PlotSpec>& plotSpecs() {
    static const std::vector<PlotSpec> specs = build();
    return specs;
}

bool needsClasses(const PlotSpec& spec) {
    return std::ranges::all_of(spec.series, [](const SeriesSpec& series) {
        return series.metric == "train_accuracy" || series.metric == "test_accuracy";
    });
}

const PlotSpec* findPlotSpec(const std::string& key) {
    const auto found = std::ranges::find(plotSpecs(), key, &PlotSpec::key);
    return found == plotSpecs().end() ? nullptr : &*found;
}

std::vector<std::string> quantitiesOf(const std::string& keys) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    for (std::size_t at = keys.find('+'); at != std::string::npos; at = keys.find('+', from)) {
        parts.push_back(keys.substr(from, at - from));
        from = at + 1;
    }
    parts.push_back(keys.substr(from));
    return parts;
}

std::optional<PlotSpec> joinedPlotSpec(const std::string& keys) {
    std::vector<const PlotSpec*> parts;
    for (const std::string& key : quantitiesOf(keys)) {
        const PlotSpec* part = findPlotSpec(key);
        if (!part || std::ranges::find(parts, part) != parts.end()) return std::nullopt;
        parts.push_back(part);
    }
    PlotSpec joined = *parts.front();
    if (parts.size() == 1) return joined;
    joined.key = keys;
    joined.title.clear();
    joined.help.clear();
    joined.series.clear();
    for (const PlotSpec* part : parts) {
        if (!joined.title.isEmpty()) {
            joined.title += QStringLiteral(" + ");
            joined.help += QStringLiteral("\n\n");
        }
        joined.title += part->title;
        joined.help += part->title + QStringLiteral(". ") + part->help;
        if (part->unit != joined.unit) joined.unit.clear();
        joined.perLayer = joined.perLayer && part->perLayer;
        joined.besideTraining = joined.besideTraining && part->besideTraining;
        joined.marksCrossings = joined.showsTheory = false; // of which lines?
        for (SeriesSpec series : part->series) {
            if (joined.series.size() > static_cast<std::size_t>(Stroke::LongDashed)) return std::nullopt;
            series.label = series.label.isEmpty() ? part->title : part->title + u' ' + series.label;
            series.stroke = static_cast<Stroke>(joined.series.size());
            joined.series.push_back(series);
        }
    }
    return joined;
}

} // namespace kappascope::ui
