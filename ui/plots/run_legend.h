// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/plot_scene.h"

#include <QWidget>

namespace kappascope::ui {

/// The runs with their colours and markers: a click selects one, Ctrl + click hides or shows it, a double
/// click shows it alone and, when it is alone, all again. With the keyboard: Space selects, Ctrl + Space
/// hides. Says what was asked, changes nothing.
class RunLegend : public QWidget {
    Q_OBJECT
public:
    explicit RunLegend(QWidget* parent = nullptr);

    /// Makes entries anew only when names, colours or states differ.
    void setRuns(const std::vector<PlotRun>& runs);

signals:
    void selectAsked(int run);
    void hideAsked(int run, bool hide);
    void soloAsked(int run); ///< hide all others; show all when it is alone already

private:
    class Entry;
    class Flow;

    std::vector<Entry*> entries_;
    Flow* flow_;
};

} // namespace kappascope::ui
