// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/sample_picture.h"

#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

/// The sample's pixels, channel by channel: bytes as they are in the file, else its inputs.
Vector<double> pixelsOf(const Dataset& set, Index sample) {
    Vector<double> pixels(set.features());
    if (set.x.inBytes()) {
        const auto bytes = set.x.bytesOf(sample);
        std::ranges::copy(bytes, pixels.begin());
    } else {
        set.x.copy<double>(sample, pixels);
    }
    return pixels;
}

int between(int from, int to, double t) {
    return static_cast<int>(std::lround(from + t * (to - from)));
}

QRgb blend(const QColor& paper, const QColor& ink, double t) {
    return qRgba(between(paper.red(), ink.red(), t), between(paper.green(), ink.green(), t),
                 between(paper.blue(), ink.blue(), t), between(paper.alpha(), ink.alpha(), t));
}

} // namespace

QImage samplePicture(const Dataset& set, Index sample, const QColor& paper, const QColor& ink) {
    const ImageShape& shape = *set.image;
    const bool coloured = shape.channels == 3;
    const Index plane = static_cast<Index>(shape.height) * shape.width;
    Vector<double> level = pixelsOf(set, sample).head(coloured ? 3 * plane : plane);
    // Bytes have a meaning of their own as colours; anything else is stretched over its range.
    const bool known = coloured && set.x.inBytes();
    const double low = known ? 0 : level.minCoeff(), high = known ? set.white : level.maxCoeff();
    level = ((level.array() - low) / std::max(high - low, 1e-12)).min(1.0).max(0.0);

    QImage image(shape.width, shape.height, QImage::Format_ARGB32);
    for (Index at = 0; at < plane; ++at) {
        const auto byte = [&](Index channel) { return between(0, 255, level[channel * plane + at]); };
        reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(at / shape.width)))[at % shape.width] =
            coloured ? qRgb(byte(0), byte(1), byte(2)) : blend(paper, ink, level[at]);
    }
    return image;
}

} // namespace kappascope::ui
