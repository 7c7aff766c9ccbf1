// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/feature_map_view.h"

#include "ui/theme/theme.h"
#include "ui/views/view_text.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr qreal headHeight = 18, footHeight = 18, margin = 8, gap = 3, scaleWidth = 64;

/// The number of columns with which `count` tiles of this shape become largest in `room`.
int bestColumns(int count, const QSizeF& room, double heightOverWidth) {
    int best = 1;
    double widest = 0;
    for (int columns = 1; columns <= count; ++columns) {
        const int rows = (count + columns - 1) / columns;
        const double width = std::min(room.width() / columns, room.height() / rows / heightOverWidth);
        if (width <= widest) continue;
        widest = width;
        best = columns;
    }
    return best;
}

} // namespace

FeatureMapView::FeatureMapView(ViewWorker& worker, QWidget* parent) : RunView(worker, parent) {
    setAccessibleName(tr("Filters and feature maps"));
    setToolTip(tr("Kernels of a convolution, and what a layer makes of one image, in evaluation mode"));
}

void FeatureMapView::setSample(Index sample) {
    if (sample == sample_) return;
    sample_ = sample;
    refresh();
}

void FeatureMapView::setLayer(const QString& name) {
    if (name == layer_) return;
    layer_ = name;
    refresh();
}

FieldColors FeatureMapView::colors() {
    FieldColors colors;
    colors.ramps.resize(2);
    for (int l = 0; l < FieldColors::levels; ++l)
        for (const auto positive : {std::size_t{0}, std::size_t{1}}) {
            const double strength = static_cast<double>(l) / (FieldColors::levels - 1);
            colors.ramps[positive][static_cast<std::size_t>(l)] =
                Theme::instance().signedColor(positive ? strength : -strength).rgb();
        }
    return colors;
}

void FeatureMapView::evaluate() {
    if (!snapshot()->data->train.image) {
        picture_ = {};
        picture_.complete = true; // and says so
        return present(snapshot()->step);
    }
    const Palette& palette = Theme::instance().palette();
    channel().request(
        [snapshot = snapshot(), layer = layer_, sample = sample_, field = colors(), paper = palette.grid,
         ink = palette.text](const Cancelled& cancelled) {
            return makeFeatureMaps(*snapshot, layer, sample, field, paper, ink, cancelled);
        },
        [this, step = snapshot()->step](FeatureMapPicture picture) {
            if (!picture.complete) return;
            picture_ = std::move(picture);
            present(step);
        });
}

QRectF FeatureMapView::Grid::rect(std::size_t k) const {
    const int column = static_cast<int>(k) % columns, row = static_cast<int>(k) / columns;
    return {room.left() + column * tile.width(), room.top() + row * tile.height(), tile.width() - gap,
            tile.height() - gap};
}

QRectF FeatureMapView::sampleRect() const {
    const qreal side = std::min(height() - headHeight - footHeight, width() / 6.0);
    const QSizeF size = QSizeF(picture_.sample.size()).scaled(side, side, Qt::KeepAspectRatio);
    return {QPointF(0, headHeight), size};
}

/// Kernels and maps share what the image leaves, by what there is to show.
QRectF FeatureMapView::partRect(bool maps) const {
    const qreal left = sampleRect().right() + 2 * margin, all = width() - left;
    const qreal share = picture_.kernels.images.empty() ? 0 : 0.45;
    const qreal split = left + share * all;
    return maps ? QRectF(split + (share > 0 ? margin : 0), 0, width() - split - (share > 0 ? margin : 0),
                         height())
                : QRectF(left, 0, split - left - margin, height());
}

FeatureMapView::Grid FeatureMapView::mapGrid() const {
    Grid grid{partRect(true).adjusted(0, headHeight, 0, -footHeight), 1, 1, {}};
    const int count = std::max(1, static_cast<int>(picture_.maps.images.size()));
    const double shape = static_cast<double>(std::max<Index>(1, picture_.maps.height)) /
                         static_cast<double>(std::max<Index>(1, picture_.maps.width));
    grid.columns = bestColumns(count, grid.room.size(), shape);
    grid.rows = (count + grid.columns - 1) / grid.columns;
    const qreal side = std::min(grid.room.width() / grid.columns, grid.room.height() / grid.rows / shape);
    grid.tile = {side, side * shape};
    return grid;
}

/// A column for each unit and below each other the channels that it sees; kernels of one channel as maps.
FeatureMapView::Grid FeatureMapView::kernelGrid() const {
    Grid grid{partRect(false).adjusted(0, headHeight, 0, -footHeight), 1, 1, {}};
    const int channels = std::max(1, static_cast<int>(picture_.kernelChannels.size()));
    const int units = std::max(1, static_cast<int>(picture_.kernelUnits.size()));
    const double shape = static_cast<double>(std::max<Index>(1, picture_.kernels.height)) /
                         static_cast<double>(std::max<Index>(1, picture_.kernels.width));
    const double block = shape * channels;
    grid.columns = bestColumns(units, grid.room.size(), block);
    grid.rows = (units + grid.columns - 1) / grid.columns * channels;
    const qreal side =
        std::min({grid.room.width() / grid.columns, grid.room.height() / grid.rows / shape, 48.0});
    grid.tile = {side, side * shape};
    return grid;
}

QRectF FeatureMapView::mapRect(std::size_t k) const {
    return mapGrid().rect(k);
}

QRectF FeatureMapView::kernelRect(std::size_t k) const {
    const Grid grid = kernelGrid();
    const std::size_t channels = std::max<std::size_t>(1, picture_.kernelChannels.size());
    const std::size_t unit = k / channels, channel = k % channels;
    const auto columns = static_cast<std::size_t>(grid.columns);
    return grid.rect((unit / columns * channels + channel) * columns + unit % columns);
}

QString FeatureMapView::heading(bool maps) const {
    if (maps)
        return tr("%1: %2 of %3 maps of %4 × %5")
            .arg(picture_.layers[picture_.layer], formatCount(static_cast<qint64>(picture_.channels.size())),
                 formatCount(picture_.gives.channels), formatCount(picture_.gives.height),
                 formatCount(picture_.gives.width));
    return tr("%1: kernels %2 × %3, units × channels %4 × %5")
        .arg(picture_.kernelsOf, formatCount(picture_.kernels.height), formatCount(picture_.kernels.width),
             formatCount(picture_.units), formatCount(picture_.unitChannels));
}

/// The colours from the smallest to the largest value about 0, with numbers.
void FeatureMapView::paintScale(QPainter& painter, const QRectF& part, double bound) const {
    const qreal top = part.bottom() - footHeight + 5;
    const QString low = formatNumber(-bound, 3), high = formatNumber(bound, 3);
    const qreal text = QFontMetricsF(painter.font()).horizontalAdvance(low) + 4;
    const QRectF bar(part.left() + text, top, scaleWidth, 8);
    const FieldColors field = colors();
    for (int x = 0; x < static_cast<int>(scaleWidth); ++x) {
        const double value = 2 * (x + 0.5) / scaleWidth - 1;
        painter.fillRect(QRectF(bar.left() + x, bar.top(), 1, bar.height()),
                         QColor(field.at(value < 0 ? 0 : 1, std::abs(value))));
    }
    painter.drawText(QRectF(part.left(), top - 4, text, 16), Qt::AlignLeft | Qt::AlignVCenter, low);
    painter.drawText(QRectF(bar.right() + 4, top - 4, 60, 16), Qt::AlignLeft | Qt::AlignVCenter, high);
}

void FeatureMapView::paintPart(QPainter& painter, bool maps) const {
    const FeatureMapPicture::Tiles& tiles = maps ? picture_.maps : picture_.kernels;
    if (tiles.images.empty()) return;
    const QRectF part = partRect(maps);
    painter.setPen(Theme::instance().palette().quiet);
    painter.drawText(
        QRectF(part.left(), 0, part.width(), headHeight), Qt::AlignLeft | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(heading(maps), Qt::ElideRight, static_cast<int>(part.width())));
    painter.setBrush(Qt::NoBrush);
    for (std::size_t k = 0; k < tiles.images.size(); ++k) {
        const QRectF place = maps ? mapRect(k) : kernelRect(k);
        painter.drawImage(place, tiles.images[k]);
        painter.setPen(QPen(Theme::instance().palette().line, 1)); // what is 0 has the panel's colour
        painter.drawRect(place);
    }
    painter.setPen(Theme::instance().palette().quiet);
    paintScale(painter, part, tiles.bound);
}

void FeatureMapView::paint(QPainter& painter) {
    painter.setFont(smallNumbers());
    painter.setPen(Theme::instance().palette().quiet);
    const auto say = [&](const QRectF& room, const QString& text) {
        painter.setFont(Theme::instance().body());
        painter.drawText(room, Qt::AlignCenter | Qt::TextWordWrap, text);
    };
    if (picture_.sample.isNull())
        return say(rect(), tr("These data are no images: choose a set of images in the form to see what a "
                              "network with convolutions makes of them."));
    const QRectF image = sampleRect();
    painter.drawText(QRectF(0, 0, image.width() + margin, headHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("Image"));
    painter.drawImage(image, picture_.sample);
    if (picture_.layer < 0)
        return say(QRectF(image.right() + margin, 0, width() - image.right() - margin, height()),
                   tr("The layers of this network give no maps. Choose one with convolutions in the form, "
                      "Network > Architecture."));
    paintPart(painter, false);
    paintPart(painter, true);
}

QString FeatureMapView::tileText(bool maps, std::size_t k, const QPointF& position) const {
    const FeatureMapPicture::Tiles& tiles = maps ? picture_.maps : picture_.kernels;
    const QRectF rect = maps ? mapRect(k) : kernelRect(k);
    const auto cell = [](qreal at, qreal from, qreal length, Index cells) {
        return std::clamp<Index>(static_cast<Index>((at - from) / length * static_cast<qreal>(cells)), 0,
                                 cells - 1);
    };
    const Index x = cell(position.x(), rect.left(), rect.width(), tiles.width);
    const Index y = cell(position.y(), rect.top(), rect.height(), tiles.height);
    const auto values = tiles.values.col(static_cast<Index>(k));
    const QString numbers = tr("%1 at row %2, column %3; from %4 to %5, in the mean %6")
                                .arg(formatNumber(values(y * tiles.width + x)))
                                .arg(y + 1)
                                .arg(x + 1)
                                .arg(formatNumber(values.minCoeff()), formatNumber(values.maxCoeff()),
                                     formatNumber(values.mean()));
    if (maps)
        return tr("map %1 of %2\n%3").arg(picture_.channels[k] + 1).arg(picture_.gives.channels).arg(numbers);
    const std::size_t channels = picture_.kernelChannels.size();
    return tr("kernel of unit %1 on channel %2\n%3")
        .arg(picture_.kernelUnits[k / channels] + 1)
        .arg(picture_.kernelChannels[k % channels] + 1)
        .arg(numbers);
}

QString FeatureMapView::textAt(const QPointF& position) const {
    if (empty() || picture_.sample.isNull()) return {};
    if (sampleRect().contains(position)) return picture_.sampleText;
    for (const bool maps : {false, true}) {
        const auto& tiles = maps ? picture_.maps : picture_.kernels;
        for (std::size_t k = 0; k < tiles.images.size(); ++k)
            if ((maps ? mapRect(k) : kernelRect(k)).contains(position)) return tileText(maps, k, position);
    }
    return {};
}

} // namespace kappascope::ui
