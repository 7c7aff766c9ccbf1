// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace kappascope::ui {

/// A number that changes: figures of equal width in any font, and room that grows but never shrinks, so that
/// nothing on the screen jitters. Repaints only when the text differs.
class NumberLabel : public QWidget {
    Q_OBJECT
public:
    enum class Role { Body, Strong, Counter };

    /// Pixels that a label of this role asks for to show `text`.
    static int widthOf(Role role, const QString& text);

    explicit NumberLabel(QWidget* parent = nullptr, Role role = Role::Strong);

    QString text() const { return text_; }
    void setText(const QString& text);
    void setNumber(double value); ///< as formatNumber() writes it
    /// Room for `widest` from the start, for example "182,400"; less than before where that was more.
    void reserve(const QString& widest);
    void setAlignment(Qt::Alignment alignment);
    /// An invalid colour: the theme's text colour.
    void setColor(const QColor& color);
    void setQuiet(bool quiet);
    bool isQuiet() const { return quiet_; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void dress();

    Role role_;
    QString text_, reserved_;
    QColor color_;
    Qt::Alignment alignment_ = Qt::AlignRight | Qt::AlignVCenter;
    bool quiet_ = false;
    double room_ = 0; ///< width of the widest text so far
};

/// Width of `text` with each figure as wide as the widest one.
double tabularWidth(const QFont& font, const QString& text);
/// Draws `text` in `rect` with each figure in a cell of equal width.
void drawTabular(QPainter& painter, const QRectF& rect, Qt::Alignment alignment, const QString& text);

} // namespace kappascope::ui
