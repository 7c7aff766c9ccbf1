// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/plot_scene.h"

#include <QScrollArea>

namespace kappascope::ui {

/// The runs with their colours and markers: a click selects one, Ctrl + click hides or shows it, a double
/// click shows it alone and, when it is alone, all again. With the keyboard: Space selects, Ctrl + Space
/// hides. More than a few rows scroll. Says what was asked, changes nothing.
class RunLegend : public QScrollArea {
    Q_OBJECT
public:
    explicit RunLegend(QWidget* parent = nullptr);

    /// Makes entries anew only when names, colours or states differ.
    void setRuns(const std::vector<PlotRun>& runs);

    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void selectAsked(int run);
    void hideAsked(int run, bool hide);
    void soloAsked(int run); ///< hide all others; show all when it is alone already

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    class Entry;
    class Flow;

    int mostHeight() const;
    void allowBar();

    std::vector<Entry*> entries_;
    QWidget* all_;
    Flow* flow_;
};

} // namespace kappascope::ui
