// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/svg_figure.h"

#include "engine/studies/figure_scale.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace kappascope {

namespace {

constexpr double width = 640, plotHeight = 260;
constexpr double left = 74, right = 16, titleHeight = 30, legendLine = 18, below = 46;
constexpr double letter = 6.4; // mean width of one at 12 px

struct Colors {
    const char *light, *dark;
};
/// The runs' palette (Okabe and Ito's colours behind a neutral grey), as in the window.
constexpr std::array<Colors, 8> palette{{{"#7a8290", "#a3acb8"},
                                         {"#d55e00", "#ff8a3d"},
                                         {"#0072b2", "#4db2f0"},
                                         {"#009e73", "#3fc79a"},
                                         {"#cc79a7", "#e39cc4"},
                                         {"#e69f00", "#f5bd4a"},
                                         {"#56b4e9", "#8fd0f7"},
                                         {"#8c564b", "#c08a7e"}}};

std::size_t colorOf(const FigureCurve& curve) {
    return static_cast<std::size_t>(curve.color) % palette.size();
}

/// A coordinate, to a tenth of a pixel.
std::string px(double value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 1).ptr;
    return {text, end};
}

std::size_t letters(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// One figure on its way into SVG.
class Painter {
public:
    Painter(const Figure& figure, bool titled)
        : figure_(figure), titled_(titled), x_(figure.x, numbers(true)), y_(figure.y, numbers(false)) {
        layLegend();
        top_ = (titled ? titleHeight : 6) + legendLine * rows_ + 6;
        height_ = top_ + plotHeight + below;
    }

    std::string paint(bool document) {
        open(document);
        if (titled_) text(left, 20, "kt", figure_.title);
        paintLegend();
        paintAxes();
        for (std::size_t c = 0; c < figure_.curves.size(); ++c)
            paintCurve(c);
        svg_ += "</svg>\n";
        return std::move(svg_);
    }

private:
    std::vector<double> numbers(bool horizontal) const {
        std::vector<double> values;
        for (const FigureCurve& curve : figure_.curves)
            for (const FigurePoint& point : curve.points) {
                if (horizontal)
                    values.push_back(point.x);
                else
                    values.insert(values.end(), {point.low, point.middle, point.high});
            }
        return values;
    }

    void layLegend() {
        double x = left;
        for (const FigureCurve& curve : figure_.curves) {
            const double needed = 44 + letter * static_cast<double>(letters(curve.name));
            if (x > left && x + needed > width - right) x = left, ++rows_;
            legend_.push_back({x, static_cast<double>(rows_)});
            x += needed;
        }
        ++rows_;
    }

    void open(bool document) {
        const std::string size = px(width) + ' ' + px(height_);
        svg_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"kf\" role=\"img\" aria-label=\"" +
               escaped(figure_.title) + "\" viewBox=\"0 0 " + size + "\"";
        if (document) svg_ += " width=\"" + px(width) + "\" height=\"" + px(height_) + "\"";
        svg_ += ">\n<title>" + escaped(figure_.title) + "</title>\n<desc>" + escaped(figure_.caption) +
                "</desc>\n";
        if (document)
            svg_ += "<style>" + svgStyle() +
                    "</style>\n<rect class=\"kg\" width=\"100%\" height=\"100%\" rx=\"8\"/>\n";
    }

    void text(double x, double y, const std::string& style, const std::string& words,
              const std::string& anchor = "start") {
        svg_ += "<text x=\"" + px(x) + "\" y=\"" + px(y) + "\" class=\"" + style + "\" text-anchor=\"" +
                anchor + "\">" + escaped(words) + "</text>\n";
    }
    void line(double x1, double y1, double x2, double y2, const std::string& style) {
        svg_ += "<line x1=\"" + px(x1) + "\" y1=\"" + px(y1) + "\" x2=\"" + px(x2) + "\" y2=\"" + px(y2) +
                "\" class=\"" + style + "\"/>\n";
    }

    void paintLegend() {
        const double first = (titled_ ? titleHeight : 6) + 12;
        for (std::size_t c = 0; c < figure_.curves.size(); ++c) {
            const FigureCurve& curve = figure_.curves[c];
            const double y = first + legendLine * legend_[c].row, x = legend_[c].x;
            if (curve.line) line(x, y - 4, x + 18, y - 4, lineStyle(curve));
            if (!curve.dashed) mark(x + 9, y - 4, c);
            text(x + 23, y, "kq", curve.name);
        }
    }

    static std::string lineStyle(const FigureCurve& curve) {
        return "ks" + std::to_string(colorOf(curve)) + (curve.dashed ? " kd" : "");
    }

    double atX(double value) const { return left + (width - left - right) * x_.place(value); }
    double atY(double value) const { return top_ + plotHeight * (1 - y_.place(value)); }

    void paintAxes() {
        const double bottom = top_ + plotHeight;
        for (const FigureScale::Tick& tick : y_.ticks()) {
            line(left, atY(tick.value), width - right, atY(tick.value), "kr");
            text(left - 8, atY(tick.value) + 4, "kq", tick.label, "end");
        }
        for (const FigureScale::Tick& tick : x_.ticks()) {
            if (figure_.x.categories.empty()) line(atX(tick.value), top_, atX(tick.value), bottom, "kr");
            text(atX(tick.value), bottom + 17, "kq", tick.label, "middle");
        }
        line(left, bottom, width - right, bottom, "ka");
        text((left + width - right) / 2, bottom + 36, "kq", figure_.x.label, "middle");
        svg_ += "<text class=\"kq\" text-anchor=\"middle\" transform=\"translate(16 " +
                px(top_ + plotHeight / 2) + ") rotate(-90)\">" + escaped(figure_.y.label) + "</text>\n";
    }

    /// Another shape for each curve, so that colour is not all that tells them apart.
    void mark(double x, double y, std::size_t curve) {
        const std::string style = " class=\"kp" + std::to_string(colorOf(figure_.curves[curve])) + "\"/>\n";
        switch (curve % 4) {
        case 0:
            svg_ += "<circle cx=\"" + px(x) + "\" cy=\"" + px(y) + "\" r=\"3.5\"" + style;
            break;
        case 1:
            svg_ += "<rect x=\"" + px(x - 3.2) + "\" y=\"" + px(y - 3.2) + "\" width=\"6.4\" height=\"6.4\"" +
                    style;
            break;
        case 2:
            svg_ += polygon({{x, y - 4.4}, {x + 4.2, y + 3.2}, {x - 4.2, y + 3.2}}) + style;
            break;
        default:
            svg_ += polygon({{x, y - 4.6}, {x + 4.6, y}, {x, y + 4.6}, {x - 4.6, y}}) + style;
        }
    }

    static std::string polygon(const std::vector<std::pair<double, double>>& corners) {
        std::string points = "<polygon points=\"";
        for (const auto& [x, y] : corners)
            points += px(x) + ',' + px(y) + ' ';
        points.back() = '"';
        return points;
    }

    /// Marks of several curves over one category stand side by side.
    double shift(std::size_t c) const {
        if (figure_.x.categories.empty()) return 0;
        const auto count = static_cast<double>(figure_.curves.size());
        constexpr double apart = 12;
        return (static_cast<double>(c) - (count - 1) / 2) * apart;
    }

    void paintCurve(std::size_t c) {
        const FigureCurve& curve = figure_.curves[c];
        std::vector<FigurePoint> piece;
        const auto finish = [&] {
            if (!piece.empty()) paintPiece(c, piece);
            piece.clear();
        };
        for (const FigurePoint& point : curve.points) {
            if (!x_.shows(point.x) || !y_.shows(point.middle))
                finish();
            else
                piece.push_back({point.x, y_.shows(point.low) ? point.low : point.middle, point.middle,
                                 y_.shows(point.high) ? point.high : point.middle});
        }
        finish();
    }

    void paintPiece(std::size_t c, const std::vector<FigurePoint>& piece) {
        const FigureCurve& curve = figure_.curves[c];
        const std::string color = std::to_string(colorOf(curve));
        const bool categories = !figure_.x.categories.empty();
        if (curve.line && !categories) {
            std::vector<std::pair<double, double>> band;
            for (const FigurePoint& point : piece)
                band.emplace_back(atX(point.x), atY(point.high));
            for (auto point = piece.rbegin(); point != piece.rend(); ++point)
                band.emplace_back(atX(point->x), atY(point->low));
            if (!curve.dashed) svg_ += polygon(band) + " class=\"kb" + color + "\"/>\n";
        }
        if (curve.line) {
            std::string points;
            for (const FigurePoint& point : piece)
                points += px(atX(point.x) + shift(c)) + ',' + px(atY(point.middle)) + ' ';
            svg_ += "<polyline points=\"" + points + "\" class=\"" + lineStyle(curve) + "\"/>\n";
        }
        if (curve.dashed) return;
        for (const FigurePoint& point : piece) {
            const double x = atX(point.x) + shift(c);
            if (categories && point.high > point.low)
                line(x, atY(point.low), x, atY(point.high), "ks" + color);
            mark(x, atY(point.middle), c);
        }
    }

    struct Place {
        double x, row;
    };

    const Figure& figure_;
    bool titled_;
    FigureScale x_, y_;
    std::vector<Place> legend_;
    int rows_ = 0;
    double top_ = 0, height_ = 0;
    std::string svg_;
};

/// The rules that depend on light or dark.
std::string coloured(bool dark) {
    const auto pick = [dark](const char* light, const char* night) {
        return std::string(dark ? night : light);
    };
    std::string css = ".kg{fill:" + pick("#ffffff", "#1d2126") + "}.kt{fill:" + pick("#1c2128", "#e3e7ec") +
                      "}.kq{fill:" + pick("#626c78", "#939daa") +
                      "}.kr{stroke:" + pick("#eceef1", "#272c33") +
                      "}.ka{stroke:" + pick("#c3c8cf", "#4a525c") + "}";
    for (std::size_t i = 0; i < palette.size(); ++i) {
        const std::string n = std::to_string(i), color = pick(palette[i].light, palette[i].dark);
        css += ".ks" + n + "{stroke:" + color + "}.kp" + n + ",.kb" + n + "{fill:" + color + "}";
    }
    return css;
}

} // namespace

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        default:
            safe += c;
        }
    }
    return safe;
}

std::string svgStyle() {
    return ".kf text{font:12px system-ui,-apple-system,\"Segoe UI\",Roboto,sans-serif;font-variant-numeric:"
           "tabular-nums}.kf .kt{font-size:14px;font-weight:600}.kf line,.kf "
           "polyline{fill:none;stroke-width:2;"
           "stroke-linejoin:round}.kf .kr,.kf .ka{stroke-width:1}.kf .kd{stroke-dasharray:6 "
           "4;stroke-width:1.5}" +
           [] {
               std::string bands;
               for (std::size_t i = 0; i < palette.size(); ++i)
                   bands += (i ? ",.kb" : ".kb") + std::to_string(i);
               return bands + "{fill-opacity:.16}";
           }() +
           coloured(false) + "@media (prefers-color-scheme:dark){" + coloured(true) + "}";
}

std::string svgDocument(const Figure& figure) {
    return Painter(figure, true).paint(true);
}

std::string svgElement(const Figure& figure) {
    return Painter(figure, false).paint(false);
}

} // namespace kappascope
