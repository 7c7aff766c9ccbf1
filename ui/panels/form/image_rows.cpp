// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/image_rows.h"

#include "engine/data/data_catalog.h"
#include "ui/panels/form/bound_rows.h"
#include "ui/panels/form/form_combo.h"
#include "ui/panels/form/form_section.h"
#include "ui/session.h"
#include "ui/widgets/switch_button.h"

#include <QCoreApplication>
#include <algorithm>

namespace kappascope::ui {

namespace {

constexpr int usualMove = 8; ///< pixels, as far as the sliders go

QString tr(const char* text) {
    return QCoreApplication::translate("ImageRows", text);
}

const Parameter& named(const std::vector<Parameter>& dials, std::string_view key) {
    return *std::ranges::find(dials, key, &Parameter::key);
}

QWidget* addPixelsRow(FormSection& section, Session& session) {
    const Parameter& about = named(dataDials(), "pixels");
    const auto& keys = about.choices; // in the order of the enumeration
    auto* row =
        addChoiceRow(section, session,
                     {tr("Pixels"), QString::fromStdString(about.help),
                      [keys](const Experiment& e) { return keys[static_cast<std::size_t>(e.data.pixels)]; },
                      [keys](Experiment& e, const std::string& key) {
                          e.data.pixels =
                              static_cast<PixelScaling>(std::ranges::find(keys, key) - keys.begin());
                      }},
                     {{tr("as given"), keys[0]},
                      {tr("0 to 1"), keys[1]},
                      {tr("−1 to 1"), keys[2]},
                      {tr("by channel"), keys[3]}});
    row->setObjectName(QStringLiteral("pixels"));
    return row;
}

QWidget* addMoveRow(FormSection& section, Session& session, const char* key, const QString& name,
                    int AugmentationSpec::*pixels) {
    const Parameter& about = named(augmentationDials(), key);
    ValueSlider::Range range;
    range.minimum = range.lowest = about.minimum;
    range.maximum = usualMove;
    range.highest = about.maximum;
    range.integer = true;
    range.suffix = QStringLiteral(" px");
    auto* row = addNumberRow(
        section, session,
        {name, QString::fromStdString(about.help),
         [pixels](const Experiment& e) { return static_cast<double>(e.data.augmentation.*pixels); },
         [pixels](Experiment& e, double value) { e.data.augmentation.*pixels = static_cast<int>(value); }},
        range);
    row->setObjectName(QString::fromLatin1(key));
    return row;
}

QWidget* addFlipRow(FormSection& section, Session& session) {
    auto* row =
        addSwitchRow(section, session,
                     {tr("Flip at random"), QString::fromStdString(named(augmentationDials(), "flip").help),
                      [](const Experiment& e) { return e.data.augmentation.flip; },
                      [](Experiment& e, bool on) { e.data.augmentation.flip = on; }});
    row->setObjectName(QStringLiteral("flip"));
    return row;
}

} // namespace

std::vector<QWidget*> addImageRows(FormSection& section, Session& session) {
    return {addPixelsRow(section, session),
            addMoveRow(section, session, "crop", tr("Crop padding"), &AugmentationSpec::crop),
            addMoveRow(section, session, "shift", tr("Shift"), &AugmentationSpec::shift),
            addFlipRow(section, session)};
}

} // namespace kappascope::ui
