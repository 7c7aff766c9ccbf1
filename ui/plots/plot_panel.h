// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/plot_view_state.h"
#include "ui/plots/scene_source.h"

#include <QJsonArray>
#include <QTimer>
#include <QWidget>
#include <vector>

class QMenu;
class QScrollArea;
class QSplitter;
class QToolButton;
class QCPMarginGroup;

namespace kappascope::ui {

class MetricPlot;
struct PlotSpec;
class RunLegend;
class Session;

/// The plots of the window, one above the other with one left margin and one x axis, under a legend of the
/// runs; those that can show nothing of the data, accuracy where there are no classes, are hidden meanwhile.
/// Draws at the session's ticks: as many plots as fit into a frame's share of time, the others at the
/// next ticks; none that is out of sight or unchanged.
class PlotPanel : public QWidget {
    Q_OBJECT
public:
    explicit PlotPanel(Session& session, QWidget* parent = nullptr);
    ~PlotPanel() override;

    PlotViewState& view() { return view_; }
    const std::vector<MetricPlot*>& plots() const { return plots_; }
    /// The plot that keys and menus mean: the one last under the mouse, else the first. Null without plots.
    MetricPlot* currentPlot() const;

    /// A plot by its key in plotSpecs(), or of several joined by '+'; null for an unknown one.
    MetricPlot* addPlot(const std::string& key);
    void removePlot(MetricPlot* plot);
    /// Adds what `moved` (may be null) shows, the quantity `key`, to `plot`, which another takes the place
    /// of.
    void join(MetricPlot* plot, const std::string& key, MetricPlot* moved);
    /// Each quantity of `plot` into a plot of its own.
    void split(MetricPlot* plot);

    /// Keeps the curves of `run` in all plots, paler, when it starts over or goes; of the pinned one: no
    /// more.
    void togglePin(int run);

    /// For menus; they work in the whole window. X, Y: logarithmic axes; F: fit; + and -: smoothing; L:
    /// legend.
    const QList<QAction*>& viewActions() const { return viewActions_; }
    /// Copy image, save image, save data: for File and Edit.
    const QList<QAction*>& fileActions() const { return fileActions_; }
    /// The choice of plots to add; filled when it opens.
    QMenu* addMenu() const { return addMenu_; }

    /// Which plots there are, with layer and scale: part of a session's layout.
    QJsonArray layoutState() const;
    void restoreLayout(const QJsonArray& state); ///< what it names alone; nothing: no plots
    void showStandardPlots();                    ///< those of the first start

signals:
    void layoutChanged();

private:
    void tick();
    void refreshAll();
    bool updateScene(); ///< false while nobody sees it
    void refreshWithin(double milliseconds);
    void showFitting();
    bool fits(const PlotSpec& spec) const;
    void alignMargins(MetricPlot* changed);
    MetricPlot* insertPlot(MetricPlot* before, const PlotSpec& spec);
    void buildActions();
    void fillAddMenu();
    void showEmpty();
    void rememberLayout();
    void hideRun(int run, bool hide);
    void soloRun(int run);
    void suggestSmoothing();
    void smoothen(bool more);

    Session& session_;
    PlotViewState view_;
    SceneSource source_;
    std::shared_ptr<const PlotScene> scene_;
    RunLegend* legend_;
    QToolButton* add_;
    QMenu* addMenu_;
    QScrollArea* scroll_;
    QSplitter* splitter_;
    QWidget* empty_;
    QCPMarginGroup* margins_;
    std::vector<MetricPlot*> plots_;
    MetricPlot* current_ = nullptr;
    std::size_t next_ = 0; ///< the plot whose turn it is
    QTimer afterTicks_;    ///< draws what the last tick had no time for
    int leftMargin_ = 0;
    bool restoring_ = false;
    QList<QAction*> viewActions_, fileActions_;
};

} // namespace kappascope::ui
