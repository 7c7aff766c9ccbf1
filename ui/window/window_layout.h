// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QSize>
#include <optional>
#include <string>

class QScreen;

namespace kappascope::ui {

/// What a session's file keeps of the window: see SessionDocument::window. Unknown keys and damaged values
/// are left out, never an error: a layout is taste.
struct WindowLayout {
    QByteArray panels;               ///< DockLayout::save()
    std::optional<QJsonArray> plots; ///< PlotPanel::layoutState(); none: left as they are

    std::string toJson() const;
    static WindowLayout fromJson(const std::string& json);
};

/// The layout that the user left, in the settings.
QByteArray savedGeometry();
QByteArray savedPanels();
void rememberLayout(const QByteArray& geometry, const QByteArray& panels);

/// 1440 x 900, or what the screen has.
QSize standardWindowSize(const QScreen* screen);

} // namespace kappascope::ui
