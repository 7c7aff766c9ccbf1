// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/plot_scene.h"
#include "ui/plots/plot_spec.h"
#include "ui/theme/theme.h"

#include <QStringList>

class QPainter;

namespace kappascope::ui {

/// The values of all shown runs at the crosshair, the largest first, as the curves lie above each other; with
/// cursors A and B their difference and the slope a decade of steps as well. Content and painting, no widget.
class CursorTable {
public:
    struct Row {
        int run = 0, position = 0;
        QString name;
        std::string color;
        QStringList cells;
        std::vector<double> values; ///< of each series at the crosshair (or at A); NaN: none
    };

    /// At `step`; or, when A and B are both set (>= 0), between them.
    static CursorTable at(const PlotScene& scene, const PlotSpec& spec, int layer, std::int64_t step);
    static CursorTable between(const PlotScene& scene, const PlotSpec& spec, int layer, std::int64_t a,
                               std::int64_t b, bool logY);

    const QString& head() const { return head_; }
    const QStringList& columns() const { return columns_; }
    const std::vector<Row>& rows() const { return rows_; }
    bool isEmpty() const { return rows_.empty(); }

    /// Without head and names, for the plots that the mouse is not on.
    void setCompact(bool compact) { compact_ = compact; }
    /// Rows beyond this height are summed up as "3 more".
    void setRoom(double height) { room_ = height; }
    QSizeF size(const QFont& font) const;
    void paint(QPainter& painter, const QPointF& topLeft, const Palette& palette) const;

private:
    std::vector<double> columnWidths(const QFont& font) const;
    void sortRows();
    bool isHeaded() const;
    /// How many rows are drawn.
    std::size_t rowsShown(const QFont& font) const;

    QString head_;
    QStringList columns_;
    std::vector<Row> rows_;
    bool compact_ = false;
    double room_ = 1e9;
};

/// Slope of a quantity between two steps, a decade of steps: of log10 of the value on a logarithmic axis, of
/// the value itself on a linear one. Steps count from 1, so that step 0 has a logarithm. NaN where undefined.
double slopePerDecade(std::int64_t a, double valueA, std::int64_t b, double valueB, bool logY);

/// "step 1,234", in epochs, examples or seconds as well where these are the axis' unit.
QString positionText(const PlotScene& scene, std::int64_t step);

} // namespace kappascope::ui
