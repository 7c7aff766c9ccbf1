// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIconEngine>
#include <QString>

namespace kappascope::ui {

/// Renders an icon of resources/icons from its strokes at any size, in the colours of the theme that is shown
/// at that moment: text, accent when checked, quiet when disabled.
class IconEngine : public QIconEngine {
public:
    explicit IconEngine(QString name, bool onAccent = false) : name_(std::move(name)), onAccent_(onAccent) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
    QIconEngine* clone() const override { return new IconEngine(name_, onAccent_); }
    QString iconName() override { return name_; }
    bool isNull() override;

private:
    QColor color(QIcon::Mode mode, QIcon::State state) const;

    QString name_;
    bool onAccent_;
};

/// The icon `name` in one given colour, `size` across (device independent pixels). Null, with a warning, for
/// an unknown name.
QPixmap iconPixmap(const QString& name, const QColor& color, QSize size, qreal devicePixelRatio);

} // namespace kappascope::ui
