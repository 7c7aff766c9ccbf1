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
constexpr qreal largestUnit = 52, smallestUnit = 8;
constexpr qreal leastPitch = 11, leastPicturePitch = 28; ///< from unit to unit
constexpr int fewestUnits = 4, manyUnits = 16;
constexpr qreal longestName = 96;
constexpr double widestLine = 5, thinnestLine = 0.4;
constexpr double nearEnough = 5; ///< px from a line for its tooltip

double distanceTo(const QLineF& line, const QPointF& point) {
    const QPointF along = line.p2() - line.p1();
    const double length2 = QPointF::dotProduct(along, along);
    const double t =
        length2 > 0 ? std::clamp(QPointF::dotProduct(point - line.p1(), along) / length2, 0.0, 1.0) : 0;
    return QLineF(point, line.p1() + t * along).length();
}

/// From the right of one unit to the left of the next.
QLineF lineBetween(const QRectF& from, const QRectF& to) {
    return {QPointF(from.right(), from.center().y()), QPointF(to.left(), to.center().y())};
}

} // namespace

NetworkView::NetworkView(ViewWorker& worker, QWidget* parent) : RunView(worker, parent) {
    setAccessibleName(tr("Network"));
    setToolTip(tr("Weights as lines, wider for larger ones relative to their layer; units as maps of what "
                  "they hand on"));
}

int NetworkView::mostUnits() const {
    const bool images = snapshot()->data->train.image.has_value();
    const qreal fitting =
        (height() - titleHeight - (images ? titleHeight : gap)) / (images ? leastPicturePitch : leastPitch);
    return std::clamp(static_cast<int>(fitting), fewestUnits, manyUnits);
}

void NetworkView::evaluate() {
    channel().request(
        [snapshot = snapshot(), colors = FieldColors::fromTheme(0), most = mostUnits()](
            const Cancelled& cancelled) { return makeNetworkPicture(*snapshot, colors, most, cancelled); },
        [this, step = snapshot()->step](NetworkPicture picture) {
            picture_ = std::move(picture);
            present(step);
        });
}

qreal NetworkView::nameWidth(std::size_t column) const {
    const QFontMetricsF metrics(smallNumbers());
    qreal widest = 0;
    for (const QString& name : picture_.columns[column].names)
        widest = std::max(widest, metrics.horizontalAdvance(name) + gap);
    return std::min({widest, longestName, width() / 6.0});
}

/// Below the units: what is not drawn, where that is so.
qreal NetworkView::footHeight() const {
    const bool partial = std::ranges::any_of(picture_.columns, [](const auto& column) {
        return !column.picture.isNull() || column.units > static_cast<Index>(column.shown.size());
    });
    return partial ? titleHeight : gap;
}

qreal NetworkView::unitSide() const {
    std::size_t most = 1;
    for (const auto& column : picture_.columns)
        most = std::max(most, column.shown.size());
    const auto rows = static_cast<qreal>(most);
    const qreal pitch = (height() - titleHeight - footHeight()) / rows;
    const qreal fitting = pitch - std::min(gap, pitch / 5);
    const qreal across = (width() - 2 * margin) / (2 * static_cast<qreal>(picture_.columns.size()) - 1);
    return std::clamp(std::min(fitting, across), smallestUnit, largestUnit);
}

/// Where the units of a column stand one above the other, over the whole height between the titles.
QRectF NetworkView::columnRect(std::size_t column) const {
    const std::size_t end = picture_.columns.size() - 1;
    const qreal side = unitSide();
    const qreal first =
        margin + (picture_.columns[0].picture.isNull() ? nameWidth(0) : pictureRect().width() - side);
    const qreal title = QFontMetricsF(smallNumbers()).horizontalAdvance(picture_.columns[end].title);
    const qreal last = width() - side - std::max(margin + nameWidth(end), (title - side) / 2 + gap + 1);
    const auto steps = static_cast<qreal>(std::max<std::size_t>(1, end));
    return {first + static_cast<qreal>(column) / steps * (last - first), titleHeight, side,
            height() - titleHeight - footHeight()};
}

/// Of the inputs, where they are a picture.
QRectF NetworkView::pictureRect() const {
    const QSizeF most(std::min(120.0, width() / 6.0), height() - 2 * titleHeight);
    const QSizeF size = QSizeF(picture_.columns[0].picture.size()).scaled(most, Qt::KeepAspectRatio);
    return {QPointF(margin, (height() - size.height()) / 2), size};
}

QRectF NetworkView::unitRect(std::size_t column, std::size_t k) const {
    const QRectF place = columnRect(column);
    const qreal side = place.width();
    const auto count = static_cast<qreal>(picture_.columns[column].shown.size());
    const qreal pitch = std::min(side * 1.6, (place.height() + gap) / count);
    const qreal top = place.top() + (place.height() - (count - 1) * pitch - side) / 2;
    return {place.left(), top + static_cast<qreal>(k) * pitch, side, side};
}

QLineF NetworkView::edgeLine(const Edge& edge) const {
    return lineBetween(unitRect(edge.column - 1, edge.from), unitRect(edge.column, edge.to));
}

void NetworkView::paint(QPainter& painter) {
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t column = 1; column < picture_.columns.size(); ++column)
        paintEdges(painter, column);
    for (std::size_t column = 0; column < picture_.columns.size(); ++column) {
        paintUnits(painter, column);
        paintNames(painter, column);
        paintTitle(painter, column);
    }
}

void NetworkView::paintEdges(QPainter& painter, std::size_t column) const {
    const auto& layer = picture_.columns[column];
    if (!(layer.largestWeight > 0)) return;
    const double widest = std::min(widestLine, unitSide() / 6);
    const auto rectsOf = [this](std::size_t of) { // once: each asks for the width of texts
        std::vector<QRectF> rects;
        for (std::size_t k = 0; k < picture_.columns[of].shown.size(); ++k)
            rects.push_back(unitRect(of, k));
        return rects;
    };
    const std::vector<QRectF> sources = rectsOf(column - 1), targets = rectsOf(column);
    for (std::size_t to = 0; to < layer.shown.size(); ++to)
        for (std::size_t from = 0; from < picture_.columns[column - 1].shown.size(); ++from) {
            const double weight =
                layer.weights(static_cast<Index>(to), static_cast<Index>(from)) / layer.largestWeight;
            QColor color = Theme::instance().signedColor(weight < 0 ? -1 : 1);
            // Squared: the few large weights are to stand out from the many.
            color.setAlphaF(static_cast<float>(0.15 + 0.75 * weight * weight));
            painter.setPen(QPen(color, thinnestLine + std::abs(weight) * (widest - thinnestLine)));
            painter.drawLine(lineBetween(sources[from], targets[to]));
        }
}

void NetworkView::paintUnits(QPainter& painter, std::size_t column) const {
    const auto& layer = picture_.columns[column];
    const Palette& colors = Theme::instance().palette();
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.setPen(QPen(colors.line, 1));
    if (!layer.picture.isNull()) {
        painter.drawImage(pictureRect(), layer.picture);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(pictureRect());
    }
    const double bound = layer.mean.size() > 0 ? std::max(layer.mean.cwiseAbs().maxCoeff(), 1e-300) : 1;
    for (std::size_t k = 0; k < layer.shown.size(); ++k) {
        const QRectF rect = unitRect(column, k);
        if (layer.maps.empty()) {
            painter.setBrush(Theme::instance().signedColor(layer.mean(static_cast<Index>(k)) / bound));
            painter.drawEllipse(rect);
            continue;
        }
        painter.drawImage(rect, layer.maps[k]);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect);
    }
}

/// Features to the left of the inputs, classes to the right of the outputs.
void NetworkView::paintNames(QPainter& painter, std::size_t column) const {
    const QStringList& names = picture_.columns[column].names;
    painter.setFont(smallNumbers());
    painter.setPen(Theme::instance().palette().quiet);
    const qreal room = nameWidth(column);
    for (qsizetype k = 0; k < names.size(); ++k) {
        const QRectF unit = unitRect(column, static_cast<std::size_t>(k));
        const QRectF line(column == 0 ? unit.left() - room : unit.right() + gap, unit.center().y() - 8,
                          room - gap, 16);
        const auto align = (column == 0 ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
        painter.drawText(
            line, align,
            painter.fontMetrics().elidedText(names[k], Qt::ElideRight, static_cast<int>(line.width()) + 1));
    }
}

void NetworkView::paintTitle(QPainter& painter, std::size_t column) const {
    const auto& layer = picture_.columns[column];
    painter.setFont(smallNumbers());
    painter.setPen(Theme::instance().palette().quiet);
    const QRectF place = column == 0 && !layer.picture.isNull() ? pictureRect() : columnRect(column);
    const qreal half = std::min({place.center().x() - gap, width() - gap - place.center().x(),
                                 width() / (2.0 * static_cast<qreal>(picture_.columns.size()))});
    const auto text = [&](qreal top, const QString& words) {
        const QRectF line(place.center().x() - half, top, 2 * half, titleHeight);
        painter.drawText(line, Qt::AlignCenter,
                         painter.fontMetrics().elidedText(words, Qt::ElideRight, static_cast<int>(2 * half)));
    };
    text(0, layer.title);
    if (!layer.picture.isNull())
        text(height() - titleHeight, tr("mean picture"));
    else if (layer.units > static_cast<Index>(layer.shown.size()))
        text(height() - titleHeight,
             tr("%1 of %2 units")
                 .arg(formatCount(static_cast<qint64>(layer.shown.size())), formatCount(layer.units)));
}

QString NetworkView::unitText(std::size_t column, std::size_t k) const {
    const auto& layer = picture_.columns[column];
    const auto index = static_cast<Index>(k);
    QString text = tr("%1, unit %2 of %3").arg(layer.title).arg(layer.shown[k] + 1).arg(layer.units);
    if (!layer.names.isEmpty()) text += QStringLiteral(": ") + layer.names[static_cast<qsizetype>(k)];
    if (column > 0) text += tr("\nbias %1\n%2").arg(formatNumber(layer.bias(index)), layer.layers);
    if (column == 1 && !picture_.columns[0].picture.isNull())
        text += tr("\nthe picture: its weights of the pixels");
    return text + tr("\nhands on %1 to %2, in the mean %3")
                      .arg(formatNumber(layer.smallest(index)), formatNumber(layer.largest(index)),
                           formatNumber(layer.mean(index)));
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
    if (!picture_.columns[0].picture.isNull() && pictureRect().contains(position))
        return tr("the %1 inputs: the mean of some training samples")
            .arg(formatCount(picture_.columns[0].units));
    for (std::size_t column = 0; column < picture_.columns.size(); ++column)
        for (std::size_t k = 0; k < picture_.columns[column].shown.size(); ++k)
            if (unitRect(column, k).contains(position)) return unitText(column, k);
    return edgeText(position);
}

} // namespace kappascope::ui
