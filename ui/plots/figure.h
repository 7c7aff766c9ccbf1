// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/curve.h"

#include <QImage>
#include <QSize>

class QPrinter;

namespace kappascope::ui {

/// What a plot shows, for paper.
struct FigureContent {
    QString title, xLabel, note; ///< note: smoothing and the like, small, beside the title
    std::vector<Curve> curves;
    std::vector<std::pair<double, QString>> flags; ///< x and text
    double fromX = 0, toX = 1, fromY = 0, toY = 1;
    bool logX = false, logY = false;
};

/// How it is drawn there.
struct FigureOptions {
    QSize size{720, 420}; ///< in units of 1/96 inch: text is 10 to 13 units high
    double scale = 2;     ///< pixels a unit, for images
    bool dark = false;    ///< light unless asked: it is for paper and slides
    bool legend = true, flags = true;
};

QImage figureImage(const FigureContent& content, const FigureOptions& options);

/// One page, as wide as the paper allows.
void printFigure(const FigureContent& content, QPrinter& printer);

/// Writes `path` in the format that its ending names: pdf, svg (vectors; text as outlines in SVG, embedded
/// fonts in PDF) or png. Returns what went wrong, empty when it is done.
QString saveFigure(const FigureContent& content, const FigureOptions& options, const QString& path);

} // namespace kappascope::ui
