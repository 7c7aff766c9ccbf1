// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/plane_view.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace kappascope::ui {

namespace {
constexpr int mostCells = 100; // per axis; smoothed to the picture's pixels
}

void PlaneView::follow(const std::shared_ptr<const Split>& split) {
    if (split == data_) return;
    data_ = split;
    frame_.setData(planeData(*split));
}

void PlaneView::evaluate() {
    follow(snapshot()->data);
    frame_.setGeometry(rect(), devicePixelRatioF());
    const int cells = affordableCells(*snapshot(), mostCells);
    const PlaneData& plane = frame_.data();
    const auto colors = FieldColors::fromTheme(plane.classes);
    channel().request(
        [snapshot = snapshot(), extent = plane.extent, classification = plane.classes > 0,
         bound = plane.targetBound, colors, cells, size = frame_.deviceSize()](const Cancelled& cancelled) {
            Result result{evaluateField(*snapshot, extent, cells, cells, cancelled), {}};
            if (result.field.complete)
                result.image = paintField(result.field, colors, classification, bound, size);
            return result;
        },
        [this, step = snapshot()->step](Result result) {
            field_ = std::move(result.field);
            image_ = std::move(result.image);
            present(step);
        });
}

void PlaneView::forget() {
    data_.reset();
    field_ = {};
    image_ = {};
}

void PlaneView::paint(QPainter& painter) {
    frame_.setGeometry(rect(), devicePixelRatioF());
    if (image_.size() != frame_.deviceSize()) // resized, the new picture is on its way
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(frame_.area(), image_);
    frame_.paintOverlay(painter, {});
}

QString PlaneView::textAt(const QPointF& position) const {
    if (empty() || !frame_.area().contains(position)) return {};
    const QPointF at = frame_.toData(position);
    const PlaneData& plane = frame_.data();
    QString text = QStringLiteral("%1 = %2, %3 = %4\n%5")
                       .arg(plane.xName, formatNumber(at.x()), plane.yName, formatNumber(at.y()),
                            prediction(field_.values.col(field_.cellAt(at))));
    if (const SamplePoint* point = frame_.nearest(position))
        text +=
            tr("\nnearest sample: %1, %2").arg(describe(*point), point->test ? tr("test") : tr("training"));
    if (plane.samples > static_cast<qint64>(plane.points.size()))
        text += tr("\n%1 of %2 samples drawn")
                    .arg(formatCount(static_cast<qint64>(plane.points.size())), formatCount(plane.samples));
    return text + tr("\nfilled: training, hollow: test; step %1").arg(formatCount(shownStep()));
}

} // namespace kappascope::ui
