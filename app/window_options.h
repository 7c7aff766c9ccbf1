// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"
#include "ui/window/screenshot.h"

#include <QJsonArray>
#include <QStringList>
#include <optional>

namespace kappascope {

/// What the command line of the window asks for.
struct WindowOptions {
    QString file;     ///< to open; empty: none
    QString preset;   ///< to begin with; empty: the default experiment
    QString panel;    ///< object name of a panel to bring to the front; empty: as it was
    QString run;      ///< to select, by name; empty: the first with a preconditioner
    QJsonArray plots; ///< as PlotPanel::restoreLayout() takes them; empty: as they were
    std::int64_t direction =
        0; ///< number of the eigenvalue, from the largest, whose direction is shown; 0: none
    std::optional<ui::Theme::Mode> theme;
    std::optional<ui::ScreenshotRequest> screenshot;
    bool panelAlone = false; ///< the picture is of the panel, not of the window
    QString printout;        ///< of --help and --version: print it and end
};

/// Throws InputError that names the option and what it expects.
WindowOptions readWindowOptions(const QStringList& arguments);

} // namespace kappascope
