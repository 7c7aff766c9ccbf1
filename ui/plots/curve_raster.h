// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>
#include <QPointF>
#include <vector>

namespace kappascope::ui {

/// Paints lines that run from left to right into an image, a pixel column at a time: in each column the line
/// covers what it spans there plus its width, with the exact share of the pixels at both ends. As good as
/// general antialiasing for such lines, and noise of any density costs the same: about a nanosecond a pixel,
/// where the general painter takes a millisecond for a noisy line of 1 px and hundreds for a wider one.
class CurveRaster {
public:
    /// A transparent image of `size` device pixels.
    void begin(QSize size);
    /// Empties the image from `column` on, to the right end: what is drawn next replaces the same lines, in
    /// the same order, there and nowhere else. Of their points those are enough that lie in these columns,
    /// and the last two before. The same pixels as if all were drawn anew.
    void resume(int column);
    /// `points` in device pixels, x not falling; a point that is not finite is a gap. `dashOn` 0: solid.
    void draw(const std::vector<QPointF>& points, const QColor& color, double width, double dashOn,
              double dashOff);
    /// Covers what lies between two such lines with a share of `color`, at the same x: noise of any
    /// density costs the same here too, where the general painter took a seventh of a frame.
    void fill(const std::vector<QPointF>& low, const std::vector<QPointF>& high, const QColor& color,
              double share);
    const QImage& image() const { return image_; }

private:
    /// The rows that the line spans in a column, low <= high; low > high: none.
    struct Span {
        float low, high;
    };
    /// How far the dashes of a line have come at the end of a column, and where its middle was there.
    struct DashState {
        double phase = 0, middle = 0;
        bool connected = false;
    };
    DashState& dashesAt(int column);
    static void advance(DashState& dash, double middle, double period);
    void startLine(bool dots);
    void addLine(const std::vector<QPointF>& points);
    void addSegment(QPointF a, QPointF b);
    void addPoint(QPointF point);
    void paintDot(QPointF center, double radius, QRgb color);
    void extend(int column, double y0, double y1);
    void paintSpan(int column, double top, double bottom, QRgb color, double share = 1);
    void blend(int column, int row, QRgb color, double coverage);

    QImage image_;
    QRgb* pixels_ = nullptr; ///< of image_
    qsizetype stride_ = 0;   ///< pixels from row to row
    int height_ = 0;
    std::vector<Span> spans_;
    int from_ = 0;                               ///< columns before it stay as they are
    bool dots_ = true;                           ///< values alone in the present line are dots
    std::vector<QPointF> lone_;                  ///< those
    int first_ = 0, last_ = -1;                  ///< columns touched by the present line
    std::vector<std::vector<DashState>> dashes_; ///< of each line, by column
    std::size_t line_ = 0;                       ///< the next one
};

} // namespace kappascope::ui
