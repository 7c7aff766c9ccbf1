// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/feature_map_picture.h"
#include "ui/views/run_view.h"

namespace kappascope::ui {

/// One image, the kernels of a convolution of a run's network, and the maps that a layer makes of the image,
/// live; signed colours about 0, one scale for all kernels and one for all maps. GUI thread only.
class FeatureMapView final : public RunView {
    Q_OBJECT
public:
    explicit FeatureMapView(ViewWorker& worker, QWidget* parent = nullptr);

    /// Of the set that the pictures of the runs show: the test set, or the training set without one.
    void setSample(Index sample);
    Index sample() const { return sample_; }
    /// By its name in FeatureMapPicture::layers.
    void setLayer(const QString& name);

    /// Signed, in the theme's full strength: nothing is drawn on top.
    static FieldColors colors();

    const FeatureMapPicture& picture() const { return picture_; }
    /// Where a tile is drawn.
    QRectF mapRect(std::size_t k) const;
    QRectF kernelRect(std::size_t k) const;
    QString textAt(const QPointF& position) const override;

    QSize sizeHint() const override { return {600, 220}; }

protected:
    void evaluate() override;
    void forget() override { picture_ = {}; }
    void paint(QPainter& painter) override;
    bool followsSize() const override { return false; }
    bool empty() const override { return !picture_.complete; }

private:
    /// Places of equal tiles in a part of the view, below its heading.
    struct Grid {
        QRectF room;
        int columns = 1, rows = 1;
        QSizeF tile; ///< with the gap behind it
        QRectF rect(std::size_t k) const;
    };
    QRectF sampleRect() const;
    QRectF partRect(bool maps) const;
    Grid mapGrid() const;
    Grid kernelGrid() const;
    void paintPart(QPainter& painter, bool maps) const;
    void paintScale(QPainter& painter, const QRectF& part, double bound) const;
    QString heading(bool maps) const;
    QString tileText(bool maps, std::size_t k, const QPointF& position) const;

    FeatureMapPicture picture_;
    Index sample_ = 0;
    QString layer_;
};

} // namespace kappascope::ui
