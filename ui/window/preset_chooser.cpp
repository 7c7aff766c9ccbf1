// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/preset_chooser.h"

#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/window/menus/menus.h"

#include <QMenu>

namespace kappascope::ui {

namespace {
constexpr int longestName = 140; ///< pixels, so that the bar fits in 1100; the rest stands in the tool tip
}

PresetChooser::PresetChooser(ActionSet& actions, FileCommands& files, Session& session, QWidget* parent)
    : QToolButton(parent), session_(session) {
    setObjectName(QStringLiteral("presetChooser"));
    setAccessibleName(tr("Experiment"));
    setPopupMode(QToolButton::InstantPopup);
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setLayoutDirection(Qt::RightToLeft); // the arrow stands behind the name
    const auto dress = [this] { setIcon(Theme::instance().icon(QStringLiteral("chevron-down"))); };
    connect(&Theme::instance(), &Theme::changed, this, dress);
    dress();
    auto* presets = new QMenu(this);
    fillPresetMenu(*presets, actions, files);
    setMenu(presets);
    connect(&session, &Session::experimentChanged, this, &PresetChooser::showName);
    showName();
}

void PresetChooser::showName() {
    const Experiment& experiment = session_.experiment();
    const QString name = QString::fromStdString(experiment.name);
    setText(fontMetrics().elidedText(name, Qt::ElideRight, longestName));
    const QString description = QString::fromStdString(experiment.description);
    setToolTip(description.isEmpty() ? name : name + QStringLiteral("\n") + description);
}

} // namespace kappascope::ui
