// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/metric_plot.h"
#include "ui/plots/plot_canvas.h"
#include "ui/plots/plot_panel.h"
#include "ui/plots/run_legend.h"
#include "ui/session.h"

#include <QAbstractButton>
#include <QAction>
#include <QTest>

namespace kappascope::test {

using namespace ui;

/// A real session with its laboratory, and the panel that looks at it.
struct PlotStage {
    Session session{{.background = true}}; ///< plots end with what the steps have recorded
    PlotPanel panel{session};

    PlotStage() {
        panel.resize(440, 700);
        panel.show();
    }
    /// Trains `steps` steps and waits until every plot that can be seen shows the last of them.
    bool train(int steps) {
        const std::int64_t goal = session.status().step + steps;
        session.step(steps);
        return QTest::qWaitFor([&] { return session.status().step >= goal && shows(goal - 1); }, 20'000);
    }
    bool shows(std::int64_t step) {
        return std::ranges::all_of(panel.plots(), [&](const MetricPlot* one) {
            return !one->isVisible() || one->scene().lastStep >= step;
        });
    }
    MetricPlot* plot(const std::string& key) {
        for (MetricPlot* one : panel.plots())
            if (one->spec().key == key) return one;
        return nullptr;
    }
    QAction* action(const QString& text) {
        for (QAction* one : panel.viewActions() + panel.fileActions())
            if (one->text() == text) return one;
        return nullptr;
    }
    QAbstractButton* legendEntry(const QString& name) {
        for (auto* button : panel.findChild<RunLegend*>()->findChildren<QAbstractButton*>())
            if (button->text() == name) return button;
        return nullptr;
    }
};

inline const std::vector<Curve>& curvesOf(MetricPlot* plot) {
    return plot->canvas().curves()->curves();
}

/// Without the slopes that theory predicts, which are dotted.
inline std::ptrdiff_t measuredCurves(MetricPlot* plot) {
    return std::ranges::count_if(curvesOf(plot),
                                 [](const Curve& curve) { return curve.stroke != Stroke::Dotted; });
}

} // namespace kappascope::test
