// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/spectrum_panel.h"

#include "ui/curvature_watch.h"
#include "ui/panels/curvature/spectrum_view.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/number_label.h"
#include "ui/widgets/tool_button.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

namespace kappascope::ui {

namespace {

constexpr int leastForTable = 520; ///< width below which the numbers give way to the picture

QString layerText(int layer) {
    return layer == BlockReading::wholeNetwork ? SpectrumPanel::tr("whole network")
                                               : SpectrumPanel::tr("layer %1").arg(layer + 1);
}

QString quantityHelp(const char* key) {
    for (const Description& quantity : curvatureQuantities())
        if (quantity.key == key) return QString::fromStdString(quantity.label + '\n' + quantity.help);
    return {};
}

/// The number with its error where it is an estimate; the dash where it is not defined.
QString numberOf(const Reading& reading) {
    if (!reading.usable() && reading.status != Reading::Status::NotConverged) return formatNumber(qQNaN());
    QString text = formatCondition(reading.value);
    if (reading.status == Reading::Status::Estimated && reading.error > 5e-4 * std::abs(reading.value))
        text += QStringLiteral(" ±") + formatCondition(reading.error, 1);
    return text;
}

} // namespace

SpectrumPanel::SpectrumPanel(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), caption_(new QLabel(this)), of_(new QLabel(this)),
      layerButton_(
          makeToolButton(ButtonLook::Word, layerText(layer_), tr("Which block of the Hessian"), this)),
      now_(makeToolButton(ButtonLook::Word, tr("Measure now"),
                          tr("Measures all runs once, as soon as possible"), this)),
      view_(new SpectrumView(this)), table_(new QWidget(this)), grid_(new QGridLayout(table_)) {
    setObjectName(QStringLiteral("spectrum-panel"));
    now_->setObjectName(QStringLiteral("measure-now"));
    layerButton_->setObjectName(QStringLiteral("spectrum-layer"));
    for (QLabel* label : {caption_, of_}) {
        label->setTextFormat(Qt::RichText);
        label->setMinimumWidth(1);
    }
    of_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* menu = new QMenu(layerButton_);
    layerButton_->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, &SpectrumPanel::fillLayerMenu);
    connect(now_, &QToolButton::clicked, this, [this] { session_.curvature().measureNow(); });

    auto* head = new QHBoxLayout;
    head->setContentsMargins(4, 0, 4, 0);
    head->addWidget(caption_);
    head->addWidget(layerButton_);
    head->addWidget(of_, 1);
    head->addWidget(now_);
    auto* body = new QHBoxLayout;
    body->setContentsMargins(4, 0, 4, 4);
    body->setSpacing(12);
    body->addWidget(view_, 1);
    body->addWidget(table_, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(head);
    column->addLayout(body, 1);

    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(10);
    grid_->setVerticalSpacing(2);
    grid_->addWidget(new QLabel(QStringLiteral("H"), table_), 0, 1, Qt::AlignRight);
    grid_->addWidget(new QLabel(QStringLiteral("PᵀHP"), table_), 0, 2, Qt::AlignRight);
    addLine(tr("λmax"), "lambda_max", "lambda-max");
    addLine(tr("λmin"), "lambda_min", "lambda-min");
    addLine(tr("κr"), "kappa_rank", "kappa-rank");
    addLine(tr("κτ"), "kappa_tau", "kappa-tau");
    addLine(tr("κavg"), "kappa_average", "kappa-average");
    addLine(tr("gain"), "gain", "spectrum-gain");
    addLine(tr("dropped"), "dropped", "dropped");
    addLine(tr("negative"), "negative_share", "negative-share");
    addLine(tr("best step"), "best_step", "best-step");

    connect(&session_.curvature(), &CurvatureWatch::changed, this, &SpectrumPanel::refresh);
    connect(&session_, &Session::selectedRunChanged, this, &SpectrumPanel::refresh);
    connect(&session_, &Session::experimentChanged, this, &SpectrumPanel::refresh);
    connect(&session_, &Session::restarted, this, &SpectrumPanel::refresh);
    connect(&Theme::instance(), &Theme::changed, this, &SpectrumPanel::refresh);
}

void SpectrumPanel::addLine(const QString& name, const char* quantity, const char* objectName) {
    const int row = static_cast<int>(lines_.size()) + 1;
    Line line{new QLabel(name, table_), new NumberLabel(table_, NumberLabel::Role::Body),
              new NumberLabel(table_, NumberLabel::Role::Strong)};
    line.name->setToolTip(quantityHelp(quantity));
    line.raw->setObjectName(QStringLiteral("raw-") + QLatin1String(objectName));
    line.met->setObjectName(QStringLiteral("met-") + QLatin1String(objectName));
    for (NumberLabel* number : {line.raw, line.met}) {
        number->reserve(QStringLiteral("-0.00e-00"));
        number->setToolTip(quantityHelp(quantity));
    }
    grid_->addWidget(line.name, row, 0);
    grid_->addWidget(line.raw, row, 1, Qt::AlignRight);
    grid_->addWidget(line.met, row, 2, Qt::AlignRight);
    lines_.push_back(line);
}

/// Spectra of layers and eigenvectors are measured only for who looks at them.
void SpectrumPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    session_.curvature().setNeeds(this, {.layerSpectra = true, .vectors = true});
    refresh();
}

void SpectrumPanel::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    session_.curvature().setNeeds(this, {});
}

void SpectrumPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    table_->setVisible(width() >= leastForTable);
}

void SpectrumPanel::fillLayerMenu() {
    QMenu* menu = layerButton_->menu();
    menu->clear();
    const int layers = static_cast<int>(session_.experiment().model.hidden.size()) + 1;
    for (int layer = BlockReading::wholeNetwork; layer < layers; ++layer) {
        QAction* action = menu->addAction(layerText(layer), this, [this, layer] { setLayer(layer); });
        action->setCheckable(true);
        action->setChecked(layer == layer_);
    }
}

void SpectrumPanel::setLayer(int layer) {
    layer_ = layer;
    refresh();
}

QString SpectrumPanel::notice() const {
    const int run = session_.selectedRun();
    if (!session_.run(run)) return tr("No run is selected.");
    const QString failure = session_.curvature().failure(run);
    if (!failure.isEmpty()) return tr("The curvature could not be measured: %1").arg(failure);
    if (session_.curvature().pace() == CurvatureWatch::Pace::Paused)
        return tr("Measurements are paused. “Measure now” makes one.");
    return tr("Measuring…");
}

void SpectrumPanel::refresh() {
    if (!isVisible()) return;
    if (layer_ > static_cast<int>(session_.experiment().model.hidden.size()))
        layer_ = BlockReading::wholeNetwork;
    layerButton_->setText(layerText(layer_) + QStringLiteral(" ▾"));
    const int id = session_.selectedRun();
    const RunSpec* run = session_.run(id);
    const auto reading = run ? session_.curvature().latest(id) : nullptr;
    const QColor color = run ? Theme::instance().runColor(run->color, session_.positionOf(id)) : QColor();
    view_->show(reading, layer_, color, notice());
    showCaption(reading.get());
    showNumbers(reading.get(), reading ? reading->block(layer_) : nullptr);
}

void SpectrumPanel::showCaption(const CurvatureReading* reading) {
    const Theme& theme = Theme::instance();
    const int id = session_.selectedRun();
    const RunSpec* run = session_.run(id);
    const QString name = run ? QString::fromStdString(run->name) : QString();
    const QColor color = run ? theme.runColor(run->color, session_.positionOf(id)) : theme.palette().text;
    QString text = QStringLiteral("<span style=\"color:%1; font-weight:600\">%2</span>")
                       .arg(color.name(), name.toHtmlEscaped());
    const QString quiet = QStringLiteral("<span style=\"color:%1\">%2</span>");
    if (reading)
        text += QStringLiteral("&emsp;") +
                quiet.arg(theme.palette().quiet.name(), tr("step %1").arg(formatCount(reading->step)));
    caption_->setText(text);
    QString of;
    if (reading)
        of = reading->whyNotPreconditioned.empty()
                 ? QString::fromStdString(reading->of)
                 : tr("PᵀHP is not defined: %1").arg(QString::fromStdString(reading->whyNotPreconditioned));
    of_->setText(quiet.arg(theme.palette().quiet.name(), of.toHtmlEscaped()));
    of_->setToolTip(reading ? tr("What was measured: %1.\nIt took %2 s.")
                                  .arg(QString::fromStdString(reading->of), formatNumber(reading->seconds, 2))
                            : QString());
}

void SpectrumPanel::showNumbers(const CurvatureReading* reading, const BlockReading* block) {
    for (const Line& line : lines_)
        for (NumberLabel* number : {line.raw, line.met})
            number->setText(formatNumber(qQNaN()));
    if (!block) return;
    const bool defined = reading->whyNotPreconditioned.empty();
    const SpectrumSummary &raw = block->raw.summary, &met = block->preconditioned.summary;
    const auto set = [this, defined](std::size_t line, const QString& before, const QString& after) {
        lines_[line].raw->setText(before);
        if (defined) lines_[line].met->setText(after);
    };
    set(0, numberOf(raw.lambdaMax), numberOf(met.lambdaMax));
    set(1, numberOf(raw.lambdaMin), numberOf(met.lambdaMin));
    if (block->raw.exact) {
        set(2, numberOf(block->matched.before), numberOf(block->matched.after));
        set(3, numberOf(raw.kappaTau), numberOf(met.kappaTau));
    }
    set(4, numberOf(raw.kappaAverage), numberOf(met.kappaAverage));
    set(5, {}, block->matched.gain.usable() ? u'×' + numberOf(block->matched.gain) : formatNumber(qQNaN()));
    set(6, tr("%1 of %2").arg(formatCount(raw.dropped), formatCount(raw.size)), formatCount(met.dropped));
    set(7, formatShare(raw.negativeShare()), formatShare(met.negativeShare()));
    set(8, {}, numberOf(block->bestStep));
    lines_[2].name->setToolTip(quantityHelp("kappa_rank") +
                               tr("\nr = %1").arg(formatCount(block->matched.directions)));
    lines_[3].name->setToolTip(quantityHelp("kappa_tau") + tr("\nτ = %1").arg(formatNumber(raw.tau)));
    if (!block->bestStep.why.empty())
        lines_[8].met->setToolTip(quantityHelp("best_step") +
                                  tr("\nNot defined: %1").arg(QString::fromStdString(block->bestStep.why)));
}

} // namespace kappascope::ui
