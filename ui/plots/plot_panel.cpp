// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_panel.h"

#include "ui/curvature_watch.h"
#include "ui/plots/metric_plot.h"
#include "ui/plots/plot_canvas.h"
#include "ui/plots/plot_menu.h"
#include "ui/plots/run_legend.h"
#include "ui/preferences.h"
#include "ui/session.h"
#include "ui/widgets/tool_button.h"

#include <QAction>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QVBoxLayout>
#include <limits>

namespace kappascope::ui {

namespace {

constexpr double frameShareMs = 4; ///< of the 16.7 ms of a frame: more would cost two cores' training a fifth
constexpr int afterTicksMs = 100;  ///< without a tick: there will be none for a while
constexpr int lowestPlot = 118;    ///< pixels; below, the panel scrolls
const QString layoutKey = QStringLiteral("plots/layout");
const QString legendKey = QStringLiteral("plots/legend");

/// Smoothing weights that + and - step through: the mean reaches about twice as far back at each.
constexpr double smoothings[] = {0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999};

/// Losses of so few samples are a band of noise: their mean is drawn over it.
constexpr int noisyBatch = 6;
constexpr double noisySmoothing = 0.99;

constexpr const char* standardPlots[] = {"loss", "condition_number", "gradient_norm", "accuracy"};

} // namespace

PlotPanel::PlotPanel(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), source_(session), legend_(new RunLegend(this)),
      add_(
          makeToolButton(ButtonLook::Word, tr("+ Add plot"), tr("Another quantity over the training"), this)),
      addMenu_(new QMenu(add_)), scroll_(new QScrollArea(this)), splitter_(new QSplitter(Qt::Vertical)),
      empty_(new QLabel(tr("No plots. \u201c+ Add plot\u201d brings one."))) {
    auto* head = new QHBoxLayout;
    head->setContentsMargins(4, 0, 4, 0);
    head->addWidget(legend_, 1);
    head->addWidget(add_, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(empty_, 1, Qt::AlignCenter);
    column->addWidget(scroll_, 1);
    scroll_->setWidgetResizable(true);
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setWidget(splitter_);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    splitter_->setChildrenCollapsible(false);
    margins_ = new QCPMarginGroup(nullptr);
    legend_->setVisible(QSettings().value(legendKey, true).toBool());
    add_->setMenu(addMenu_);
    connect(addMenu_, &QMenu::aboutToShow, this, &PlotPanel::fillAddMenu);
    connect(legend_, &RunLegend::selectAsked, this, [this](int run) {
        if (session_.run(run)) session_.selectRun(run);
    });
    connect(legend_, &RunLegend::hideAsked, this, &PlotPanel::hideRun);
    connect(legend_, &RunLegend::soloAsked, this, &PlotPanel::soloRun);
    afterTicks_.setSingleShot(true);
    afterTicks_.setInterval(afterTicksMs);
    connect(&afterTicks_, &QTimer::timeout, this, &PlotPanel::refreshAll);
    connect(&session_, &Session::ticked, this, &PlotPanel::tick);
    connect(&session_, &Session::experimentChanged, this, &PlotPanel::refreshAll);
    connect(&session_, &Session::selectedRunChanged, this, &PlotPanel::refreshAll);
    connect(&session_.curvature(), &CurvatureWatch::subjectChanged, this, &PlotPanel::refreshAll);
    connect(&session_, &Session::restarted, this, [this] {
        source_.forget();
        view_.setCursorStep(-1);
        view_.clearMarks();
        for (MetricPlot* plot : plots_)
            plot->fit();
    });
    connect(&view_, &PlotViewState::styleChanged, this, &PlotPanel::refreshAll);
    suggestSmoothing();
    connect(&session_, &Session::opened, this, &PlotPanel::suggestSmoothing);
    buildActions();
    // An empty list was left empty; none at all is the first start.
    const QJsonDocument remembered = QJsonDocument::fromJson(QSettings().value(layoutKey).toByteArray());
    if (remembered.isArray())
        restoreLayout(remembered.array());
    else
        showStandardPlots();
}

PlotPanel::~PlotPanel() {
    // The elements leave the group before it goes.
    for (MetricPlot* plot : plots_)
        plot->canvas().axisRect()->setMarginGroup(QCP::msLeft, nullptr);
    delete margins_;
}

MetricPlot* PlotPanel::currentPlot() const {
    if (current_ && !current_->isHidden()) return current_;
    const auto shown = std::ranges::find_if_not(plots_, &MetricPlot::isHidden);
    return shown == plots_.end() ? nullptr : *shown;
}

MetricPlot* PlotPanel::addPlot(const std::string& key) {
    const auto spec = joinedPlotSpec(key);
    return spec ? insertPlot(nullptr, *spec) : nullptr;
}

/// Null: below all others.
MetricPlot* PlotPanel::insertPlot(MetricPlot* before, const PlotSpec& spec) {
    auto* plot = new MetricPlot(spec, view_);
    plot->setMinimumHeight(lowestPlot);
    plot->canvas().axisRect()->setMarginGroup(QCP::msLeft, margins_);
    connect(plot, &MetricPlot::activated, this, [this, plot] { current_ = plot; });
    connect(plot, &MetricPlot::removeAsked, this, [this, plot] { removePlot(plot); });
    connect(plot, &MetricPlot::splitAsked, this, [this, plot] { split(plot); });
    connect(plot, &MetricPlot::runDropped, this, [this](int run) { hideRun(run, false); });
    connect(plot, &MetricPlot::quantityDropped, this, [this, plot](const std::string& key, QWidget* handle) {
        const auto from = std::ranges::find_if(
            plots_, [handle](const MetricPlot* one) { return handle && one->isAncestorOf(handle); });
        join(plot, key, from == plots_.end() ? nullptr : *from);
    });
    connect(plot, &MetricPlot::layoutChanged, this, &PlotPanel::rememberLayout);
    connect(&plot->canvas(), &QCustomPlot::afterReplot, this, [this, plot] { alignMargins(plot); });
    plots_.insert(std::ranges::find(plots_, before), plot);
    splitter_->insertWidget(before ? splitter_->indexOf(before) : splitter_->count(), plot);
    showEmpty();
    showFitting();
    if (scene_) plot->setScene(scene_);
    rememberLayout();
    return plot;
}

void PlotPanel::removePlot(MetricPlot* plot) {
    const auto found = std::ranges::find(plots_, plot);
    if (found == plots_.end()) return;
    plots_.erase(found);
    if (current_ == plot) current_ = nullptr;
    plot->canvas().axisRect()->setMarginGroup(QCP::msLeft, nullptr);
    plot->hide();
    plot->deleteLater(); // it may be asking from its own menu
    showEmpty();
    rememberLayout();
}

void PlotPanel::join(MetricPlot* plot, const std::string& key, MetricPlot* moved) {
    const auto spec = joinedPlotSpec(plot->spec().key + '+' + key);
    if (!spec || moved == plot) return;
    MetricPlot* joined = insertPlot(plot, *spec);
    joined->setLogarithmic(plot->isLogarithmic());
    if (spec->perLayer) joined->setLayer(plot->layer());
    if (moved) removePlot(moved);
    removePlot(plot);
}

void PlotPanel::split(MetricPlot* plot) {
    for (const std::string& key : quantitiesOf(plot->spec().key))
        insertPlot(plot, *findPlotSpec(key));
    removePlot(plot);
}

/// Whether there may be something to show of the present data.
bool PlotPanel::fits(const PlotSpec& spec) const {
    const auto data = session_.data();
    return !data || data->train.task == Task::Classification || !needsClasses(spec);
}

void PlotPanel::showFitting() {
    for (MetricPlot* plot : plots_)
        plot->setHidden(!fits(plot->spec()));
}

void PlotPanel::showEmpty() {
    empty_->setVisible(plots_.empty());
    scroll_->setVisible(!plots_.empty());
}

void PlotPanel::tick() {
    if (!updateScene()) return;
    refreshWithin(frameShareMs);
    afterTicks_.start();
}

/// What the user does shows at once in every plot: while the training rests no tick comes after it.
void PlotPanel::refreshAll() {
    if (updateScene()) refreshWithin(std::numeric_limits<double>::infinity());
}

bool PlotPanel::updateScene() {
    source_.observe();
    if (!isVisible()) return false;
    showFitting();
    scene_ = source_.scene(view_.xUnit());
    legend_->setRuns(scene_->runs);
    return true;
}

void PlotPanel::refreshWithin(double milliseconds) {
    double spent = 0;
    for (std::size_t done = 0; done < plots_.size() && (done == 0 || spent < milliseconds); ++done) {
        MetricPlot* plot = plots_[next_ % plots_.size()];
        next_ = (next_ + 1) % plots_.size();
        plot->setScene(scene_);
        spent += plot->cost();
    }
}

/// A margin group measures when a plot is drawn; the others stand where they were until they are drawn too.
void PlotPanel::alignMargins(MetricPlot* changed) {
    const int left = changed->canvas().frame().left();
    if (left == leftMargin_) return;
    leftMargin_ = left;
    for (MetricPlot* plot : plots_)
        if (plot != changed && plot->canvas().frame().left() != left) plot->canvas().replotLater();
}

void PlotPanel::fillAddMenu() {
    addMenu_->clear();
    addMenu_->setToolTipsVisible(true);
    for (const PlotSpec& spec : plotSpecs()) {
        QAction* action = addMenu_->addAction(spec.title, this, [this, key = spec.key] { addPlot(key); });
        action->setToolTip(fits(spec) ? spec.help : tr("The target of these data is a number: no classes."));
        action->setEnabled(fits(spec));
    }
    addMenu_->addSeparator();
    addMenu_
        ->addAction(tr("The standard plots"), this,
                    [this] {
                        showStandardPlots();
                        rememberLayout();
                    })
        ->setToolTip(tr("In place of those that are there now"));
}

QJsonArray PlotPanel::layoutState() const {
    QJsonArray state;
    for (const MetricPlot* plot : plots_)
        state << QJsonObject{{QStringLiteral("plot"), QString::fromStdString(plot->spec().key)},
                             {QStringLiteral("layer"), plot->layer()},
                             {QStringLiteral("logarithmic"), plot->isLogarithmic()}};
    return state;
}

void PlotPanel::restoreLayout(const QJsonArray& state) {
    restoring_ = true;
    while (!plots_.empty())
        removePlot(plots_.back());
    for (const QJsonValue& value : state) {
        const QJsonObject one = value.toObject();
        MetricPlot* plot = addPlot(one[QStringLiteral("plot")].toString().toStdString());
        if (!plot) continue; // of another version
        plot->setLayer(one[QStringLiteral("layer")].toInt(SeriesKey::wholeNetwork));
        plot->setLogarithmic(one[QStringLiteral("logarithmic")].toBool(plot->isLogarithmic()));
    }
    restoring_ = false;
    showEmpty();
}

void PlotPanel::showStandardPlots() {
    restoreLayout({});
    restoring_ = true;
    for (const char* key : standardPlots)
        addPlot(key);
    restoring_ = false;
}

void PlotPanel::rememberLayout() {
    if (restoring_) return;
    QSettings().setValue(layoutKey, QJsonDocument(layoutState()).toJson(QJsonDocument::Compact));
    emit layoutChanged();
}

void PlotPanel::togglePin(int run) {
    source_.pin(source_.pinned() == run ? 0 : run);
    refreshAll();
}

void PlotPanel::hideRun(int id, bool hide) {
    if (id == PlotRun::baselineId) return togglePin(source_.pinned());
    const RunSpec* run = session_.run(id);
    if (!run) return;
    const QString name = QString::fromStdString(run->name);
    session_.changeRun(id, (hide ? tr("hide %1") : tr("show %1")).arg(name),
                       [hide](RunSpec& changed) { changed.hidden = hide; });
}

void PlotPanel::soloRun(int id) {
    const auto& runs = session_.experiment().runs;
    const bool alone =
        std::ranges::all_of(runs, [id](const RunSpec& run) { return run.hidden == (run.id != id); });
    const RunSpec* run = session_.run(id);
    if (!run) return;
    const QString text =
        alone ? tr("show all runs") : tr("show %1 alone").arg(QString::fromStdString(run->name));
    session_.change(text, [=](Experiment& after) {
        for (RunSpec& one : after.runs)
            one.hidden = !alone && one.id != id;
    });
}

/// What an experiment is opened with.
void PlotPanel::suggestSmoothing() {
    const double usual = Preferences::instance().smoothing();
    const bool noisy = usual == 0 && session_.experiment().batchSize <= noisyBatch;
    view_.suggestSmoothing(noisy ? noisySmoothing : usual, noisy);
}

void PlotPanel::smoothen(bool more) {
    const double now = view_.smoothing();
    const auto set = [this](double weight) { view_.setSmoothing(weight, view_.smoothsLossesAlone()); };
    if (more) {
        for (const double weight : smoothings)
            if (weight > now) return set(weight);
    } else {
        for (auto weight = std::rbegin(smoothings); weight != std::rend(smoothings); ++weight)
            if (*weight < now) return set(*weight);
    }
}

void PlotPanel::buildActions() {
    const auto add = [this](QList<QAction*>& list, const QString& text, const QList<QKeySequence>& keys,
                            auto act) {
        auto* action = new QAction(text, this);
        action->setShortcuts(keys);
        connect(action, &QAction::triggered, this, act);
        list << action;
        return action;
    };
    const auto withPlot = [this](auto act) {
        return [this, act] {
            if (MetricPlot* plot = currentPlot()) act(*plot);
        };
    };
    add(viewActions_, tr("Logarithmic x axis"), {Qt::Key_X}, [this] { view_.setLogX(!view_.logX()); });
    add(viewActions_, tr("Logarithmic y axis"), {Qt::Key_Y},
        withPlot([](MetricPlot& plot) { plot.setLogarithmic(!plot.isLogarithmic()); }));
    add(viewActions_, tr("Fit and follow"), {Qt::Key_F, Qt::Key_Home}, [this] {
        for (MetricPlot* plot : plots_)
            plot->fit();
    });
    add(viewActions_, tr("More smoothing"), {Qt::Key_Plus}, [this] { smoothen(true); });
    add(viewActions_, tr("Less smoothing"), {Qt::Key_Minus}, [this] { smoothen(false); });
    QAction* legend = add(viewActions_, tr("Legend"), {Qt::Key_L}, [] {});
    legend->setCheckable(true);
    legend->setChecked(!legend_->isHidden());
    connect(legend, &QAction::toggled, this, [this](bool on) {
        legend_->setVisible(on);
        QSettings().setValue(legendKey, on);
    });
    add(fileActions_, tr("Copy plot image"), {}, withPlot([](MetricPlot& plot) { copyPlotImage(plot); }));
    add(fileActions_, tr("Save plot image\u2026"), {QKeySequence(Qt::CTRL | Qt::Key_E)},
        withPlot([](MetricPlot& plot) { savePlotImage(plot); }));
    add(fileActions_, tr("Print plot\u2026"), {QKeySequence(Qt::CTRL | Qt::Key_P)},
        withPlot([](MetricPlot& plot) { printPlot(plot); }));
    add(fileActions_, tr("Save plot data\u2026"), {},
        withPlot([](MetricPlot& plot) { savePlotData(plot, true); }));
    addActions(viewActions_);
    addActions(fileActions_);
}

} // namespace kappascope::ui
