// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_title.h"

#include "engine/curvature/dense_spectrum.h"
#include "engine/telemetry/history.h"
#include "ui/plots/plot_drag.h"
#include "ui/theme/theme.h"
#include "ui/widgets/tool_button.h"
#include "ui/widgets/value_slider.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QWidgetAction>

namespace kappascope::ui {

namespace {

constexpr int spacing = 2;
constexpr int gapAfterName = 6;

QString strokeName(Stroke stroke) {
    switch (stroke) {
    case Stroke::Dashed:
        return PlotTitle::tr("dashed: %1");
    case Stroke::Dotted:
        return PlotTitle::tr("dotted: %1");
    case Stroke::LongDashed:
        return PlotTitle::tr("long dashes: %1");
    case Stroke::Solid:
        break;
    }
    return PlotTitle::tr("solid: %1");
}

/// "— train  - - test": what the kinds of line mean in this plot.
class LineKey : public QWidget {
public:
    LineKey(const std::vector<SeriesSpec>& series, QWidget* parent) : QWidget(parent), series_(series) {
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
        QStringList words;
        for (const SeriesSpec& one : series_)
            words << strokeName(one.stroke).arg(one.label);
        setAccessibleName(words.join(QStringLiteral(", ")));
    }

    QSize sizeHint() const override {
        int width = 0;
        for (const SeriesSpec& one : series_)
            width += stroke + 4 + fontMetrics().horizontalAdvance(one.label) + gap;
        return {width, fontMetrics().height()};
    }
    QSize minimumSizeHint() const override { return {0, fontMetrics().height()}; }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        double x = 0;
        for (const SeriesSpec& one : series_) {
            painter.setPen(strokePen(Theme::instance().palette().quiet, 1.2, one.stroke));
            painter.drawLine(QPointF(x, height() / 2.0), QPointF(x + stroke, height() / 2.0));
            x += stroke + 4;
            painter.drawText(QRectF(x, 0, width() - x, height()), Qt::AlignVCenter, one.label);
            x += fontMetrics().horizontalAdvance(one.label) + gap;
        }
    }

private:
    static constexpr int stroke = 14, gap = 8;
    std::vector<SeriesSpec> series_;
};

QLabel* dot(QWidget* parent) {
    auto* label = new QLabel(QStringLiteral("·"), parent);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

} // namespace

PlotTitle::PlotTitle(const PlotSpec& spec, PlotViewState& view, QWidget* parent)
    : QWidget(parent), spec_(spec), view_(view), series_(spec.series.size()),
      condition_(spec.key == "condition_number" || spec.key == "condition_gain"), text_(spec.title),
      name_(new QLabel(spec.title, this)), unitDot_(dot(this)), smoothingDot_(dot(this)) {
    name_->setToolTip(spec.help + tr("\n\nDrag it onto another plot to see both in one."));
    name_->setAccessibleDescription(spec.help);
    name_->setCursor(Qt::OpenHandCursor);
    new DragStarter(name_, [key = spec.key] { return mimeOfQuantity(key); });
    follow_ = makeToolButton(ButtonLook::Badge, tr("Follow"),
                             tr("Show all again and follow the training (F)"), this);
    log_ = makeToolButton(ButtonLook::Word, tr("linear"), tr("Logarithmic or linear values (Y)"), this);
    unit_ = makeToolButton(ButtonLook::Word, {}, tr("Unit of the horizontal axis"), this);
    smoothing_ = makeToolButton(ButtonLook::Word, {},
                                tr("Weight of the debiased exponential mean (+ and \u2212);\n"
                                   "the raw curve stays behind it"),
                                this);
    follow_->hide();
    auto* unitMenu = new QMenu(unit_);
    connect(unitMenu, &QMenu::aboutToShow, this, [this, unitMenu] { fillUnitMenu(*unitMenu, view_); });
    unit_->setMenu(unitMenu);
    smoothing_->setMenu(smoothingMenu());

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing);
    row->setSizeConstraint(QLayout::SetNoConstraint); // fit() sees to it
    row->addWidget(name_);
    if (spec.perLayer) {
        layer_ =
            makeToolButton(ButtonLook::Word, layerName(SeriesKey::wholeNetwork), tr("Which layer"), this);
        auto* menu = new QMenu(layer_);
        connect(menu, &QMenu::aboutToShow, this, [this, menu] { emit layerMenuAsked(menu); });
        layer_->setMenu(menu);
        row->addWidget(layer_);
    }
    if (condition_) {
        row->addWidget(missing_ = new QLabel(this));
        missing_->setObjectName(QStringLiteral("missing"));
        missing_->setForegroundRole(QPalette::PlaceholderText);
        missing_->hide();
    }
    row->addSpacing(gapAfterName);
    if (spec.series.size() > 1) row->addWidget(key_ = new LineKey(spec.series, this));
    if (spec.showsTheory) {
        row->addWidget(theoryKey_ = new LineKey({{{}, tr("theory"), Stroke::Dotted}}, this));
        row->addWidget(noTheory_ = new QLabel(tr("theory hidden"), this));
        noTheory_->setForegroundRole(QPalette::PlaceholderText);
        theoryKey_->hide();
        noTheory_->hide();
    }
    if (spec.besideTraining) {
        row->addWidget(resting_ = new QLabel(this));
        resting_->setObjectName(QStringLiteral("resting"));
        resting_->hide();
    }
    row->addStretch(1);
    for (QWidget* word :
         std::initializer_list<QWidget*>{follow_, log_, unitDot_, unit_, smoothingDot_, smoothing_})
        row->addWidget(word);
    connect(log_, &QToolButton::clicked, this, &PlotTitle::logarithmicAsked);
    connect(follow_, &QToolButton::clicked, this, &PlotTitle::followAsked);
    connect(&view_, &PlotViewState::styleChanged, this, &PlotTitle::showStyle);
    connect(&Theme::instance(), &Theme::changed, this, &PlotTitle::dress);
    dress();
    showStyle();
}

QSize PlotTitle::minimumSizeHint() const {
    return {0, sizeHint().height()};
}

void PlotTitle::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fit();
}

bool PlotTitle::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest) fit(); // a word has changed
    return QWidget::event(event);
}

/// The least important first.
std::vector<PlotTitle::Word> PlotTitle::dispensable() const {
    const Word smoothing{smoothing_, smoothingDot_}, unit{unit_, unitDot_};
    if (series_ > 2)
        return {smoothing, unit, {key_}, {layer_}}; // nothing else tells several quantities apart
    if (view_.smoothingOf(spec_) > 0) return {{theory_}, {key_}, unit, smoothing, {layer_}};
    return {{theory_}, smoothing, unit, {key_}, {layer_}};
}

/// Hides what the width has no room for; then the name is cut short.
void PlotTitle::fit() {
    const auto room = [](const QWidget* widget) { return widget ? widget->sizeHint().width() + spacing : 0; };
    const QFontMetrics metrics(name_->font());
    const int name = metrics.horizontalAdvance(text_);
    const int always = gapAfterName + 2 * spacing + room(log_) + (follow_->isHidden() ? 0 : room(follow_)) +
                       (!resting_ || resting_->isHidden() ? 0 : room(resting_)) +
                       (!missing_ || missing_->isHidden() ? 0 : room(missing_));
    int needed = always + name;
    const std::vector<Word> words = dispensable();
    for (const Word& one : words)
        needed += room(one.word) + room(one.dot);
    for (const Word& one : words) {
        const bool fits = needed <= width();
        if (!fits) needed -= room(one.word) + room(one.dot);
        for (QWidget* widget : {one.word, one.dot})
            if (widget) widget->setVisible(fits);
    }
    name_->setText(metrics.elidedText(text_, Qt::ElideRight, std::max(0, width() - needed + name)));
}

void PlotTitle::dress() {
    QFont font = Theme::instance().body();
    font.setWeight(QFont::DemiBold);
    name_->setFont(font);
}

void PlotTitle::showLogarithmic(bool on) {
    log_->setText(on ? tr("log") : tr("linear"));
}

void PlotTitle::showTheory(const TheoryWords& words) {
    QWidget* due = words.drawn ? theoryKey_ : words.measured ? noTheory_ : nullptr;
    if (due) due->setToolTip(words.text);
    if (due == theory_) return;
    if (theory_) theory_->hide();
    theory_ = due;
    fit();
}

void PlotTitle::showResting(const QString& otherCurvature) {
    const QString words = otherCurvature.isEmpty() ? QString() : tr("at rest: %1").arg(otherCurvature);
    if (!resting_ || resting_->text() == words) return;
    resting_->setText(words);
    resting_->setToolTip(
        tr("These curves are of the Hessian in training mode over the training set. They get no "
           "points while another curvature is measured: %1.\nRun > Curvature chooses it; the "
           "panels Spectrum, Hessian and Conditioning show it.")
            .arg(otherCurvature));
    resting_->setVisible(!words.isEmpty());
    fit();
}

void PlotTitle::showLayer(int layer, int wanted) {
    if (!layer_) return;
    if (missing_) {
        const bool whole = wanted == SeriesKey::wholeNetwork;
        missing_->setText(whole ? tr("no κr") : tr("no %1").arg(layerName(wanted)));
        missing_->setToolTip(
            whole ? tr("κr of the whole network is wanted here, and has not been measured: it takes all "
                       "eigenvalues, and of networks with more than %1 parameters only the largest are "
                       "known.\nWhat is shown is κ* of %2. + Add plot > Average condition number κavg has an "
                       "estimate of the whole network.")
                        .arg(formatCount(largestDenseSpectrum))
                        .arg(layerName(layer))
                  : tr("%1 is wanted here, and nothing is measured of it; what is shown is %2.")
                        .arg(layerName(wanted), layerName(layer)));
        missing_->setVisible(layer != wanted);
    }
    const QString quantity = layer == SeriesKey::wholeNetwork ? tr("κr, %1") : tr("κ*, %1");
    layer_->setText((condition_ ? quantity.arg(layerName(layer)) : layerName(layer)) +
                    QStringLiteral(" \u25be"));
    fit();
}

void PlotTitle::showFollow(bool zoomed) {
    follow_->setVisible(zoomed);
}

void PlotTitle::showStyle() {
    const QString unit = unitName(view_.xUnit());
    unit_->setText(view_.logX() ? tr("%1, log").arg(unit) : unit);
    const double weight = view_.smoothingOf(spec_);
    smoothing_->setText(weight > 0 ? tr("smoothing %1").arg(weight, 0, 'g', 3) : tr("no smoothing"));
}

QString PlotTitle::layerName(int layer) {
    return layer == SeriesKey::wholeNetwork ? tr("whole network") : tr("layer %1").arg(layer + 1);
}

QString PlotTitle::unitName(PlotViewState::XUnit unit) {
    switch (unit) {
    case PlotViewState::XUnit::Epoch:
        return tr("epoch");
    case PlotViewState::XUnit::Examples:
        return tr("examples");
    case PlotViewState::XUnit::Seconds:
        return tr("seconds");
    case PlotViewState::XUnit::Step:
        break;
    }
    return tr("step");
}

void PlotTitle::fillUnitMenu(QMenu& menu, PlotViewState& view) {
    menu.clear();
    auto* units = new QActionGroup(&menu);
    for (const auto unit : {PlotViewState::XUnit::Step, PlotViewState::XUnit::Epoch,
                            PlotViewState::XUnit::Examples, PlotViewState::XUnit::Seconds}) {
        QAction* action = menu.addAction(unitName(unit), &view, [&view, unit] { view.setXUnit(unit); });
        action->setCheckable(true);
        action->setChecked(view.xUnit() == unit);
        units->addAction(action);
        if (unit == PlotViewState::XUnit::Seconds) action->setToolTip(tr("of computing, each run by itself"));
    }
    menu.setToolTipsVisible(true);
    menu.addSeparator();
    QAction* log = menu.addAction(tr("Logarithmic"), &view, [&view] { view.setLogX(!view.logX()); });
    log->setCheckable(true);
    log->setChecked(view.logX());
}

QMenu* PlotTitle::smoothingMenu() {
    auto* menu = new QMenu(smoothing_);
    auto* box = new QWidget(menu);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(10, 6, 10, 6);
    auto* slider = new ValueSlider({.minimum = 0, .maximum = 0.999, .highest = 0.999}, box);
    slider->setName(tr("Smoothing"));
    slider->setMinimumWidth(190);
    row->addWidget(slider);
    auto* action = new QWidgetAction(menu);
    action->setDefaultWidget(box);
    menu->addAction(action);
    connect(menu, &QMenu::aboutToShow, this, [this, slider] { slider->setValue(view_.smoothingOf(spec_)); });
    connect(slider, &ValueSlider::valueChanged, &view_,
            [this](double weight) { view_.setSmoothing(weight); });
    return menu;
}

} // namespace kappascope::ui
