// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/run_view.h"
#include "ui/views/sample_predictions.h"

namespace kappascope::ui {

/// How often each class (rows) is taken for each class (columns): counts, and shares of the row.
struct ConfusionCounts {
    QString source;         ///< which samples
    Eigen::MatrixXi counts; ///< classes x classes; [true, predicted]
    int rowSum(int truth) const { return counts.row(truth).sum(); }
    double share(int truth, int predicted) const;                    ///< of the row; 0 for an empty row
    double accuracy(int truth) const { return share(truth, truth); } ///< of one class: its recall
};
ConfusionCounts countConfusions(const SamplePredictions& predictions, int classes);

/// Classification: the confusion matrix of the test set, or of the training set when nothing is held out. The
/// diagonal in the positive colour, mistakes in the negative one. Beside each row the accuracy of its class.
class ConfusionMatrix final : public RunView {
    Q_OBJECT
public:
    explicit ConfusionMatrix(ViewWorker& worker, QWidget* parent = nullptr);
    QString textAt(const QPointF& position) const override;
    const ConfusionCounts& confusions() const { return counts_; }
    /// Where the cell is drawn.
    QRectF cellRect(int truth, int predicted) const;
    /// Where the accuracy of a class is drawn; empty where there is no room for any.
    QRectF accuracyRect(int truth) const;

protected:
    void evaluate() override;
    void forget() override;
    void paint(QPainter& painter) override;
    bool followsSize() const override { return false; }
    bool empty() const override { return counts_.counts.size() == 0; }

private:
    QRectF matrixRect() const;
    void paintCell(QPainter& painter, int truth, int predicted) const;
    void paintLabels(QPainter& painter) const;
    void paintAccuracies(QPainter& painter) const;
    qreal accuracyWidth() const;
    QString className(int label) const;

    ConfusionCounts counts_;
};

} // namespace kappascope::ui
