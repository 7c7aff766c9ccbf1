// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/network_view.h"

#include "ui/theme/theme.h"
#include "ui/views/view_text.h"

#include <QLineF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr qreal titleHeight = 18, margin = 12, gap = 4;
constexpr qreal largestUnit = 44, smallestUnit = 8;
constexpr double widestLine = 5, thinnestLine = 0.4;
constexpr double nearEnough = 5; ///< px from a line for its tooltip

double distanceTo(const QLineF& line, const QPointF& point) {
    const QPointF along = line.p2() - line.p1();
    const double length2 = QPointF::dotProduct(along, along);
    const double t =
        length2 > 0 ? std::clamp(QPointF::dotProduct(point - line.p1(), along) / length2, 0.0, 1.0) : 0;
    return QLineF(point, line.p1() + t * along).length();
}

} // namespace

NetworkView::NetworkView(ViewWorker& worker, QWidget* parent) : RunView(worker, parent) {
    setAccessibleName(tr("Network"));
    setToolTip(tr("Weights as lines, wider for larger ones relative to their layer; units as maps of what "
                  "they hand on"));
}

void NetworkView::evaluate() {
    channel().request(
        [snapshot = snapshot(), colors = FieldColors::fromTheme(0)](const Cancelled& cancelled) {
            return makeNetworkPicture(*snapshot, colors, cancelled);
        },
        [this, step = snapshot()->step](NetworkPicture picture) {
            picture_ = std::move(picture);
            present(step);
        });
}

qreal NetworkView::unitSide() const {
    std::size_t most = 1;
    for (const auto& column : picture_.columns)
        most = std::max(most, column.shown.size());
    const auto rows = static_cast<qreal>(most);
    const qreal fitting = (height() - 2 * titleHeight - (rows - 1) * gap) / rows;
    const qreal across = (width() - 2 * margin) / (2 * static_cast<qreal>(picture_.columns.size()) - 1);
    return std::clamp(std::min(fitting, across), smallestUnit, largestUnit);
}

QRectF NetworkView::unitRect(std::size_t column, std::size_t k) const {
    const qreal side = unitSide();
    const auto count = static_cast<qreal>(picture_.columns[column].shown.size());
    const auto last = static_cast<qreal>(std::max<std::size_t>(1, picture_.columns.size() - 1));
    const qreal x = margin + static_cast<qreal>(column) / last * (width() - 2 * margin - side);
    const qreal room = height() - 2 * titleHeight;
    const qreal pitch = std::min(side * 1.6, (room + gap) / count);
    const qreal top = titleHeight + (room - (count - 1) * pitch - side) / 2;
    return {x, top + static_cast<qreal>(k) * pitch, side, side};
}

QLineF NetworkView::edgeLine(const Edge& edge) const {
    const QRectF from = unitRect(edge.column - 1, edge.from), to = unitRect(edge.column, edge.to);
    return {QPointF(from.right(), from.center().y()), QPointF(to.left(), to.center().y())};
}

void NetworkView::paint(QPainter& painter) {
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t column = 1; column < picture_.columns.size(); ++column)
        paintEdges(painter, column);
    for (std::size_t column = 0; column < picture_.columns.size(); ++column) {
        paintUnits(painter, column);
        paintTitle(painter, column);
    }
}

void NetworkView::paintEdges(QPainter& painter, std::size_t column) const {
    const auto& layer = picture_.columns[column];
    if (!(layer.largestWeight > 0)) return;
    for (std::size_t to = 0; to < layer.shown.size(); ++to)
        for (std::size_t from = 0; from < picture_.columns[column - 1].shown.size(); ++from) {
            const double weight =
                layer.weights(static_cast<Index>(to), static_cast<Index>(from)) / layer.largestWeight;
            QColor color = Theme::instance().signedColor(weight < 0 ? -1 : 1);
            color.setAlphaF(static_cast<float>(std::clamp(0.15 + 0.75 * std::abs(weight), 0.0, 1.0)));
            painter.setPen(QPen(color, thinnestLine + std::abs(weight) * (widestLine - thinnestLine)));
            painter.drawLine(edgeLine({column, to, from}));
        }
}

void NetworkView::paintUnits(QPainter& painter, std::size_t column) const {
    const auto& layer = picture_.columns[column];
    const Palette& colors = Theme::instance().palette();
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    for (std::size_t k = 0; k < layer.shown.size(); ++k) {
        const QRectF rect = unitRect(column, k);
        painter.setPen(QPen(colors.line, 1));
        if (layer.maps.empty()) {
            painter.setBrush(colors.grid);
            painter.drawEllipse(rect);
            continue;
        }
        painter.drawImage(rect, layer.maps[k]);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect);
    }
}

void NetworkView::paintTitle(QPainter& painter, std::size_t column) const {
    const auto& layer = picture_.columns[column];
    painter.setFont(smallNumbers());
    painter.setPen(Theme::instance().palette().quiet);
    const QRectF first = unitRect(column, 0);
    const qreal room = (width() - 2 * margin) / static_cast<qreal>(picture_.columns.size());
    qreal left = first.center().x() - room / 2;
    left = std::clamp(left, 0.0, std::max(0.0, width() - room));
    const auto align = column == 0                             ? Qt::AlignLeft
                       : column + 1 == picture_.columns.size() ? Qt::AlignRight
                                                               : Qt::AlignHCenter;
    const auto text = [&](qreal top, const QString& words) {
        painter.drawText(QRectF(left, top, room, titleHeight), align | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(words, Qt::ElideRight, static_cast<int>(room)));
    };
    text(0, layer.title);
    if (layer.units > static_cast<Index>(layer.shown.size()))
        text(height() - titleHeight,
             tr("%1 of %2 units")
                 .arg(formatCount(static_cast<qint64>(layer.shown.size())), formatCount(layer.units)));
}

QString NetworkView::unitText(std::size_t column, std::size_t k) const {
    const auto& layer = picture_.columns[column];
    const auto index = static_cast<Index>(k);
    QString text = tr("%1, unit %2 of %3").arg(layer.title).arg(layer.shown[k] + 1).arg(layer.units);
    if (column > 0) text += tr("\nbias %1\n%2").arg(formatNumber(layer.bias(index)), layer.layers);
    return text + tr("\nhands on %1 to %2")
                      .arg(formatNumber(layer.smallest(index)), formatNumber(layer.largest(index)));
}

QString NetworkView::edgeText(const QPointF& position) const {
    QString text;
    double nearest = nearEnough;
    for (std::size_t column = 1; column < picture_.columns.size(); ++column) {
        const auto& layer = picture_.columns[column];
        const auto& before = picture_.columns[column - 1];
        for (std::size_t to = 0; to < layer.shown.size(); ++to)
            for (std::size_t from = 0; from < before.shown.size(); ++from) {
                const double distance = distanceTo(edgeLine({column, to, from}), position);
                if (distance >= nearest) continue;
                nearest = distance;
                text =
                    tr("weight from %1 %2 to %3 %4: %5")
                        .arg(before.title)
                        .arg(before.shown[from] + 1)
                        .arg(layer.title)
                        .arg(layer.shown[to] + 1)
                        .arg(formatNumber(layer.weights(static_cast<Index>(to), static_cast<Index>(from))));
            }
    }
    return text;
}

QString NetworkView::textAt(const QPointF& position) const {
    if (empty()) return {};
    for (std::size_t column = 0; column < picture_.columns.size(); ++column)
        for (std::size_t k = 0; k < picture_.columns[column].shown.size(); ++k)
            if (unitRect(column, k).contains(position)) return unitText(column, k);
    return edgeText(position);
}

} // namespace kappascope::ui
