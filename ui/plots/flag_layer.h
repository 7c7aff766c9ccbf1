// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <qcustomplot.h>

#include <vector>

namespace kappascope::ui {

/// Where the label of a flag stands: the row, counted from the top, and its left edge. Row -1: no room, the
/// line alone is drawn and tells on hover.
struct FlagLabel {
    int row = -1;
    double left = 0;
};

/// Places labels of `widths` beside flags at `lines` (pixels, in rising order) so that none covers another:
/// to the right of their line, to its left where the frame ends, in a lower row where one is in the way.
std::vector<FlagLabel> placeFlags(const std::vector<double>& lines, const std::vector<double>& widths,
                                  double frameLeft, double frameRight, int rows);

/// What fits beside a flag: "BN on" of "Plain: Batch normalization on, rename A to B" is "BN on +1". The run
/// and the rest stand in the hover text.
QString shortFlagText(const QString& text);

/// Draws the flags on the time axis: a dotted line and what the user changed there.
class FlagLayer : public QCPLayerable {
    Q_OBJECT
public:
    FlagLayer(QCustomPlot* plot, const QString& layer);

    struct Flag {
        double x;
        QString text;
        bool operator==(const Flag&) const = default;
    };
    void setFlags(std::vector<Flag> flags) { flags_ = std::move(flags); } ///< in rising order
    void dress(const Palette& palette, const QFont& font);
    /// The texts of the flags within a few pixels of `position`; empty when there is none.
    QString flagsAt(const QPointF& position) const;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    QRect clipRect() const override;
    void draw(QCPPainter* painter) override;

private:
    std::vector<Flag> flags_;
    const Palette* palette_ = &lightPalette();
    QFont font_;
};

} // namespace kappascope::ui
