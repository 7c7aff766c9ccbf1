// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/network_picture.h"

#include <QColor>
#include <QFont>
#include <QImage>
#include <QLineF>
#include <QRectF>

namespace kappascope::ui {

/// Where the network view draws what: columns of units with the layers' titles above them, weights as lines
/// between. For one picture, which outlives it, at one size. Any thread.
class NetworkLayout {
public:
    static constexpr qreal titleHeight = 18, gap = 4;

    /// `font`: of names and titles.
    NetworkLayout(const NetworkPicture& picture, const QSizeF& size, const QFont& font);

    /// Room for the names beside the inputs and outputs, the gap to the units with it.
    qreal nameWidth(std::size_t column) const;
    qreal unitSide() const { return side_; }
    /// Where the units of a column stand one above the other, over the whole height between the titles.
    QRectF columnRect(std::size_t column) const { return columns_[column]; }
    /// Of the inputs, where they are a picture.
    QRectF pictureRect() const;
    /// The k-th unit shown of a column.
    QRectF unitRect(std::size_t column, std::size_t k) const;

    struct Edge {
        std::size_t column, to, from; ///< units shown of this column and of the one before
    };
    QLineF line(const Edge& edge) const;

private:
    qreal footHeight() const;
    qreal fittingSide() const;
    void placeColumns();

    const NetworkPicture& picture_;
    QSizeF size_;
    QFont font_;
    qreal side_ = 0;
    std::vector<QRectF> columns_;
};

/// The weights as lines, the wider and stronger the larger they are relative to their layer's largest, in a
/// colour for each sign; transparent between them. As many pixels as `size` has at `pixelRatio`. Hundreds of
/// lines take longer than a frame has: made in a worker's thread. Incomplete when cancelled.
QImage paintedEdges(const NetworkPicture& picture, const NetworkLayout& layout, const QSize& size,
                    qreal pixelRatio, const QColor& below, const QColor& above, const Cancelled& cancelled);

} // namespace kappascope::ui
