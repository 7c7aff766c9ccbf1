// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/run_view.h"
#include "ui/views/sample_predictions.h"

#include <QImage>

namespace kappascope::ui {

/// Images: samples with the predicted class, the wrong ones first ("true -> predicted"), the worst of them in
/// front (whose true class is least probable to the network), from the test set or, when nothing is held out,
/// the training set. A click chooses a sample.
class ImageGrid final : public RunView {
    Q_OBJECT
public:
    explicit ImageGrid(ViewWorker& worker, QWidget* parent = nullptr);
    QString textAt(const QPointF& position) const override;

    struct Thumbnail {
        int sample, truth, predicted;
        double confidence, ofTruth; ///< probabilities of the predicted and of the true class
        QImage image;
        bool wrong() const { return truth != predicted; }
    };
    const std::vector<Thumbnail>& thumbnails() const { return page_.thumbnails; }
    QRectF cellRect(int position) const;
    QString captionFor(const QFontMetrics& metrics) const;

protected:
    void evaluate() override;
    void forget() override { page_ = {}; }
    void paint(QPainter& painter) override;
    bool followsSize() const override { return false; }
    bool empty() const override { return page_.thumbnails.empty(); }
    void mousePressEvent(QMouseEvent* event) override;

private:
    struct Page {
        QString source;
        int wrong = 0, evaluated = 0;
        std::vector<Thumbnail> thumbnails;
    };
    static Page makePage(const Snapshot& snapshot, const QColor& paper, const QColor& ink,
                         const Cancelled& cancelled);

    int columns() const;
    int thumbnailAt(const QPointF& position) const; ///< -1 for none
    void paintThumbnail(QPainter& painter, int position) const;
    QString className(int label) const;

    Page page_;
};

} // namespace kappascope::ui
