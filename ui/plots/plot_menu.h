// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPoint>
#include <functional>
#include <memory>

class QMenu;
class QWidget;

namespace kappascope::ui {

class MetricPlot;

/// The context menu of a plot: zoom out, log axes, image and data, statistics, mouse, remove.
std::unique_ptr<QMenu> makePlotMenu(MetricPlot& plot);
/// The same, opened at `global`; goes away by itself.
void openPlotMenu(MetricPlot& plot, QPoint global);

/// What the menu and the window's File and Edit menus do with a plot.
void copyPlotImage(const MetricPlot& plot); ///< to the clipboard, in the colours of the window
void printPlot(MetricPlot& plot);           ///< asks for the printer
void savePlotImage(MetricPlot& plot);       ///< asks for format, size and file
/// Asks for the file, then writes the data behind the plot on a worker. `all`: also what is not in sight.
void savePlotData(MetricPlot& plot, bool all);
/// Writes on a worker; `done` is called in the GUI thread with what went wrong, or an empty text.
void writePlotData(MetricPlot& plot, bool all, const QString& path, std::function<void(QString)> done);

} // namespace kappascope::ui
