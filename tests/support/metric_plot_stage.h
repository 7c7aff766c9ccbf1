// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/plot_scenes.h"
#include "ui/plots/axis_map.h"
#include "ui/plots/metric_plot.h"
#include "ui/plots/plot_canvas.h"

#include <QApplication>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

namespace kappascope::test {

using namespace ui;

constexpr int plotSteps = 1000;

/// A plot of falling curves, shown, with a clock of its replots.
struct MetricPlotStage {
    PlotViewState view;
    MetricPlot plot;
    std::shared_ptr<PlotScene> scene;
    int replots = 0;

    explicit MetricPlotStage(int runs = 3, bool logarithmic = true)
        : plot(specOf(logarithmic), view),
          scene(makeScene(runs, plotSteps, [](int run, int step) { return std::exp(-0.005 * step - run); })) {
        plot.resize(500, 260);
        plot.show();
        QObject::connect(&plot.canvas(), &QCustomPlot::afterReplot, [this] { ++replots; });
        // The first picture tells the frame's width, the second is read at its resolution.
        for (int i = 0; i < 3; ++i)
            show();
    }
    static PlotSpec specOf(bool logarithmic) {
        PlotSpec spec = makeSpec();
        spec.logarithmic = logarithmic;
        return spec;
    }
    void show() {
        plot.setScene(scene);
        QApplication::processEvents();
    }
    PlotCanvas& canvas() { return plot.canvas(); }
    QPoint at(double x, double y) {
        const AxisMap mapX(*canvas().xAxis), mapY(*canvas().yAxis);
        return {int(std::lround(mapX.pixelOf(x))), int(std::lround(mapY.pixelOf(y)))};
    }
    void turnWheel(QPoint position, int notches) {
        QWheelEvent event(position, canvas().mapToGlobal(position), {}, {0, 120 * notches}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&canvas(), &event);
    }
    void drag(QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton,
              Qt::KeyboardModifiers modifiers = {}) {
        QTest::mousePress(&canvas(), button, modifiers, from);
        for (int i = 1; i <= 4; ++i) {
            const QPoint position = from + (to - from) * i / 4;
            QMouseEvent move(QEvent::MouseMove, position, canvas().mapToGlobal(position), Qt::NoButton,
                             button, modifiers);
            QApplication::sendEvent(&canvas(), &move);
        }
        QTest::mouseRelease(&canvas(), button, modifiers, to);
        QApplication::processEvents();
    }
    void hover(QPoint position) {
        QMouseEvent move(QEvent::MouseMove, position, canvas().mapToGlobal(position), Qt::NoButton,
                         Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(&canvas(), &move);
    }
};

} // namespace kappascope::test
