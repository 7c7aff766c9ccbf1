// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/image_grid.h"

#include "ui/theme/theme.h"
#include "ui/views/view_catalog.h"
#include "ui/views/view_text.h"
#include "ui/widgets/sample_picture.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr std::size_t mostThumbnails = 150;
constexpr qreal wantedCell = 40, captionHeight = 16, labelHeight = 12;
constexpr int captionSlack = 4; ///< px: widths are rounded, on dense screens to parts of a pixel

} // namespace

ImageGrid::ImageGrid(ViewWorker& worker, QWidget* parent) : RunView(worker, parent) {
    setAccessibleName(tr("Samples with predictions"));
}

ImageGrid::Page ImageGrid::makePage(const Snapshot& snapshot, const QColor& paper, const QColor& ink,
                                    const Cancelled& cancelled) {
    const SamplePredictions predictions = predictSamples(snapshot, cancelled);
    Page page;
    if (!predictions.complete) return page;
    page.source = predictions.source();
    page.evaluated = static_cast<int>(predictions.sample.size());
    for (std::size_t k = 0; k < predictions.sample.size(); ++k)
        page.thumbnails.push_back({predictions.sample[k],
                                   predictions.truth[k],
                                   predictions.predicted[k],
                                   predictions.confidence[k],
                                   predictions.ofTruth[k],
                                   {}});
    const auto firstRight = std::stable_partition(page.thumbnails.begin(), page.thumbnails.end(),
                                                  [](const auto& t) { return t.wrong(); });
    page.wrong = static_cast<int>(firstRight - page.thumbnails.begin());
    std::stable_sort(page.thumbnails.begin(), firstRight,
                     [](const Thumbnail& a, const Thumbnail& b) { return a.ofTruth < b.ofTruth; });
    if (page.thumbnails.size() > mostThumbnails)
        page.thumbnails.erase(page.thumbnails.begin() + mostThumbnails, page.thumbnails.end());

    const Dataset& set = shownSet(*snapshot.data);
    for (Thumbnail& thumbnail : page.thumbnails)
        thumbnail.image = samplePicture(set, thumbnail.sample, paper, ink);
    return page;
}

void ImageGrid::evaluate() {
    const Palette& colors = Theme::instance().palette();
    channel().request([snapshot = snapshot(), paper = colors.grid, ink = colors.text](
                          const Cancelled& cancelled) { return makePage(*snapshot, paper, ink, cancelled); },
                      [this, step = snapshot()->step](Page page) {
                          page_ = std::move(page);
                          present(step);
                      });
}

/// As many as make cells of about the wanted size and leave the least empty below the last row.
int ImageGrid::columns() const {
    const int usual = std::max(1, static_cast<int>(width() / wantedCell));
    const auto emptyBelow = [this](int columns) {
        const qreal cell = static_cast<qreal>(width()) / columns + labelHeight;
        return std::fmod(std::max(height() - captionHeight, 0.0), cell);
    };
    int best = usual;
    for (const int columns : {usual - 1, usual + 1, usual + 2})
        if (columns > 1 && emptyBelow(columns) < emptyBelow(best)) best = columns;
    return best;
}

QRectF ImageGrid::cellRect(int position) const {
    const qreal side = static_cast<qreal>(width()) / columns();
    const int row = position / columns(), column = position % columns();
    return {column * side, captionHeight + row * (side + labelHeight), side, side + labelHeight};
}

/// The longest that there is room for; what it leaves out stands in the text on hover.
QString ImageGrid::captionFor(const QFontMetrics& metrics) const {
    const QString wrong = formatCount(page_.wrong), all = formatCount(page_.evaluated);
    for (const QString& caption :
         {tr("%1 wrong, %2").arg(wrong, page_.source), tr("%1 of %2 samples wrong").arg(wrong, all)})
        if (metrics.horizontalAdvance(caption) + captionSlack <= width()) return caption;
    return tr("%1 of %2 wrong").arg(wrong, all);
}

void ImageGrid::paint(QPainter& painter) {
    painter.setFont(smallNumbers());
    painter.setPen(Theme::instance().palette().quiet);
    const QString caption = captionFor(painter.fontMetrics());
    painter.drawText(QRectF(0, 0, width(), captionHeight), Qt::AlignCenter,
                     painter.fontMetrics().elidedText(caption, Qt::ElideRight, width()));
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    for (int k = 0; k < static_cast<int>(page_.thumbnails.size()); ++k) {
        if (cellRect(k).bottom() > height()) break;
        paintThumbnail(painter, k);
    }
}

void ImageGrid::paintThumbnail(QPainter& painter, int position) const {
    const Thumbnail& thumbnail = page_.thumbnails[static_cast<std::size_t>(position)];
    const Palette& colors = Theme::instance().palette();
    const QRectF cell = cellRect(position);
    const qreal side = cell.width() - 4;
    const QSizeF size = QSizeF(thumbnail.image.size()).scaled(side, side, Qt::KeepAspectRatio);
    const QRectF picture(QPointF(cell.center().x() - size.width() / 2, cell.top() + 2), size);
    painter.drawImage(picture, thumbnail.image);
    if (thumbnail.wrong()) {
        painter.setPen(QPen(colors.warning, 1));
        painter.drawRect(picture.adjusted(-0.5, -0.5, 0.5, 0.5));
    }
    painter.setPen(thumbnail.wrong() ? colors.warning : colors.quiet);
    const QString label =
        thumbnail.wrong() ? className(thumbnail.truth) + QStringLiteral("→") + className(thumbnail.predicted)
                          : className(thumbnail.truth);
    const QRectF line(cell.left(), picture.bottom(), cell.width(), labelHeight);
    painter.drawText(line, Qt::AlignCenter,
                     painter.fontMetrics().elidedText(label, Qt::ElideRight, int(cell.width()) - 3));
}

QString ImageGrid::className(int label) const {
    return QString::fromStdString(snapshot()->data->train.classNames[static_cast<std::size_t>(label)]);
}

int ImageGrid::thumbnailAt(const QPointF& position) const {
    for (int k = 0; k < static_cast<int>(page_.thumbnails.size()) && cellRect(k).bottom() <= height(); ++k)
        if (cellRect(k).contains(position)) return k;
    return -1;
}

void ImageGrid::mousePressEvent(QMouseEvent* event) {
    RunView::mousePressEvent(event); // first: the run is selected too
    if (const int k = thumbnailAt(event->position()); k >= 0 && event->button() == Qt::LeftButton)
        emit sampleChosen(page_.thumbnails[static_cast<std::size_t>(k)].sample);
}

QString ImageGrid::textAt(const QPointF& position) const {
    if (empty()) return {};
    if (const int k = thumbnailAt(position); k >= 0) {
        const Thumbnail& thumbnail = page_.thumbnails[static_cast<std::size_t>(k)];
        return tr("sample %1: class %2, predicted %3 with probability %4\n%5; step %6\nClick to see what the "
                  "layers make of it")
            .arg(formatCount(thumbnail.sample), className(thumbnail.truth), className(thumbnail.predicted),
                 formatNumber(thumbnail.confidence), page_.source, formatCount(shownStep()));
    }
    return tr("%1 of %2 evaluated samples are wrong; they come first, the worst in front\n%3; step %4")
        .arg(formatCount(page_.wrong), formatCount(page_.evaluated), page_.source, formatCount(shownStep()));
}

ViewEntry imageGrid() {
    return {{"image_grid",
             "Samples",
             "Evaluation mode: images with the predicted class, the worst errors first, from at most 2,000 "
             "samples of "
             "the test set, or of the training set when nothing is held out.",
             {},
             {}},
            "Images",
            [](const Split& data) {
                return data.train.task == Task::Classification && data.train.image.has_value();
            },
            [](ViewWorker& worker) { return std::make_unique<ImageGrid>(worker); }};
}

} // namespace kappascope::ui
