// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/network_view.h"

#include "ui/theme/theme.h"
#include "ui/views/view_text.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr qreal titleHeight = NetworkLayout::titleHeight, gap = NetworkLayout::gap;
constexpr qreal leastPitch = 11, leastPicturePitch = 28; ///< from unit to unit
constexpr int fewestUnits = 4, manyUnits = 16;
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

int NetworkView::mostUnits() const {
    const bool images = snapshot()->data->train.image.has_value();
    const qreal fitting =
        (height() - titleHeight - (images ? titleHeight : gap)) / (images ? leastPicturePitch : leastPitch);
    return std::clamp(static_cast<int>(fitting), fewestUnits, manyUnits);
}

void NetworkView::evaluate() {
    struct Result {
        NetworkPicture picture;
        QImage edges;
    };
    const auto& theme = Theme::instance();
    channel().request(
        [snapshot = snapshot(), colors = FieldColors::fromTheme(0), most = mostUnits(), size = size(),
         ratio = devicePixelRatioF(), font = smallNumbers(), below = theme.signedColor(-1),
         above = theme.signedColor(1)](const Cancelled& cancelled) {
            Result result{makeNetworkPicture(*snapshot, colors, most, cancelled), {}};
            if (!result.picture.complete) return result;
            const NetworkLayout layout(result.picture, size, font);
            result.edges = paintedEdges(result.picture, layout, size, ratio, below, above, cancelled);
            return result;
        },
        [this, step = snapshot()->step](Result result) {
            picture_ = std::move(result.picture);
            edges_ = std::move(result.edges);
            present(step);
        });
}

NetworkLayout NetworkView::placing() const {
    return {picture_, size(), smallNumbers()};
}

QRectF NetworkView::unitRect(std::size_t column, std::size_t k) const {
    return placing().unitRect(column, k);
}

/// Edges of another size are stretched to this one until those of this size are there.
void NetworkView::paint(QPainter& painter) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawImage(QRectF(rect()), edges_);
    for (std::size_t column = 0; column < picture_.columns.size(); ++column) {
        paintUnits(painter, column);
        paintNames(painter, column);
        paintTitle(painter, column);
    }
}

void NetworkView::paintUnits(QPainter& painter, std::size_t column) const {
    const auto& layer = picture_.columns[column];
    const Palette& colors = Theme::instance().palette();
    const NetworkLayout places = placing();
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.setPen(QPen(colors.line, 1));
    if (!layer.picture.isNull()) {
        painter.drawImage(places.pictureRect(), layer.picture);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(places.pictureRect());
    }
    const double bound = layer.mean.size() > 0 ? std::max(layer.mean.cwiseAbs().maxCoeff(), 1e-300) : 1;
    for (std::size_t k = 0; k < layer.shown.size(); ++k) {
        const QRectF rect = places.unitRect(column, k);
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
    const NetworkLayout places = placing();
    const qreal room = places.nameWidth(column);
    for (qsizetype k = 0; k < names.size(); ++k) {
        const QRectF unit = places.unitRect(column, static_cast<std::size_t>(k));
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
    const NetworkLayout places = placing();
    const QRectF place =
        column == 0 && !layer.picture.isNull() ? places.pictureRect() : places.columnRect(column);
    const qreal most = width() / static_cast<qreal>(picture_.columns.size());
    const auto text = [&](qreal top, const QString& words) {
        const QString shown = painter.fontMetrics().elidedText(words, Qt::ElideRight, static_cast<int>(most));
        const qreal wide = painter.fontMetrics().horizontalAdvance(shown) + 1;
        // Over its column, but within the picture.
        const qreal left =
            std::clamp(place.center().x() - wide / 2, gap, std::max(gap, width() - gap - wide));
        painter.drawText(QRectF(left, top, wide, titleHeight), Qt::AlignCenter, shown);
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
    const NetworkLayout places = placing();
    QString text;
    double nearest = nearEnough;
    for (std::size_t column = 1; column < picture_.columns.size(); ++column) {
        const auto& layer = picture_.columns[column];
        const auto& before = picture_.columns[column - 1];
        for (std::size_t to = 0; to < layer.shown.size(); ++to)
            for (std::size_t from = 0; from < before.shown.size(); ++from) {
                const double distance = distanceTo(places.line({column, to, from}), position);
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
    const NetworkLayout places = placing();
    if (!picture_.columns[0].picture.isNull() && places.pictureRect().contains(position))
        return tr("the %1 inputs: the mean of some training samples")
            .arg(formatCount(picture_.columns[0].units));
    for (std::size_t column = 0; column < picture_.columns.size(); ++column)
        for (std::size_t k = 0; k < picture_.columns[column].shown.size(); ++k)
            if (places.unitRect(column, k).contains(position)) return unitText(column, k);
    return edgeText(position);
}

} // namespace kappascope::ui
