// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/figure.h"

#include "ui/plots/outline_engine.h"
#include "ui/plots/plot_canvas.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QPdfWriter>
#include <QPrinter>
#include <QSaveFile>
#include <optional>
#include <set>

namespace kappascope::ui {

namespace {

constexpr double lineWidth = 1.5;
constexpr int unitsPerInch = 96;
constexpr double keyLength = 18, keyGap = 5, entryGap = 16; ///< of the legend

/// What a figure's legend says: a run by colour and marker, or what the strokes mean.
struct LegendEntry {
    QString text;
    QColor color;
    Stroke stroke = Stroke::Solid;
    std::optional<Marker> marker;
};

std::vector<LegendEntry> legendOf(PlotCanvas& canvas, const Palette& palette) {
    std::vector<LegendEntry> entries, kinds;
    std::set<int> runs;
    for (const Curve& curve : canvas.curves()->curves()) {
        if (curve.raw.empty()) continue;
        if (runs.insert(curve.run).second)
            entries.push_back({curve.name, canvas.curves()->colorOf(curve), Stroke::Solid,
                               Theme::instance().runMarker(curve.position)});
        const auto same = [&](const LegendEntry& kind) { return kind.text == curve.series; };
        if (!curve.series.isEmpty() && std::ranges::none_of(kinds, same))
            kinds.push_back({curve.series, palette.text, curve.stroke, {}});
    }
    std::ranges::stable_sort(kinds, {}, &LegendEntry::stroke);
    entries.insert(entries.end(), kinds.begin(), kinds.end());
    return entries;
}

/// The legend of a figure, in as many rows as it takes.
class LegendStrip : public QCPLayoutElement {
public:
    LegendStrip(PlotCanvas* canvas, const QFont& font, const Palette& palette)
        : QCPLayoutElement(canvas), entries_(legendOf(*canvas, palette)), font_(font), palette_(palette) {
        setMargins({0, 2, 8, 4});
    }

    QSize minimumOuterSizeHint() const override {
        const double width = std::max(mParentPlot->viewport().width() - 16.0, 50.0);
        return {50, int(layOut(width, {})) + mMargins.top() + mMargins.bottom()};
    }
    QSize maximumOuterSizeHint() const override { return {QWIDGETSIZE_MAX, minimumOuterSizeHint().height()}; }

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(true); }

    void draw(QCPPainter* painter) override {
        painter->setFont(font_);
        layOut(rect().width(), [&](const LegendEntry& entry, const QPointF& at, double line) {
            const QPen pen = strokePen(entry.color, lineWidth, entry.stroke);
            const QPointF start = QPointF(rect().topLeft()) + at + QPointF(0, line / 2);
            painter->setPen(pen);
            painter->drawLine(start, start + QPointF(keyLength, 0));
            painter->setPen(Qt::NoPen);
            painter->setBrush(entry.color);
            if (entry.marker) drawMarker(*painter, *entry.marker, start + QPointF(keyLength / 2, 0), 6);
            painter->setPen(palette_.text);
            painter->drawText(QRectF(start + QPointF(keyLength + keyGap, -line / 2), QSizeF(1000, line)),
                              Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, entry.text);
        });
    }

private:
    /// Visits the entries with their places; returns the height.
    double layOut(double width,
                  const std::function<void(const LegendEntry&, const QPointF&, double)>& visit) const {
        const QFontMetricsF metrics(font_, mParentPlot);
        double x = 0, y = 0;
        for (const LegendEntry& entry : entries_) {
            const double room = keyLength + keyGap + metrics.horizontalAdvance(entry.text);
            if (x > 0 && x + room > width) x = 0, y += metrics.height();
            if (visit) visit(entry, {x, y}, metrics.height());
            x += room + entryGap;
        }
        return y + metrics.height();
    }

    std::vector<LegendEntry> entries_;
    QFont font_;
    const Palette& palette_;
};

/// Text on paper keeps a family that other programs know.
QFont paperFont(int pixels, QFont::Weight weight = QFont::Normal) {
    QFont font = Theme::instance().body();
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

void addTitle(PlotCanvas& canvas, const FigureContent& content, const Palette& palette) {
    auto* row = new QCPLayoutGrid;
    auto* title = new QCPTextElement(&canvas, content.title, paperFont(13, QFont::DemiBold));
    title->setTextColor(palette.text);
    title->setTextFlags(Qt::AlignLeft | Qt::AlignVCenter);
    auto* note = new QCPTextElement(&canvas, content.note, paperFont(11));
    note->setTextColor(palette.quiet);
    note->setTextFlags(Qt::AlignRight | Qt::AlignVCenter);
    row->addElement(0, 0, title);
    row->addElement(0, 1, note);
    row->setMargins({0, 0, 6, 2});
    canvas.plotLayout()->insertRow(0);
    canvas.plotLayout()->addElement(0, 0, row);
}

std::unique_ptr<PlotCanvas> makeFigure(const FigureContent& content, const FigureOptions& options) {
    const Palette& palette = options.dark ? darkPalette() : lightPalette();
    auto canvas = std::make_unique<PlotCanvas>();
    canvas->setBufferDevicePixelRatio(1);
    canvas->resize(options.size);
    canvas->dress(palette, 1.1);
    canvas->setLogarithmic(Qt::Horizontal, content.logX);
    canvas->setLogarithmic(Qt::Vertical, content.logY);
    canvas->xAxis->setRange(content.fromX, content.toX);
    canvas->yAxis->setRange(content.fromY, content.toY);
    canvas->xAxis->setLabel(content.xLabel);
    canvas->curves()->setCurves(content.curves);
    canvas->curves()->setLineWidth(lineWidth);
    if (options.flags) {
        std::vector<FlagLayer::Flag> flags;
        for (const auto& [x, text] : content.flags)
            flags.push_back({x, text});
        canvas->flags()->setFlags(std::move(flags));
    }
    addTitle(*canvas, content, palette);
    if (options.legend) {
        canvas->plotLayout()->insertRow(1);
        canvas->plotLayout()->addElement(1, 0, new LegendStrip(canvas.get(), paperFont(11), palette));
    }
    canvas->plotLayout()->setRowSpacing(0);
    canvas->plotLayout()->setMargins({10, 8, 6, 6});
    for (int pass = 0; pass < 2; ++pass) // the legend's rows depend on the width, the ticks on what is left
        canvas->replot(QCustomPlot::rpQueuedRefresh);
    return canvas;
}

void paintFigure(PlotCanvas& canvas, QPaintDevice& device, const FigureOptions& options, double unit) {
    QCPPainter painter;
    painter.begin(&device);
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    painter.scale(unit, unit);
    const Palette& palette = options.dark ? darkPalette() : lightPalette();
    painter.fillRect(QRect({}, options.size), palette.panel);
    canvas.curves()->setVector(true);
    canvas.toPainter(&painter, options.size.width(), options.size.height());
    painter.end();
}

void writePdf(PlotCanvas& canvas, const FigureOptions& options, const QString& title, QIODevice& out) {
    QPdfWriter pdf(&out);
    pdf.setTitle(title);
    pdf.setCreator(QStringLiteral("Kappascope " KAPPASCOPE_VERSION));
    pdf.setResolution(1200);
    pdf.setPageMargins({});
    pdf.setPageSize(
        QPageSize(QSizeF(options.size) / unitsPerInch, QPageSize::Inch, {}, QPageSize::ExactMatch));
    paintFigure(canvas, pdf, options, 1200.0 / unitsPerInch);
}

void writeSvg(PlotCanvas& canvas, const FigureOptions& options, const QString& title, QIODevice& out) {
    OutlineSvg svg;
    svg.setOutputDevice(&out);
    svg.setSize(options.size);
    svg.setViewBox(QRect({}, options.size));
    svg.setResolution(unitsPerInch);
    svg.setTitle(title);
    svg.setDescription(QStringLiteral("Kappascope " KAPPASCOPE_VERSION));
    paintFigure(canvas, svg, options, 1);
}

} // namespace

QImage figureImage(const FigureContent& content, const FigureOptions& options) {
    const auto canvas = makeFigure(content, options);
    return canvas->toPixmap(options.size.width(), options.size.height(), options.scale).toImage();
}

void printFigure(const FigureContent& content, QPrinter& printer) {
    constexpr double highest = 0.6; // of the width
    const QSizeF page = printer.pageRect(QPrinter::Inch).size() * unitsPerInch;
    FigureOptions options;
    options.size = QSizeF(page.width(), std::min(page.height(), highest * page.width())).toSize();
    const auto canvas = makeFigure(content, options);
    paintFigure(*canvas, printer, options, double(printer.resolution()) / unitsPerInch);
}

QString saveFigure(const FigureContent& content, const FigureOptions& options, const QString& path) {
    const QString format = QFileInfo(path).suffix().toLower();
    const auto fail = [&](const QString& why) {
        return QCoreApplication::translate("Figure", "%1: %2").arg(path, why);
    };
    QSaveFile file(path);
    if (format != u"pdf" && format != u"svg" && format != u"png")
        return fail(QCoreApplication::translate("Figure", "unknown format '%1', expected pdf, svg or png")
                        .arg(format));
    if (!file.open(QIODevice::WriteOnly)) return fail(file.errorString());
    if (format == u"png") {
        if (!figureImage(content, options).save(&file, "PNG")) return fail(file.errorString());
    } else {
        const auto canvas = makeFigure(content, options);
        (format == u"pdf" ? writePdf : writeSvg)(*canvas, options, content.title, file);
    }
    return file.commit() ? QString() : fail(file.errorString());
}

} // namespace kappascope::ui
