// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"

#include <QColor>
#include <QWidget>

namespace kappascope::ui {

/// The eigenvalues of a block of the Hessian H (above, outlined) and of what the optimizer meets, P^T H P
/// (below, filled), on one logarithmic axis: positive ones to the right, negative ones mirrored to the left,
/// those that are zero to rounding between them. Bars count eigenvalues (of a large network the estimated
/// density does), every known eigenvalue is a stick below them. On hover: its value and its share in each
/// layer. GUI thread only.
class SpectrumView : public QWidget {
    Q_OBJECT
public:
    explicit SpectrumView(QWidget* parent = nullptr);

    /// Null: nothing, and `notice` says why. `layer`: as BlockReading::layer.
    void show(std::shared_ptr<const CurvatureReading> reading, int layer, const QColor& color,
              const QString& notice = {});

    /// What is said about the eigenvalue under `position`; empty where there is none.
    QString describe(const QPointF& position) const;
    /// Where the stick of eigenvalue `index` (ascending) of H or P^T H P ends below; null point: not drawn.
    QPointF stickOf(bool preconditioned, Index index) const;

    QSize minimumSizeHint() const override { return {220, 120}; }
    QSize sizeHint() const override { return {420, 220}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    /// The mirrored axis: |lambda| from 10^low to 10^high on each branch that there is.
    struct Axis {
        double low = 0, high = 1;           ///< decades
        bool negative = false;              ///< whether there is a left branch
        double left = 0, right = 1;         ///< pixels
        double zeroLeft = 0, zeroRight = 0; ///< of the space for what is zero
        double pixel(double lambda) const;
        double zeroBelow() const { return std::pow(10, low); }
    };
    struct Row {
        const SpectrumReading* spectrum;
        const Matrix<double>* shares;
        QRectF area;
        bool preconditioned;
    };
    const BlockReading* block() const;
    Axis axis() const;
    std::vector<Row> rows() const;
    void paintAxis(QPainter& painter, const Axis& axis) const;
    void paintRow(QPainter& painter, const Axis& axis, const Row& row) const;
    void paintLimit(QPainter& painter, const Axis& axis, const Row& row) const;

    std::shared_ptr<const CurvatureReading> reading_;
    int layer_ = BlockReading::wholeNetwork;
    QColor color_;
    QString notice_;
};

} // namespace kappascope::ui
