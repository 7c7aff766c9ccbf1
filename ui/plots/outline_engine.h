// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPaintEngine>
#include <QSvgGenerator>
#include <memory>

namespace kappascope::ui {

/// Passes on what is painted to another engine, text as outlines: a picture then looks the same where its
/// fonts are missing.
class OutlineEngine : public QPaintEngine {
public:
    explicit OutlineEngine(QPaintEngine* target);

    bool begin(QPaintDevice* device) override;
    bool end() override;
    void updateState(const QPaintEngineState& newState) override;
    void drawPath(const QPainterPath& path) override;
    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override;
    void drawPixmap(const QRectF& to, const QPixmap& pixmap, const QRectF& from) override;
    void drawImage(const QRectF& to, const QImage& image, const QRectF& from,
                   Qt::ImageConversionFlags flags) override;
    Type type() const override { return target_->type(); }

private:
    /// The target looks at the painter's state where QPaintEngine keeps it.
    void shareState() { target_->*(&OutlineEngine::state) = state; }

    QPaintEngine* target_;
};

/// QSvgGenerator whose text is outlines.
class OutlineSvg : public QSvgGenerator {
public:
    OutlineSvg();
    ~OutlineSvg() override;

protected:
    QPaintEngine* paintEngine() const override;

private:
    mutable std::unique_ptr<OutlineEngine> engine_;
};

} // namespace kappascope::ui
