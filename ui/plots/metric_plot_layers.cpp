// SPDX-License-Identifier: GPL-3.0-or-later
// Which layer a MetricPlot shows.
#include "ui/plots/metric_plot.h"
#include "ui/plots/plot_scene.h"
#include "ui/plots/plot_title.h"

#include <QMenu>
#include <algorithm>

namespace kappascope::ui {

void MetricPlot::chooseLayer() {
    // Some metrics belong to layers alone, and a network may have lost its fifth layer.
    const std::vector<int> layers = layersWithData();
    const auto has = [&layers](int layer) { return std::ranges::find(layers, layer) != layers.end(); };
    const int before = layer_;
    if (has(wanted_))
        layer_ = wanted_;
    else if (!layers.empty() && !has(layer_))
        layer_ = layers.front();
    const int wanted = wantedIsMissing() ? wanted_ : layer_;
    if (layer_ != before || wanted != told_) tellLayer(wanted);
}

std::vector<int> MetricPlot::layersWithData() const {
    std::vector<int> layers;
    for (int layer = SeriesKey::wholeNetwork; layer < scene_->layers; ++layer) {
        const auto has = [&](const PlotRun& run) {
            return run.history && run.history->size({spec_.series.front().metric, layer}) > 0;
        };
        if (std::ranges::any_of(scene_->runs, has)) layers.push_back(layer);
    }
    return layers;
}

/// Not only not yet: a first glimpse of the curvature looks at layers alone, readings of the whole network
/// have its average condition number whatever its size.
bool MetricPlot::wantedIsMissing() const {
    return layer_ != wanted_ && std::ranges::any_of(scene_->runs, [](const PlotRun& run) {
               return run.history && run.history->size({"condition_number_average"}) > 0;
           });
}

void MetricPlot::tellLayer(int wanted) {
    told_ = wanted;
    title_->showLayer(layer_, wanted);
}

void MetricPlot::fillLayerMenu(QMenu* menu) {
    menu->clear();
    for (const int layer : layersWithData()) {
        QAction* action =
            menu->addAction(PlotTitle::layerName(layer), this, [this, layer] { setLayer(layer); });
        action->setCheckable(true);
        action->setChecked(layer == layer_);
    }
    if (menu->isEmpty()) menu->addAction(tr("Nothing measured yet"))->setEnabled(false);
}

void MetricPlot::setLayer(int layer) {
    wanted_ = layer;
    if (layer == layer_) return tellLayer(layer);
    layer_ = layer;
    tellLayer(layer);
    emit layoutChanged();
    refresh(false);
}

} // namespace kappascope::ui
