// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/image_strip.h"

#include "ui/theme/theme.h"

#include <QImage>
#include <QPainter>
#include <algorithm>

namespace kappascope::ui {

namespace {
constexpr int side = 44, gap = 8;
}

QImage sampleImage(const Dataset& samples, Index sample, const QColor& ink) {
    const ImageShape shape = *samples.image;
    Matrix<double> pixels(samples.features(), 1);
    samples.x.copy<double>(sample, pixels);
    const double brightest = std::max(pixels.maxCoeff(), 1e-12);
    QImage image(shape.width, shape.height, QImage::Format_ARGB32);
    for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x) {
            QColor dot = ink;
            dot.setAlphaF(
                static_cast<float>(std::clamp(pixels(y * shape.width + x, 0) / brightest, 0.0, 1.0)));
            image.setPixelColor(x, y, dot);
        }
    return image;
}

void ImageStrip::setSamples(std::shared_ptr<const Dataset> samples) {
    samples_ = std::move(samples);
    update();
}

void ImageStrip::paintEvent(QPaintEvent*) {
    if (!samples_) return;
    const Palette& palette = Theme::instance().palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.setPen(palette.quiet);
    const int line = painter.fontMetrics().height();
    const int across = std::max(1, (width() + gap) / (side + gap));
    const int down = std::max(1, (height() + gap) / (side + line + gap));
    const Index count = std::min<Index>(samples_->samples(), static_cast<Index>(across) * down);
    for (Index n = 0; n < count; ++n) {
        const QRect place(static_cast<int>(n % across) * (side + gap),
                          static_cast<int>(n / across) * (side + line + gap), side, side);
        painter.drawImage(place, sampleImage(*samples_, n, palette.text));
        const auto label = static_cast<std::size_t>(samples_->labels[static_cast<std::size_t>(n)]);
        painter.drawText(QRect(place.left(), place.bottom(), side, line), Qt::AlignCenter,
                         QString::fromStdString(samples_->classNames[label]));
    }
}

} // namespace kappascope::ui
