// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/reading_text.h"

#include "engine/curvature/condition_number.h"
#include "engine/laboratory/curvature_measurement.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Readings", text);
}

const Description& quantity(const char* key) {
    return *std::ranges::find(curvatureQuantities(), key, &Description::key);
}

} // namespace

QString readingText(const Reading& reading) {
    if (reading.isBound()) return QStringLiteral("> ") + formatCondition(reading.value, 1);
    const bool shown = reading.usable() || reading.status == Reading::Status::NotConverged;
    const QString number = formatCondition(shown ? reading.value : std::nan(""));
    return shown && reading.status != Reading::Status::Computed ? QStringLiteral("≈ ") + number : number;
}

QString readingNote(const Reading& reading) {
    switch (reading.status) {
    case Reading::Status::NotComputed:
        return tr("not measured");
    case Reading::Status::Computed:
        return {};
    case Reading::Status::Estimated:
        return reading.error > 0 ? tr("estimate, ± %1").arg(formatNumber(reading.error, 2)) : tr("estimate");
    case Reading::Status::NotDefined:
        return tr("not defined: %1").arg(QString::fromStdString(reading.why));
    case Reading::Status::NotConverged:
        return tr("the iteration has not converged, ± %1").arg(formatNumber(reading.error, 2));
    case Reading::Status::NotFinite:
        return tr("not finite");
    }
    return {};
}

QString quantityLabel(const char* key) {
    return QString::fromStdString(quantity(key).label);
}

QString quantityDefinition(const char* key) {
    const Description& description = quantity(key);
    QString text = QString::fromStdString(description.label + "\n" + description.help);
    if (!description.reference.empty()) text += QString::fromStdString("\n" + description.reference);
    return text;
}

QString blockName(int layer) {
    return layer == BlockReading::wholeNetwork ? tr("whole network") : tr("layer %1").arg(layer + 1);
}

} // namespace kappascope::ui
