// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/plot_scene.h"
#include "ui/plots/plot_spec.h"

#include <functional>

namespace kappascope::ui {

/// A scene of runs "A", "B", ... (ids 1, 2, ...) whose metric "m" has the values that `value(run, step)`
/// gives at the steps 0 ... steps - 1.
inline std::shared_ptr<PlotScene> makeScene(int runs, int steps,
                                            const std::function<double(int run, int step)>& value) {
    auto scene = std::make_shared<PlotScene>();
    for (int r = 0; r < runs; ++r) {
        PlotRun run;
        run.id = r + 1;
        run.name = QChar(u'A' + r);
        run.position = r;
        run.history = std::make_shared<History>();
        std::vector<History::Sample> samples;
        for (int step = 0; step < steps; ++step)
            samples.push_back({step, value(r, step)});
        run.history->push({"m", SeriesKey::wholeNetwork}, samples);
        scene->runs.push_back(std::move(run));
    }
    scene->lastStep = std::max(steps - 1, 0);
    scene->lastX = std::max(steps - 1, 1);
    return scene;
}

/// One solid series of the metric "m".
inline PlotSpec makeSpec() {
    PlotSpec spec;
    spec.key = "m";
    spec.title = "Metric";
    spec.help = "What it means";
    spec.series = {{"m", {}, Stroke::Solid}};
    return spec;
}

} // namespace kappascope::ui
