// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"

#include <QImage>
#include <QWidget>
#include <memory>
#include <optional>

namespace kappascope::ui {

/// A parameter of a network by its place in theta, as PyTorch writes it: "layers.0.weight[3, 1]".
QString parameterName(const Network<double>& network, Index place);

/// The Hessian of a small network as a picture, a pixel or more for each entry, P^T H P beside it (below it
/// where that is larger): signed colours on a logarithmic scale, lines between the layers. GUI thread only.
class HessianView : public QWidget {
    Q_OBJECT
public:
    static constexpr double decades = 4; ///< from the full colour down to none

    explicit HessianView(QWidget* parent = nullptr);

    void setReading(std::shared_ptr<const CurvatureReading> reading);
    void setHint(const QString& hint);

    /// 0: H, 1: P^T H P; where it is drawn, without the line above it. Empty where there is none.
    QRectF imageRect(int which) const;
    QString textAt(const QPointF& position) const;
    /// Share of the full colour, in [-1, 1], of an entry whose matrix has no larger one than `largest`.
    static double strength(double entry, double largest);

    QSize sizeHint() const override { return {520, 280}; }
    QSize minimumSizeHint() const override { return {200, 116}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Picture {
        const Matrix<double>* matrix;
        QString title, note;
        QImage image;
        double largest;
    };
    struct Border {
        Index place; ///< the first parameter behind it
        bool layer;  ///< between layers, else between tensors
        int dense;
    };

    void makePictures();
    void addPicture(const Matrix<double>& matrix, const QString& title, const QString& note);
    QString emptyText() const;
    std::optional<std::pair<Index, Index>> entryAt(const QPointF& position, int which) const;
    void paintPicture(QPainter& painter, int which) const;
    void paintBorders(QPainter& painter, const QRectF& rect) const;
    void paintScale(QPainter& painter) const;

    std::shared_ptr<const CurvatureReading> reading_;
    std::vector<Picture> pictures_;
    std::vector<Border> borders_;
    QString hint_;
};

} // namespace kappascope::ui
