// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/network_layout.h"
#include "ui/views/run_view.h"

namespace kappascope::ui {

/// The layers of a run's network: units as small maps over the plane of the data, of images in the first
/// layer as maps of their weights, else as dots coloured by what they hand on in the mean; weights as lines,
/// the wider the larger relative to their layer's largest, in signed colours.
class NetworkView final : public RunView {
    Q_OBJECT
public:
    explicit NetworkView(ViewWorker& worker, QWidget* parent = nullptr);
    QString textAt(const QPointF& position) const override;
    const NetworkPicture& picture() const { return picture_; }
    /// Where a unit is drawn: a column of picture(), the k-th unit shown.
    QRectF unitRect(std::size_t column, std::size_t k) const;

protected:
    void evaluate() override;
    void forget() override {
        picture_ = {};
        edges_ = {};
    }
    void paint(QPainter& painter) override;
    /// The units drawn of wide layers are as many as fit.
    bool followsSize() const override { return true; }
    bool empty() const override { return !picture_.complete; }

private:
    int mostUnits() const;
    NetworkLayout placing() const;
    void paintUnits(QPainter& painter, std::size_t column) const;
    void paintNames(QPainter& painter, std::size_t column) const;
    void paintTitle(QPainter& painter, std::size_t column) const;
    QString unitText(std::size_t column, std::size_t k) const;
    QString edgeText(const QPointF& position) const;

    NetworkPicture picture_;
    QImage edges_; ///< its weights
};

} // namespace kappascope::ui
