// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"

#include <QAbstractButton>
#include <memory>

namespace kappascope::ui {

/// A small picture of a data set that can be chosen: its points in two features, sample images, or an icon
/// while there is nothing to draw. GUI thread.
class DataThumbnail : public QAbstractButton {
    Q_OBJECT
public:
    DataThumbnail(const QString& key, const QString& label, const QString& help, QWidget* parent = nullptr);

    const QString& key() const { return key_; }
    /// A few samples are enough.
    void setSamples(std::shared_ptr<const Dataset> samples);
    const std::shared_ptr<const Dataset>& samples() const { return samples_; }
    /// What stands there when there are no samples to draw.
    void setFallbackText(const QString& text);

    QSize sizeHint() const override { return {38, 38}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void paintPoints(QPainter& painter, const QRectF& area) const;
    void paintImages(QPainter& painter, const QRectF& area) const;
    void paintFallback(QPainter& painter) const;
    QColor colorOf(Index sample) const;

    QString key_, fallback_;
    std::shared_ptr<const Dataset> samples_;
    Matrix<double> points_;  ///< 2 x samples in [0, 1], y upwards
    Vector<double> heights_; ///< regression: target in [-1, 1]
};

/// The samples of `data` in two coordinates that show it best, each scaled to [0, 1]: its two features; one
/// feature and the target; of many features the two in which the classes stand furthest apart. 2 x samples.
Matrix<double> thumbnailPoints(const Dataset& data);

} // namespace kappascope::ui
