// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/metric_plot.h"

#include "ui/plots/axis_map.h"
#include "ui/plots/figure.h"
#include "ui/plots/plot_canvas.h"
#include "ui/plots/plot_drag.h"
#include "ui/plots/plot_gestures.h"
#include "ui/plots/plot_menu.h"
#include "ui/plots/plot_title.h"
#include "ui/plots/scene_curves.h"
#include "ui/plots/theory_line.h"

#include <QDropEvent>
#include <QElapsedTimer>
#include <QMenu>
#include <QVBoxLayout>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr double curveWidth = 1.4;     ///< pixels
constexpr double blocksPerPixel = 0.5; ///< asked of the history, which answers with up to twice as many

/// A range moved and stretched about `at` (pixel), in the coordinates of the axis.
QCPRange zoomed(const QCPAxis& axis, double at, double factor) {
    const AxisMap map(axis);
    const double low = map.pixelOf(axis.range().lower), high = map.pixelOf(axis.range().upper);
    return {map.value(at + (low - at) * factor), map.value(at + (high - at) * factor)};
}

} // namespace

/// All that decides what the picture looks like: equal means nothing to do.
struct MetricPlot::Seen {
    CurveWindow window;
    int layer = 0;
    bool follows = true;
    std::vector<std::shared_ptr<const History>> histories; ///< kept: a new one has another address
    std::vector<std::int64_t> sizes;
    std::vector<PlotFlag> flags;
    struct Look {
        QString name;
        std::string color;
        int position;
        bool selected, diverged;
        std::int64_t evaluated; ///< step of a point that is in no history; -1: none
        bool operator==(const Look&) const = default;
    };
    std::vector<Look> looks;
    std::vector<std::optional<TheoryLine>> theories;
    QString otherCurvature;
    PlotViewState::XUnit unit = PlotViewState::XUnit::Step;
    StepScale scale; ///< of all runs, except of time
    bool operator==(const Seen&) const = default;

    /// Nothing but further values of curves that were there: what they add lies at the right end.
    bool isContinuedBy(const Seen& later) const {
        Seen same = later;
        same.sizes = sizes;
        const bool begun = std::ranges::equal(sizes, later.sizes, [](std::int64_t before, std::int64_t now) {
            return before == now || (before > 0 && now > before);
        });
        return begun && same == *this && !window.logX && unit != PlotViewState::XUnit::Seconds;
    }
};

MetricPlot::MetricPlot(const PlotSpec& spec, PlotViewState& view, QWidget* parent)
    : Card(parent), spec_(spec), view_(view), title_(new PlotTitle(spec, view, this)),
      canvas_(new PlotCanvas(this)), scene_(std::make_shared<PlotScene>()), layer_(spec.layer),
      wanted_(spec.layer), logarithmic_(spec.logarithmic) {
    setContentsMargins(10, 6, 4, 4);
    setAcceptDrops(true);
    setAccessibleName(spec.title);
    setAccessibleDescription(spec.help);
    canvas_->setAccessibleName(tr("%1, plot").arg(spec.title));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(title_);
    column->addWidget(canvas_, 1);
    title_->showLogarithmic(logarithmic_);
    tellLayer(layer_);
    connect(title_, &PlotTitle::logarithmicAsked, this, [this] { setLogarithmic(!logarithmic_); });
    connect(title_, &PlotTitle::followAsked, this, &MetricPlot::fit);
    connect(title_, &PlotTitle::layerMenuAsked, this, &MetricPlot::fillLayerMenu);
    connect(&view_, &PlotViewState::rangeChanged, this, [this] { refresh(false); });
    connect(&view_, &PlotViewState::styleChanged, this, [this] { refresh(false); });
    connect(&view_, &PlotViewState::cursorMoved, this, [this] {
        if (!isVisible()) return;
        showCursor();
        canvas_->redrawCursor();
    });
    // The frame's width is known once it was laid out: read again at its resolution.
    connect(canvas_, &QCustomPlot::afterReplot, this, [this] {
        if (seen_ && look().window.width != seen_->window.width) refresh(false);
    });
    connect(&Theme::instance(), &Theme::changed, this, &MetricPlot::dress);
    connectGestures();
    canvas_->curves()->setLineWidth(curveWidth);
    dress();
}

MetricPlot::~MetricPlot() = default;

void MetricPlot::connectGestures() {
    auto* gestures = new PlotGestures(canvas_);
    connect(gestures, &PlotGestures::hovered, this, [this](QPointF at) {
        hovered_ = true;
        emit activated();
        view_.setCursorStep(stepAt(at));
    });
    connect(gestures, &PlotGestures::left, this, [this] {
        hovered_ = false;
        view_.setCursorStep(-1);
        showCursor();
    });
    connect(gestures, &PlotGestures::boxDrawn, this, [this](QRectF box) {
        canvas_->cursor()->setBox(box);
        canvas_->redrawCursor();
    });
    connect(gestures, &PlotGestures::boxZoomed, this, &MetricPlot::zoomToBox);
    connect(gestures, &PlotGestures::panned, this, &MetricPlot::panBy);
    connect(gestures, &PlotGestures::wheelZoomed, this, &MetricPlot::zoomBy);
    connect(gestures, &PlotGestures::fitAsked, this, &MetricPlot::fit);
    connect(gestures, &PlotGestures::markAsked, this, [this](QPointF at) { view_.setMark(stepAt(at)); });
    connect(gestures, &PlotGestures::menuAsked, this, [this](QPoint at) { openPlotMenu(*this, at); });
}

void MetricPlot::dress() {
    canvas_->dress(Theme::instance().palette(), Theme::instance().scale());
    refresh(true);
}

void MetricPlot::showEvent(QShowEvent* event) {
    Card::showEvent(event);
    refresh(true);
}

void MetricPlot::dragEnterEvent(QDragEnterEvent* event) {
    const auto key = quantityIn(event->mimeData());
    if (runIn(event->mimeData()) || (key && joinedPlotSpec(spec_.key + '+' + *key)))
        event->acceptProposedAction();
}

void MetricPlot::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    if (const auto run = runIn(event->mimeData())) emit runDropped(*run);
    if (const auto key = quantityIn(event->mimeData()))
        emit quantityDropped(*key, qobject_cast<QWidget*>(event->source()));
}

void MetricPlot::setScene(std::shared_ptr<const PlotScene> scene) {
    scene_ = std::move(scene);
    if (spec_.perLayer) chooseLayer();
    refresh(false);
}

double MetricPlot::cost() const {
    return isVisible() ? readMs_ + canvas_->paintTime() + (extended_ ? 0 : canvas_->replotTime()) : 0;
}

MetricPlot::Seen MetricPlot::look() const {
    Seen seen;
    CurveWindow& window = seen.window;
    window.logX = view_.logX();
    window.logY = logarithmic_;
    window.smoothing = view_.smoothingOf(spec_);
    window.smoothsLossesAlone = view_.smoothsLossesAlone();
    window.width = std::max(32, int(canvas_->frame().width() * blocksPerPixel));
    window.from = view_.follows() ? 0 : view_.from();
    window.to = view_.follows() ? scene_->lastX : view_.to();
    if (window.logX) {
        // Step 0 has no logarithm: a logarithmic axis begins at one step or its like.
        const double first = std::min(scene_->scale.x(1), window.to / 10);
        window.from = std::max(window.from, std::max(first, window.to * 1e-12));
    }
    seen.layer = layer_;
    seen.follows = view_.follows();
    seen.flags = scene_->flags;
    if (spec_.besideTraining) seen.otherCurvature = scene_->otherCurvature;
    seen.unit = scene_->unit;
    if (seen.unit != PlotViewState::XUnit::Seconds) seen.scale = scene_->scale;
    seen.sizes = SceneCurves(*scene_, spec_, layer_).sizes();
    for (const PlotRun& run : scene_->runs) {
        if (run.hidden) continue;
        seen.histories.push_back(run.history);
        seen.looks.push_back({run.name, run.color, run.position, run.selected, run.diverged,
                              run.evaluated ? run.evaluated->step : -1});
        if (spec_.showsTheory) seen.theories.push_back(run.theory);
    }
    return seen;
}

void MetricPlot::refresh(bool force) {
    title_->showFollow(isZoomed());
    if (!isVisible()) return;
    Seen seen = look();
    if (!force && seen_ && *seen_ == seen) return;
    QElapsedTimer clock;
    clock.start();
    if (!force && extend(seen)) {
        readMs_ = double(clock.nsecsElapsed()) * 1e-6;
        return;
    }
    canvas_->curves()->setCurves(SceneCurves(*scene_, spec_, layer_).read(seen.window));
    extended_ = false;
    showRange(seen);
    std::vector<FlagLayer::Flag> flags;
    for (const PlotFlag& flag : scene_->flags)
        flags.push_back({scene_->scale.x(double(flag.step)), flag.text});
    canvas_->flags()->setFlags(std::move(flags));
    if (spec_.showsTheory) title_->showTheory(theoryWords(*scene_));
    title_->showResting(scene_->otherCurvature);
    showNotice();
    showCursor();
    seen_ = std::make_unique<Seen>(std::move(seen));
    readMs_ = double(clock.nsecsElapsed()) * 1e-6;
    canvas_->replotLater();
}

/// Draws what has been measured since into the picture that is there, which takes a tenth of another picture.
/// False when there has to be another one: it differs elsewhere than at its right end, or does not fit.
bool MetricPlot::extend(const Seen& seen) {
    if (!seen_ || !canvas_->isUpToDate() || !seen_->isContinuedBy(seen)) return false;
    const CurveGrowth growth = SceneCurves(*scene_, spec_, layer_)
                                   .extend(canvas_->curves()->growingCurves(), seen.window, seen_->sizes);
    if (!valuesFixed_ && (growth.low < range_.low() || growth.high > range_.high())) return false;
    *seen_ = seen;
    extended_ = true;
    if (view_.cursorStep() >= 0) {
        showCursor();
        canvas_->redrawCursor();
    }
    showNotice(); // that nothing is measured may have ceased to be true
    if (std::isfinite(growth.from)) canvas_->redrawCurvesFrom(growth.from);
    return true;
}

void MetricPlot::showRange(const Seen& seen) {
    canvas_->setLogarithmic(Qt::Horizontal, seen.window.logX);
    canvas_->setLogarithmic(Qt::Vertical, logarithmic_);
    canvas_->xAxis->setRange(seen.window.from, seen.window.to);
    if (valuesFixed_) return;
    if (!seen_ || seen_->layer != seen.layer || seen_->window.from != seen.window.from ||
        (!seen.follows && seen_->window.to != seen.window.to))
        range_.reset();
    range_.follow(canvas_->curves()->curves(), seen.window.from, seen.window.to, logarithmic_);
    canvas_->yAxis->setRange(range_.low(), range_.high());
}

void MetricPlot::showNotice() {
    bool measured = false, drawn = false;
    for (const Curve& curve : canvas_->curves()->curves()) {
        measured = measured || curve.measured;
        drawn = drawn || !curve.raw.empty();
    }
    QString text;
    if (scene_->runs.empty())
        text = tr("No runs. Add one to see its curves.");
    else if (!measured)
        text = whyNothingIsMeasured();
    else if (!drawn)
        text = tr("Not defined for this experiment.");
    canvas_->setNotice(text);
}

QString MetricPlot::whyNothingIsMeasured() const {
    if (scene_->lastStep <= 0) return tr("Press Space to train.");
    if (spec_.besideTraining && !scene_->otherCurvature.isEmpty())
        return tr("At rest: these curves are of the Hessian in training mode over the training set, and what "
                  "is "
                  "measured now is another (%1).\nRun > Curvature chooses it.")
            .arg(scene_->otherCurvature);
    if (spec_.besideTraining)
        return tr("Not measured yet: curvature is measured beside the training. "
                  "K\u00a0measures\u00a0it\u00a0at\u00a0once.");
    // What belongs to the whole network comes with every evaluation, if at all: accuracy not without classes.
    const auto evaluated = [](const PlotRun& run) {
        return run.history && run.history->size({"train_loss_full"}) > 0;
    };
    const bool never = !spec_.perLayer && std::ranges::any_of(scene_->runs, evaluated);
    return never ? tr("Not defined for this experiment.") : tr("Nothing measured here.");
}

void MetricPlot::showCursor() {
    CursorLayer::Picture picture;
    picture.box = canvas_->cursor()->picture().box;
    const auto x = [&](std::int64_t step) { return scene_->scale.x(double(step)); };
    if (view_.markA() >= 0) picture.markA = x(view_.markA());
    if (view_.markB() >= 0) picture.markB = x(view_.markB());
    const bool both = view_.markA() >= 0 && view_.markB() >= 0;
    if (const std::int64_t step = view_.cursorStep(); step >= 0) {
        picture.crosshair = x(step);
        picture.table = CursorTable::at(*scene_, spec_, layer_, step);
        picture.table.setCompact(!hovered_);
        if (!canvas_->notice().isEmpty()) picture.table = {};
        for (const CursorTable::Row& row : picture.table.rows())
            for (const PlotRun& run : scene_->runs)
                for (const double value : row.values)
                    if (run.id == row.run && std::isfinite(value))
                        picture.dots.push_back({{run.scale.x(double(step)), value},
                                                Theme::instance().runColor(run.color, run.position),
                                                Theme::instance().runMarker(run.position)});
    }
    if (both && hovered_)
        picture.table =
            CursorTable::between(*scene_, spec_, layer_, view_.markA(), view_.markB(), logarithmic_);
    canvas_->cursor()->setPicture(std::move(picture));
}

FigureContent MetricPlot::figure() const {
    FigureContent figure;
    figure.title = spec_.perLayer ? tr("%1, %2").arg(spec_.title, PlotTitle::layerName(layer_)) : spec_.title;
    figure.xLabel = PlotTitle::unitName(view_.xUnit());
    if (const double weight = view_.smoothingOf(spec_); weight > 0)
        figure.note = (view_.smoothsLossesAlone()
                           ? tr("debiased exponential mean of the mini-batches' losses, weight %1")
                           : tr("debiased exponential mean, weight %1"))
                          .arg(weight, 0, 'g', 3);
    figure.curves = canvas_->curves()->curves();
    for (Curve& curve : figure.curves)
        curve.selected = false;
    for (const PlotFlag& flag : scene_->flags)
        figure.flags.emplace_back(scene_->scale.x(double(flag.step)), flag.text);
    figure.fromX = canvas_->xAxis->range().lower;
    figure.toX = canvas_->xAxis->range().upper;
    figure.fromY = canvas_->yAxis->range().lower;
    figure.toY = canvas_->yAxis->range().upper;
    figure.logX = view_.logX();
    figure.logY = logarithmic_;
    return figure;
}

void MetricPlot::setLogarithmic(bool on) {
    if (on == logarithmic_) return;
    logarithmic_ = on;
    valuesFixed_ = false; // a range with zero in it has no place on a logarithmic axis
    title_->showLogarithmic(on);
    emit layoutChanged();
    refresh(false);
}

void MetricPlot::setValueRange(double low, double high) {
    if (!(std::isfinite(low) && std::isfinite(high) && low < high) || (logarithmic_ && low <= 0)) return;
    valuesFixed_ = true;
    canvas_->yAxis->setRange(low, high);
    refresh(true);
}

bool MetricPlot::isZoomed() const {
    return valuesFixed_ || !view_.follows();
}

void MetricPlot::fitVertically() {
    valuesFixed_ = false;
    range_.reset();
    refresh(true);
}

void MetricPlot::fit() {
    view_.follow();
    fitVertically();
}

std::int64_t MetricPlot::stepAt(const QPointF& pixel) const {
    const double x = AxisMap(*canvas_->xAxis).value(pixel.x());
    const double step = std::round(scene_->scale.step(x));
    return std::int64_t(std::clamp(step, 0.0, double(std::max<std::int64_t>(scene_->lastStep, 0))));
}

void MetricPlot::zoomBy(QPointF at, double factor, Qt::Orientations axes) {
    if (axes & Qt::Vertical) {
        const QCPRange y = zoomed(*canvas_->yAxis, at.y(), factor);
        setValueRange(y.lower, y.upper);
    }
    if (axes & Qt::Horizontal) {
        const QCPRange x = zoomed(*canvas_->xAxis, at.x(), factor);
        view_.zoomTo(x.lower, x.upper);
    }
}

void MetricPlot::panBy(QPointF by) {
    const auto moved = [](const QCPAxis& axis, double pixels) {
        const AxisMap map(axis);
        return QCPRange(map.value(map.pixelOf(axis.range().lower) - pixels),
                        map.value(map.pixelOf(axis.range().upper) - pixels));
    };
    if (by.y() != 0) {
        const QCPRange y = moved(*canvas_->yAxis, by.y());
        setValueRange(y.lower, y.upper);
    }
    if (by.x() != 0) {
        const QCPRange x = moved(*canvas_->xAxis, by.x());
        view_.zoomTo(x.lower, x.upper);
    }
}

void MetricPlot::zoomToBox(const QRectF& box) {
    const AxisMap x(*canvas_->xAxis), y(*canvas_->yAxis);
    const QRectF frame = canvas_->frame();
    if (box.height() < frame.height()) setValueRange(y.value(box.bottom()), y.value(box.top()));
    if (box.width() < frame.width()) view_.zoomTo(x.value(box.left()), x.value(box.right()));
}

} // namespace kappascope::ui
