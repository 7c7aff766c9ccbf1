// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/network_layout.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {
constexpr qreal margin = 12;
constexpr qreal largestUnit = 52, smallestUnit = 8;
constexpr qreal longestName = 96;
constexpr double widestLine = 5, thinnestLine = 0.4;
} // namespace

NetworkLayout::NetworkLayout(const NetworkPicture& picture, const QSizeF& size, const QFont& font)
    : picture_(picture), size_(size), font_(font) {
    if (picture.columns.empty()) return;
    side_ = fittingSide();
    placeColumns();
}

qreal NetworkLayout::nameWidth(std::size_t column) const {
    const QFontMetricsF metrics(font_);
    qreal widest = 0;
    for (const QString& name : picture_.columns[column].names)
        widest = std::max(widest, metrics.horizontalAdvance(name) + gap);
    return std::min({widest, longestName, size_.width() / 6.0});
}

/// Below the units: what is not drawn, where that is so.
qreal NetworkLayout::footHeight() const {
    const bool partial = std::ranges::any_of(picture_.columns, [](const auto& column) {
        return !column.picture.isNull() || column.units > static_cast<Index>(column.shown.size());
    });
    return partial ? titleHeight : gap;
}

qreal NetworkLayout::fittingSide() const {
    std::size_t most = 1;
    for (const auto& column : picture_.columns)
        most = std::max(most, column.shown.size());
    const auto rows = static_cast<qreal>(most);
    const qreal pitch = (size_.height() - titleHeight - footHeight()) / rows;
    const qreal fitting = pitch - std::min(gap, pitch / 5);
    const qreal across = (size_.width() - 2 * margin) / (2 * static_cast<qreal>(picture_.columns.size()) - 1);
    return std::clamp(std::min(fitting, across), smallestUnit, largestUnit);
}

void NetworkLayout::placeColumns() {
    const std::size_t end = picture_.columns.size() - 1;
    const qreal first =
        margin + (picture_.columns[0].picture.isNull() ? nameWidth(0) : pictureRect().width() - side_);
    const qreal title = QFontMetricsF(font_).horizontalAdvance(picture_.columns[end].title);
    const qreal last =
        size_.width() - side_ - std::max(margin + nameWidth(end), (title - side_) / 2 + gap + 1);
    const auto steps = static_cast<qreal>(std::max<std::size_t>(1, end));
    const qreal height = size_.height() - titleHeight - footHeight();
    for (std::size_t column = 0; column <= end; ++column)
        columns_.emplace_back(first + static_cast<qreal>(column) / steps * (last - first), titleHeight, side_,
                              height);
}

QRectF NetworkLayout::pictureRect() const {
    const QSizeF most(std::min(120.0, size_.width() / 6.0), size_.height() - 2 * titleHeight);
    const QSizeF size = QSizeF(picture_.columns[0].picture.size()).scaled(most, Qt::KeepAspectRatio);
    return {QPointF(margin, (size_.height() - size.height()) / 2), size};
}

QRectF NetworkLayout::unitRect(std::size_t column, std::size_t k) const {
    const QRectF place = columnRect(column);
    const qreal side = place.width();
    const auto count = static_cast<qreal>(picture_.columns[column].shown.size());
    const qreal pitch = std::min(side * 1.6, (place.height() + gap) / count);
    const qreal top = place.top() + (place.height() - (count - 1) * pitch - side) / 2;
    return {place.left(), top + static_cast<qreal>(k) * pitch, side, side};
}

QLineF NetworkLayout::line(const Edge& edge) const {
    const QRectF from = unitRect(edge.column - 1, edge.from), to = unitRect(edge.column, edge.to);
    return {QPointF(from.right(), from.center().y()), QPointF(to.left(), to.center().y())};
}

QImage paintedEdges(const NetworkPicture& picture, const NetworkLayout& layout, const QSize& size,
                    qreal pixelRatio, const QColor& below, const QColor& above, const Cancelled& cancelled) {
    QImage image((QSizeF(size) * pixelRatio).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(pixelRatio);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    const double widest = std::min(widestLine, layout.unitSide() / 6);
    for (std::size_t column = 1; column < picture.columns.size(); ++column) {
        const auto& layer = picture.columns[column];
        if (!(layer.largestWeight > 0)) continue;
        for (std::size_t to = 0; to < layer.shown.size() && !cancelled; ++to)
            for (std::size_t from = 0; from < picture.columns[column - 1].shown.size(); ++from) {
                const double weight =
                    layer.weights(static_cast<Index>(to), static_cast<Index>(from)) / layer.largestWeight;
                QColor color = weight < 0 ? below : above;
                // Squared: the few large weights are to stand out from the many.
                color.setAlphaF(static_cast<float>(0.15 + 0.75 * weight * weight));
                painter.setPen(QPen(color, thinnestLine + std::abs(weight) * (widest - thinnestLine)));
                painter.drawLine(layout.line({column, to, from}));
            }
    }
    return image;
}

} // namespace kappascope::ui
