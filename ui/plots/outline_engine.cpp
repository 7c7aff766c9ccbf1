// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/outline_engine.h"

namespace kappascope::ui {

OutlineEngine::OutlineEngine(QPaintEngine* target)
    : QPaintEngine(QPaintEngine::PaintEngineFeatures(
          QPaintEngine::AllFeatures & ~QPaintEngine::PatternBrush & ~QPaintEngine::PerspectiveTransform &
          ~QPaintEngine::ConicalGradientFill & ~QPaintEngine::PorterDuff)),
      target_(target) {}

bool OutlineEngine::begin(QPaintDevice* device) {
    shareState();
    const bool begun = target_->begin(device);
    setActive(begun);
    target_->setActive(begun);
    return begun;
}

bool OutlineEngine::end() {
    const bool ended = target_->end();
    target_->setActive(false);
    setActive(false);
    return ended;
}

void OutlineEngine::updateState(const QPaintEngineState& newState) {
    shareState();
    target_->updateState(newState);
}

void OutlineEngine::drawPath(const QPainterPath& path) {
    shareState();
    target_->drawPath(path);
}

void OutlineEngine::drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) {
    shareState();
    target_->drawPolygon(points, count, mode);
}

void OutlineEngine::drawPixmap(const QRectF& to, const QPixmap& pixmap, const QRectF& from) {
    shareState();
    target_->drawPixmap(to, pixmap, from);
}

void OutlineEngine::drawImage(const QRectF& to, const QImage& image, const QRectF& from,
                              Qt::ImageConversionFlags flags) {
    shareState();
    target_->drawImage(to, image, from, flags);
}

OutlineSvg::OutlineSvg() = default;
OutlineSvg::~OutlineSvg() = default;

QPaintEngine* OutlineSvg::paintEngine() const {
    if (!engine_) engine_ = std::make_unique<OutlineEngine>(QSvgGenerator::paintEngine());
    return engine_.get();
}

} // namespace kappascope::ui
