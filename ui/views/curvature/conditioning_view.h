// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"
#include "ui/views/curvature/eigenvalue_axis.h"

#include <QColor>
#include <QWidget>
#include <memory>
#include <optional>

namespace kappascope::ui {

/// How well each layer is conditioned by what it receives: bars on a logarithmic axis for its inputs as they
/// are, centred, centred and scaled, and as the preconditioner has them; below them the range and the median
/// over the blocks of its neurons, before and after. GUI thread only.
class ConditioningView : public QWidget {
    Q_OBJECT
public:
    enum Bar { Input, Centred, Standardized, Preconditioned, Neurons, NeuronsPreconditioned };
    static constexpr int bars = 6;

    explicit ConditioningView(QWidget* parent = nullptr);

    void setReading(std::shared_ptr<const CurvatureReading> reading);
    void setRunColor(const QColor& color);
    void setHint(const QString& hint);

    /// The bar, or the range of the neurons; empty where there is no number.
    QRectF barRect(int layer, Bar bar) const;
    QString textAt(const QPointF& position) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Range {
        double low, middle, high;
    };

    const std::vector<LayerConditioning>& layers() const { return reading_->conditioning; }
    Reading number(const LayerConditioning& layer, Bar bar) const;
    std::optional<Range> rangeOf(const LayerConditioning& layer, bool preconditioned) const;
    EigenvalueAxis axis() const;
    int heightAt(qreal line) const;
    qreal lineHeight() const; ///< as large as there is room
    QRectF lineRect(int layer, int bar) const;
    void paintAxis(QPainter& painter) const;
    void paintBar(QPainter& painter, int layer, Bar bar) const;
    void paintRange(QPainter& painter, const QRectF& place, const Range& range, bool preconditioned) const;
    QString valueText(const LayerConditioning& layer, Bar bar) const;
    QString barText(int layer, Bar bar) const;

    std::shared_ptr<const CurvatureReading> reading_;
    QColor color_;
    QString hint_;
};

} // namespace kappascope::ui
