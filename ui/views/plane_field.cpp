// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/plane_field.h"

#include "ui/theme/theme.h"

#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr double mapStrength = 0.62; // of the class's colour, where the network is certain
constexpr double affordable = 1e8;   // multiplications for one picture
constexpr int fewestCells = 24;
constexpr Index block = 1000; // cells evaluated between two looks at the cancel flag

QColor mixed(const QColor& from, const QColor& to, double t) {
    return QColor::fromRgbF(static_cast<float>(from.redF() + t * (to.redF() - from.redF())),
                            static_cast<float>(from.greenF() + t * (to.greenF() - from.greenF())),
                            static_cast<float>(from.blueF() + t * (to.blueF() - from.blueF())));
}

std::array<QRgb, FieldColors::levels> ramp(const QColor& end) {
    std::array<QRgb, FieldColors::levels> colors{};
    const QColor panel = Theme::instance().palette().panel;
    for (int l = 0; l < FieldColors::levels; ++l)
        colors[static_cast<std::size_t>(l)] =
            mixed(panel, end, mapStrength * l / (FieldColors::levels - 1)).rgb();
    return colors;
}

QRgb classColor(const FieldColors& colors, const Eigen::Ref<const Vector<double>>& probabilities) {
    const Verdict verdict = verdictOf(probabilities);
    return colors.at(static_cast<std::size_t>(verdict.label), verdict.confidence);
}

QRgb signedColor(const FieldColors& colors, double value) {
    return colors.at(value < 0 ? 0 : 1, std::abs(value));
}

} // namespace

FieldColors FieldColors::fromTheme(int classes) {
    FieldColors colors;
    const Theme& theme = Theme::instance();
    if (classes == 0) {
        colors.ramps = {ramp(theme.signedColor(-1)), ramp(theme.signedColor(1))};
        return colors;
    }
    for (int label = 0; label < classes; ++label)
        colors.ramps.push_back(ramp(theme.classColor(label, classes)));
    return colors;
}

QRgb FieldColors::at(std::size_t index, double strength) const {
    const auto level =
        std::isfinite(strength) ? std::lround(std::clamp(strength, 0.0, 1.0) * (levels - 1)) : 0;
    return ramps[std::min(index, ramps.size() - 1)][static_cast<std::size_t>(level)];
}

Index PlaneField::cellAt(const QPointF& at) const {
    const double column = std::floor((at.x() - extent.x0) / (extent.x1 - extent.x0) * columns);
    const double row = std::floor((at.y() - extent.y0) / (extent.y1 - extent.y0) * rows);
    return cell(static_cast<int>(std::clamp<double>(column, 0, columns - 1)),
                static_cast<int>(std::clamp<double>(row, 0, rows - 1)));
}

int affordableCells(const Snapshot& snapshot, int wanted) {
    const auto parameters = static_cast<double>(std::max<Index>(1, snapshot.network->theta().size()));
    const int cells = static_cast<int>(std::sqrt(affordable / parameters));
    return std::min(wanted, std::max(fewestCells, cells));
}

PlaneField evaluateField(const Snapshot& snapshot, const Extent& extent, int columns, int rows,
                         const Cancelled& cancelled) {
    PlaneField field{extent, columns, rows, {}, false};
    Predictor predictor(snapshot);
    const Index cells = static_cast<Index>(columns) * rows;
    const double dx = (extent.x1 - extent.x0) / columns, dy = (extent.y1 - extent.y0) / rows;
    Matrix<double> x(2, block);
    for (Index first = 0; first < cells; first += block) {
        if (cancelled) return field;
        const Index count = std::min(block, cells - first);
        x.resize(2, count);
        for (Index k = 0; k < count; ++k) {
            x(0, k) = extent.x0 + (static_cast<double>((first + k) % columns) + 0.5) * dx;
            x(1, k) = extent.y0 + (static_cast<double>((first + k) / columns) + 0.5) * dy;
        }
        const Matrix<double> values = predictor.predictions(x);
        if (first == 0) field.values.resize(values.rows(), cells);
        field.values.middleCols(first, count) = values;
    }
    field.complete = true;
    return field;
}

Verdict verdictOf(const Eigen::Ref<const Vector<double>>& probabilities) {
    if (!probabilities.allFinite()) return {};
    Index label = 0;
    const double p = probabilities.maxCoeff(&label);
    const auto classes = static_cast<double>(probabilities.size());
    const double uniform = 1 / classes;
    return {static_cast<int>(label), classes > 1 ? (p - uniform) / (1 - uniform) : 1, p};
}

QImage paintField(const PlaneField& field, const FieldColors& colors, bool classification, double bound,
                  const QSize& size) {
    QImage cells(field.columns, field.rows, QImage::Format_RGB32);
    for (int row = 0; row < field.rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(cells.scanLine(field.rows - 1 - row));
        for (int column = 0; column < field.columns; ++column) {
            const auto value = field.values.col(field.cell(column, row));
            line[column] = classification ? classColor(colors, value) : signedColor(colors, value(0) / bound);
        }
    }
    return cells.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

} // namespace kappascope::ui
