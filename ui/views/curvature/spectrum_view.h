// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"
#include "ui/views/curvature/spectrum_lane.h"

#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

namespace kappascope::ui {

/// An eigenvalue of one of the two matrices, by its place in SpectrumReading::eigenvalues.
struct EigenvalueChoice {
    bool preconditioned = false;
    Index index = 0;
    bool operator==(const EigenvalueChoice&) const = default;
};

/// The eigenvalues of H and of P^T H P of a block one above the other on a logarithmic axis, negative ones on
/// a branch of their own, those that count as zero in the middle. Hovering an eigenvalue tells its value and
/// its share in each layer; clicking chooses it. GUI thread only.
class SpectrumView : public QWidget {
    Q_OBJECT
public:
    explicit SpectrumView(QWidget* parent = nullptr);

    /// `layer`: a block of the reading, see BlockReading. Null: nothing yet.
    void setReading(std::shared_ptr<const CurvatureReading> reading, int layer);
    void setRunColor(const QColor& color);
    /// What stands in the empty view: what to do.
    void setHint(const QString& hint);

    const EigenvalueAxis& axis() const { return axis_; }
    /// Where the eigenvalue is drawn.
    QPointF positionOf(const EigenvalueChoice& which) const;
    std::optional<EigenvalueChoice> eigenvalueAt(const QPointF& position) const;
    QString textAt(const QPointF& position) const;

    const std::optional<EigenvalueChoice>& chosen() const { return chosen_; }
    void choose(const std::optional<EigenvalueChoice>& which);

    QSize sizeHint() const override { return {420, 260}; }
    QSize minimumSizeHint() const override { return {224, 90}; }

signals:
    /// By the user.
    void eigenvalueChosen(const kappascope::ui::EigenvalueChoice& which);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    const BlockReading* block() const;
    void makeLanes();
    void layOut();
    QRectF plotRect() const;
    void paintAxis(QPainter& painter) const;
    void paintReason(QPainter& painter) const;
    void paintRing(QPainter& painter, const EigenvalueChoice& which, qreal radius) const;
    QString textOf(const EigenvalueChoice& which) const;
    QString sharesOf(const SpectrumReading& spectrum, Index i) const;
    const SpectrumLane* lane(bool preconditioned) const;
    void hover(const QPointF& position);
    void chooseByUser(const EigenvalueChoice& which);

    std::shared_ptr<const CurvatureReading> reading_;
    int layer_ = BlockReading::wholeNetwork;
    QColor color_;
    QString hint_;
    EigenvalueAxis axis_;
    std::vector<SpectrumLane> lanes_; ///< of H, then of P^T H P where it is another and is defined
    std::optional<EigenvalueChoice> chosen_, hovered_;
};

} // namespace kappascope::ui
