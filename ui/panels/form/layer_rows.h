// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/layer_outline.h"
#include "ui/panels/form/layer_path.h"

#include <QTreeWidget>

namespace kappascope::ui {

/// A list of layers with the shape that each gives and its parameters, between the network's inputs and its
/// output layer; residual blocks with their layers below them. Layers are moved by dragging; the keys Delete,
/// Alt+Up and Alt+Down ask for what they say. It only shows and asks. GUI thread.
class LayerRows : public QTreeWidget {
    Q_OBJECT
public:
    explicit LayerRows(QWidget* parent = nullptr);

    /// Without an outline (data are not there yet) the shapes are left out.
    void showLayers(const Layers& layers, const LayerOutline* outline, const MapShape& inputs);
    void setEditable(bool editable) { editable_ = editable; }

    /// The layer that is selected; nothing for none.
    std::optional<LayerPath> selected() const;
    void select(const LayerPath& path);
    QTreeWidgetItem* itemAtPath(const LayerPath& path) const; ///< null for none
    /// Before what a layer would come that is let go at `position` of the viewport.
    std::optional<LayerPath> placeAt(const QPoint& position) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {80, sizeHint().height()}; }

signals:
    void selectionMoved();
    void moveAsked(const std::vector<int>& from, const std::vector<int>& to);
    void stepAsked(bool up);
    void removalAsked();

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QTreeWidgetItem* addRow(QTreeWidgetItem* parent, const QString& title, const OutlinedLayer* outlined);
    void addLayers(const Layers& layers, const LayerPath& within, const LayerOutline* outline,
                   std::size_t& row);
    void mark(QTreeWidgetItem* item, const LayerOutline& outline);
    void endDrag();

    bool editable_ = true, dragging_ = false;
    std::optional<LayerPath> pressed_;
    QPoint pressedAt_, mouse_;
};

} // namespace kappascope::ui
