// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/confusion_matrix.h"

#include "ui/theme/theme.h"
#include "ui/views/view_catalog.h"
#include "ui/views/view_text.h"
#include "ui/widgets/number_label.h"

#include <QPainter>
#include <algorithm>

namespace kappascope::ui {

namespace {
constexpr qreal labelHeight = 15;
constexpr qreal roomForCount = 16; // px: smaller cells stay without text, the tooltip has it
constexpr qreal roomForShare = 34;
constexpr qreal leastRowForText = 10, accuracyGap = 4;
constexpr qreal narrowestWithAccuracies = 150; ///< of the whole picture
} // namespace

double ConfusionCounts::share(int truth, int predicted) const {
    const int sum = rowSum(truth);
    return sum > 0 ? static_cast<double>(counts(truth, predicted)) / sum : 0;
}

ConfusionCounts countConfusions(const SamplePredictions& predictions, int classes) {
    ConfusionCounts result{predictions.source(), Eigen::MatrixXi::Zero(classes, classes)};
    for (std::size_t k = 0; k < predictions.truth.size(); ++k)
        result.counts(predictions.truth[k], std::min(predictions.predicted[k], classes - 1)) += 1;
    return result;
}

ConfusionMatrix::ConfusionMatrix(ViewWorker& worker, QWidget* parent) : RunView(worker, parent) {
    setAccessibleName(tr("Confusion matrix"));
}

void ConfusionMatrix::evaluate() {
    channel().request(
        [snapshot = snapshot()](const Cancelled& cancelled) { return predictSamples(*snapshot, cancelled); },
        [this, current = snapshot()](const SamplePredictions& predictions) {
            counts_ = countConfusions(predictions, static_cast<int>(current->data->train.classes()));
            present(current->step);
        });
}

void ConfusionMatrix::forget() {
    counts_ = {};
}

QString ConfusionMatrix::className(int label) const {
    return QString::fromStdString(snapshot()->data->train.classNames[static_cast<std::size_t>(label)]);
}

/// Of the column to the right of the matrix.
qreal ConfusionMatrix::accuracyWidth() const {
    if (width() < narrowestWithAccuracies) return 0;
    return accuracyGap + QFontMetricsF(smallNumbers()).horizontalAdvance(formatShare(0.9999));
}

QRectF ConfusionMatrix::matrixRect() const {
    const qreal top = 2 * labelHeight + 2, left = labelHeight, right = accuracyWidth();
    const qreal side = std::max<qreal>(10, std::min(width() - left - right, height() - top));
    return {left + (width() - left - right - side) / 2, top, side, side};
}

QRectF ConfusionMatrix::accuracyRect(int truth) const {
    if (accuracyWidth() == 0) return {};
    const QRectF all = matrixRect();
    const qreal side = all.height() / static_cast<qreal>(counts_.counts.rows());
    return {all.right() + accuracyGap, all.top() + truth * side, accuracyWidth() - accuracyGap, side};
}

QRectF ConfusionMatrix::cellRect(int truth, int predicted) const {
    const QRectF all = matrixRect();
    const qreal side = all.width() / static_cast<qreal>(counts_.counts.rows());
    return {all.left() + predicted * side, all.top() + truth * side, side, side};
}

void ConfusionMatrix::paint(QPainter& painter) {
    const auto classes = static_cast<int>(counts_.counts.rows());
    for (int truth = 0; truth < classes; ++truth)
        for (int predicted = 0; predicted < classes; ++predicted)
            paintCell(painter, truth, predicted);
    paintLabels(painter);
    paintAccuracies(painter);
}

void ConfusionMatrix::paintAccuracies(QPainter& painter) const {
    if (accuracyWidth() == 0) return;
    const Palette& colors = Theme::instance().palette();
    painter.setFont(smallNumbers());
    painter.setPen(colors.quiet);
    const QRectF first = accuracyRect(0);
    painter.drawText(QRectF(first.left(), first.top() - labelHeight, first.width(), labelHeight),
                     Qt::AlignCenter, tr("right"));
    painter.setPen(colors.text);
    for (int truth = 0; truth < static_cast<int>(counts_.counts.rows()); ++truth)
        if (accuracyRect(truth).height() >= leastRowForText)
            drawTabular(painter, accuracyRect(truth), Qt::AlignRight | Qt::AlignVCenter,
                        counts_.rowSum(truth) > 0 ? formatShare(counts_.accuracy(truth))
                                                  : QStringLiteral("—"));
}

void ConfusionMatrix::paintCell(QPainter& painter, int truth, int predicted) const {
    const Theme& theme = Theme::instance();
    const QRectF cell = cellRect(truth, predicted).adjusted(0.5, 0.5, -0.5, -0.5);
    const double share = counts_.share(truth, predicted);
    painter.fillRect(cell, share > 0 ? theme.signedColor(truth == predicted ? share : -share)
                                     : theme.palette().grid);
    const int count = counts_.counts(truth, predicted);
    if (count == 0 || cell.width() < roomForCount) return;
    painter.setPen(theme.palette().text);
    painter.setFont(smallNumbers());
    QString text = formatCount(count);
    if (cell.width() >= roomForShare) text += '\n' + formatShare(share);
    if (painter.fontMetrics().horizontalAdvance(formatCount(count)) < cell.width())
        painter.drawText(cell, Qt::AlignCenter, text);
}

void ConfusionMatrix::paintLabels(QPainter& painter) const {
    const QRectF all = matrixRect();
    painter.setPen(Theme::instance().palette().quiet);
    painter.setFont(smallNumbers());
    const QFontMetricsF metrics(painter.font());
    painter.drawText(QRectF(0, 0, width(), labelHeight), Qt::AlignCenter,
                     metrics.elidedText(counts_.source, Qt::ElideRight, width()));
    const auto classes = static_cast<int>(counts_.counts.rows());
    const qreal side = all.width() / classes;
    if (side >= 9)
        for (int label = 0; label < classes; ++label) {
            const QString name = metrics.elidedText(className(label), Qt::ElideRight, side - 1);
            painter.drawText(QRectF(all.left() + label * side, labelHeight, side, labelHeight),
                             Qt::AlignCenter, name);
            painter.save();
            painter.translate(all.left() - labelHeight, all.top() + (label + 1) * side);
            painter.rotate(-90);
            painter.drawText(QRectF(0, 0, side, labelHeight), Qt::AlignCenter, name);
            painter.restore();
        }
}

QString ConfusionMatrix::textAt(const QPointF& position) const {
    if (empty()) return {};
    const auto classes = static_cast<int>(counts_.counts.rows());
    const QRectF all = matrixRect();
    for (int truth = 0; truth < classes; ++truth)
        if (accuracyRect(truth).contains(position))
            return tr("class %1: %2 of %3 right, %4\n%5; step %6")
                .arg(className(truth), formatCount(counts_.counts(truth, truth)),
                     formatCount(counts_.rowSum(truth)), formatShare(counts_.accuracy(truth)), counts_.source,
                     formatCount(shownStep()));
    if (!all.contains(position))
        return tr("Confusion matrix of the %1\nrows: true class, columns: predicted class; step %2")
            .arg(counts_.source, formatCount(shownStep()));
    const qreal side = all.width() / classes;
    const int truth = std::min(classes - 1, static_cast<int>((position.y() - all.top()) / side));
    const int predicted = std::min(classes - 1, static_cast<int>((position.x() - all.left()) / side));
    return tr("class %1 taken for %2: %3 of %4, %5\n%6; step %7")
        .arg(className(truth), className(predicted), formatCount(counts_.counts(truth, predicted)),
             formatCount(counts_.rowSum(truth)), formatShare(counts_.share(truth, predicted)), counts_.source,
             formatCount(shownStep()));
}

ViewEntry confusionMatrix() {
    return {{"confusion_matrix",
             "Confusion matrix",
             "Evaluation mode: how often each class (rows) is taken for each class (columns), and how many "
             "of each "
             "class are right, over at most 2,000 "
             "samples of the test set, or of the training set when nothing is held out.",
             {},
             {}},
            "Matrix",
            [](const Split& data) { return data.train.task == Task::Classification; },
            [](ViewWorker& worker) { return std::make_unique<ConfusionMatrix>(worker); }};
}

} // namespace kappascope::ui
