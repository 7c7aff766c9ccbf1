// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/plot_spec.h"
#include "ui/plots/plot_view_state.h"
#include "ui/plots/theory_line.h"

#include <QWidget>
#include <vector>

class QLabel;
class QMenu;
class QToolButton;

namespace kappascope::ui {

/// The head of a plot: its name with the definition on hover, what solid and dashed mean, and its settings as
/// words that can be clicked: "log · step · smoothing 0.6". Where it is narrow the least important words go.
/// Says what was asked; MetricPlot does it.
class PlotTitle : public QWidget {
    Q_OBJECT
public:
    PlotTitle(const PlotSpec& spec, PlotViewState& view, QWidget* parent);

    void showLogarithmic(bool on);
    /// SeriesKey::wholeNetwork or a layer's number from 0; where that is not the one that was `wanted`, says
    /// so.
    void showLayer(int layer, int wanted);
    /// What the dotted line of theory says, or why there is none.
    void showTheory(const TheoryWords& words);
    /// That curves of the curvature rest while something else is measured; empty: they do not.
    void showResting(const QString& otherCurvature);
    /// The badge that leads back from a zoomed view.
    void showFollow(bool zoomed);

    /// "layer 1", "whole network".
    static QString layerName(int layer);
    static QString unitName(PlotViewState::XUnit unit);
    /// The choice of the x axis' unit, for this head and for context menus.
    static void fillUnitMenu(QMenu& menu, PlotViewState& view);

    QSize minimumSizeHint() const override;

signals:
    void logarithmicAsked();
    void followAsked();
    void layerMenuAsked(QMenu* menu); ///< about to open: fill it

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    /// A word with what parts it from the one before it.
    struct Word {
        QWidget *word, *dot = nullptr;
    };
    void showStyle();
    void dress();
    void fit();
    std::vector<Word> dispensable() const;
    QMenu* smoothingMenu();

    const PlotSpec spec_;
    PlotViewState& view_;
    std::size_t series_; ///< lines of a run
    bool condition_;     ///< of condition numbers: of a layer one quantity, of the whole network another
    QString text_;
    QLabel* name_;
    QWidget *key_ = nullptr, *theoryKey_ = nullptr;
    QLabel* noTheory_ = nullptr;
    QLabel* missing_ = nullptr; ///< of a plot of condition numbers
    QLabel* resting_ = nullptr; ///< of a plot of the curvature
    QWidget* theory_ = nullptr; ///< which of the two is due; null: nothing measured
    QToolButton *layer_ = nullptr, *follow_, *log_, *unit_, *smoothing_;
    QLabel *unitDot_, *smoothingDot_;
};

} // namespace kappascope::ui
