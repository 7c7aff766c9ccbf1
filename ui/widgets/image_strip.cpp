// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/image_strip.h"

#include "ui/theme/theme.h"
#include "ui/widgets/sample_picture.h"

#include <QPainter>
#include <algorithm>

namespace kappascope::ui {

namespace {
constexpr int side = 44, gap = 8;
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
    QColor paper = palette.text; // what lies behind shows through
    paper.setAlpha(0);
    const int line = painter.fontMetrics().height();
    const int across = std::max(1, (width() + gap) / (side + gap));
    const int down = std::max(1, (height() + gap) / (side + line + gap));
    const Index count = std::min<Index>(samples_->samples(), static_cast<Index>(across) * down);
    for (Index n = 0; n < count; ++n) {
        const QRect place(static_cast<int>(n % across) * (side + gap),
                          static_cast<int>(n / across) * (side + line + gap), side, side);
        painter.drawImage(place, samplePicture(*samples_, n, paper, palette.text));
        const auto label = static_cast<std::size_t>(samples_->labels[static_cast<std::size_t>(n)]);
        painter.drawText(QRect(place.left(), place.bottom(), side, line), Qt::AlignCenter,
                         painter.fontMetrics().elidedText(QString::fromStdString(samples_->classNames[label]),
                                                          Qt::ElideRight, side));
    }
}

} // namespace kappascope::ui
