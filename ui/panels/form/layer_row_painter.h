// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace kappascope::ui {

/// Paints a layer in two lines: what it is, and below, quietly, the shape that it gives and its parameters.
class LayerRowPainter : public QStyledItemDelegate {
    Q_OBJECT
public:
    enum Role { shapeRole = Qt::UserRole + 1, countRole, mistakeRole };

    using QStyledItemDelegate::QStyledItemDelegate;

    static int rowHeight();
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace kappascope::ui
