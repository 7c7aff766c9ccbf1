// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/layer_rows.h"

#include "ui/panels/form/layer_row_painter.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr int mostRows = 9; ///< in sight, without scrolling
constexpr int edge = 8;     ///< px: so near to it, a drag scrolls
constexpr int pathRole = Qt::UserRole + 10;

LayerPath pathOf(const QTreeWidgetItem* item) {
    return item ? item->data(0, pathRole).value<LayerPath>() : LayerPath{};
}

QString shapeText(const MapShape& shape) {
    return QString::fromStdString(shape.text()).replace(QLatin1Char('x'), QStringLiteral("×"));
}

int rowsBelow(const QTreeWidgetItem* item) {
    int rows = item->childCount();
    for (int k = 0; k < item->childCount(); ++k)
        rows += rowsBelow(item->child(k));
    return rows;
}

} // namespace

LayerRows::LayerRows(QWidget* parent) : QTreeWidget(parent) {
    setObjectName(QStringLiteral("layerRows"));
    setAccessibleName(tr("Layers"));
    setHeaderHidden(true);
    setRootIsDecorated(false);
    setItemsExpandable(false);
    setIndentation(12);
    setUniformRowHeights(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    setItemDelegate(new LayerRowPainter(this));
    connect(this, &QTreeWidget::itemSelectionChanged, this, &LayerRows::selectionMoved);
    connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
}

QTreeWidgetItem* LayerRows::addRow(QTreeWidgetItem* parent, const QString& title,
                                   const OutlinedLayer* outlined) {
    auto* item = new QTreeWidgetItem(parent);
    item->setText(0, title);
    item->setToolTip(0, title);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    if (!outlined) return item;
    if (outlined->gives) item->setData(0, LayerRowPainter::shapeRole, shapeText(*outlined->gives));
    if (outlined->parameters > 0)
        item->setData(0, LayerRowPainter::countRole, formatCount(std::llround(outlined->parameters)));
    item->setToolTip(
        0, tr("%1\ngives %2; %3 weights and biases")
               .arg(title, outlined->gives ? shapeText(*outlined->gives) : tr("what cannot be told yet"),
                    formatCount(std::llround(outlined->parameters))));
    item->setData(0, Qt::AccessibleTextRole, item->toolTip(0));
    return item;
}

void LayerRows::addLayers(const Layers& layers, const LayerPath& within, const LayerOutline* outline,
                          std::size_t& row) {
    QTreeWidgetItem* parent = within.empty() ? invisibleRootItem() : itemAtPath(within);
    for (int i = 0; i < static_cast<int>(layers.size()); ++i) {
        const LayerSpec& layer = layers[static_cast<std::size_t>(i)];
        const bool mistaken = outline && outline->mistaken == row;
        auto* item = addRow(parent, layerTitle(layer), outline ? &outline->layers[row] : nullptr);
        LayerPath path = within;
        path.push_back(i);
        item->setData(0, pathRole, QVariant::fromValue(path));
        if (mistaken) mark(item, *outline);
        ++row;
        addLayers(layer.layers, path, outline, row);
        item->setExpanded(true);
    }
}

void LayerRows::mark(QTreeWidgetItem* item, const LayerOutline& outline) {
    item->setData(0, LayerRowPainter::mistakeRole, true);
    item->setToolTip(0, QString::fromStdString(outline.mistake->problem()));
}

void LayerRows::showLayers(const Layers& layers, const LayerOutline* outline, const MapShape& inputs) {
    const std::optional<LayerPath> path = selected();
    const int scrolled = verticalScrollBar()->value();
    const QSignalBlocker quiet(this);
    clear();
    const OutlinedLayer given{{}, inputs, 0};
    addRow(invisibleRootItem(), tr("Inputs"), outline ? &given : nullptr)->setFlags(Qt::NoItemFlags);
    std::size_t row = 0;
    addLayers(layers, {}, outline, row);
    auto* output = addRow(invisibleRootItem(), tr("Output, dense"), outline ? &outline->output : nullptr);
    output->setFlags(Qt::NoItemFlags);
    if (outline && outline->mistake && !outline->mistaken) mark(output, *outline);
    if (path) select(*path);
    verticalScrollBar()->setValue(scrolled);
    updateGeometry();
}

std::optional<LayerPath> LayerRows::selected() const {
    const auto items = selectedItems();
    const LayerPath path = items.isEmpty() ? LayerPath{} : pathOf(items.front());
    return path.empty() ? std::nullopt : std::optional(path);
}

void LayerRows::select(const LayerPath& path) {
    if (QTreeWidgetItem* item = itemAtPath(path)) {
        setCurrentItem(item);
        scrollToItem(item);
    }
}

QTreeWidgetItem* LayerRows::itemAtPath(const LayerPath& path) const {
    QTreeWidgetItem* item = invisibleRootItem();
    for (std::size_t depth = 0; depth < path.size() && item; ++depth)
        item = item->child(path[depth] + (depth == 0 ? 1 : 0)); // the inputs stand first
    return item == invisibleRootItem() || pathOf(item) != path ? nullptr : item;
}

std::optional<LayerPath> LayerRows::placeAt(const QPoint& position) const {
    const int layers = topLevelItemCount() - 2; // inputs and output
    if (layers < 0) return std::nullopt;
    const QTreeWidgetItem* item = itemAt(position);
    if (!item || item == topLevelItem(layers + 1)) return LayerPath{layers};
    LayerPath path = pathOf(item);
    if (path.empty()) return LayerPath{0};
    const QRect rect = visualItemRect(item);
    if (position.y() < rect.center().y()) return path;
    if (item->childCount() > 0) { // into the block
        path.push_back(0);
        return path;
    }
    const bool lastOfBlock =
        item->parent() &&
        item->parent()->indexOfChild(const_cast<QTreeWidgetItem*>(item)) == item->parent()->childCount() - 1;
    if (lastOfBlock && position.x() < rect.left()) return LayerPath{path.front() + 1};
    ++path.back();
    return path;
}

QSize LayerRows::sizeHint() const {
    const int rows = std::min(std::max(rowsBelow(invisibleRootItem()), 3), mostRows);
    return {160, rows * LayerRowPainter::rowHeight() + 2 * frameWidth()};
}

void LayerRows::mousePressEvent(QMouseEvent* event) {
    QTreeWidget::mousePressEvent(event);
    pressed_.reset();
    const QTreeWidgetItem* item = itemAt(event->position().toPoint());
    if (editable_ && event->button() == Qt::LeftButton && !pathOf(item).empty()) pressed_ = pathOf(item);
    pressedAt_ = event->position().toPoint();
}

void LayerRows::mouseMoveEvent(QMouseEvent* event) {
    if (!pressed_) return;
    mouse_ = event->position().toPoint();
    if ((mouse_ - pressedAt_).manhattanLength() >= QApplication::startDragDistance()) dragging_ = true;
    if (dragging_) {
        setCursor(Qt::ClosedHandCursor);
        const int beyond = mouse_.y() < edge ? -edge : mouse_.y() > viewport()->height() - edge ? edge : 0;
        verticalScrollBar()->setValue(verticalScrollBar()->value() + beyond);
        viewport()->update();
    }
}

void LayerRows::mouseReleaseEvent(QMouseEvent* event) {
    const std::optional<LayerPath> from = pressed_;
    const bool dropped = dragging_ && viewport()->rect().contains(event->position().toPoint());
    endDrag();
    QTreeWidget::mouseReleaseEvent(event);
    if (!dropped || !from) return;
    if (const auto to = placeAt(event->position().toPoint())) emit moveAsked(*from, *to);
}

void LayerRows::endDrag() {
    pressed_.reset();
    dragging_ = false;
    unsetCursor();
    viewport()->update();
}

void LayerRows::keyPressEvent(QKeyEvent* event) {
    const bool upDown = event->key() == Qt::Key_Up || event->key() == Qt::Key_Down;
    if (event->key() == Qt::Key_Escape && dragging_)
        endDrag();
    else if (editable_ && event->key() == Qt::Key_Delete)
        emit removalAsked();
    else if (editable_ && upDown && event->modifiers().testFlag(Qt::AltModifier))
        emit stepAsked(event->key() == Qt::Key_Up);
    else
        QTreeWidget::keyPressEvent(event);
}

/// While a layer is dragged, a line where it would come.
void LayerRows::paintEvent(QPaintEvent* event) {
    QTreeWidget::paintEvent(event);
    const std::optional<LayerPath> place = dragging_ ? placeAt(mouse_) : std::nullopt;
    if (!place) return;
    LayerPath before = *place;
    const QTreeWidgetItem* next = itemAtPath(before);
    int y = 0;
    if (next)
        y = visualItemRect(next).top();
    else if (--before.back(); const QTreeWidgetItem* last = itemAtPath(before)) {
        while (place->size() == 1 && last->childCount() > 0)
            last = last->child(last->childCount() - 1);
        y = visualItemRect(last).bottom() + 1;
    }
    const int left = static_cast<int>(place->size()) * indentation() - indentation();
    QPainter painter(viewport());
    painter.setPen(QPen(Theme::instance().palette().accent, 2));
    painter.drawLine(left, y, viewport()->width(), y);
}

} // namespace kappascope::ui
