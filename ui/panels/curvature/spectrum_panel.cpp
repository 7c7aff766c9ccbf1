// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/spectrum_panel.h"

#include "ui/curvature_watch.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/views/curvature/spectrum_table.h"
#include "ui/views/curvature/spectrum_view.h"
#include "ui/widgets/tool_button.h"

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

} // namespace

SpectrumPanel::SpectrumPanel(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), caption_(new QLabel(this)), of_(new QLabel(this)),
      layerButton_(
          makeToolButton(ButtonLook::Word, layerText(layer_), tr("Which block of the Hessian"), this)),
      now_(makeToolButton(ButtonLook::Word, tr("Measure now"),
                          tr("Measures all runs once, as soon as possible"), this)),
      view_(new SpectrumView(this)), table_(new SpectrumTable(this)) {
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
    column->setSizeConstraint(QLayout::SetNoConstraint); // see minimumSizeHint()
    column->setSpacing(4);
    column->addLayout(head);
    column->addLayout(body, 1);

    connect(&session_.curvature(), &CurvatureWatch::changed, this, &SpectrumPanel::refresh);
    connect(&session_, &Session::selectedRunChanged, this, &SpectrumPanel::refresh);
    connect(&session_, &Session::experimentChanged, this, &SpectrumPanel::refresh);
    connect(&session_, &Session::restarted, this, &SpectrumPanel::refresh);
    connect(&Theme::instance(), &Theme::changed, this, &SpectrumPanel::refresh);
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
    view_->setRunColor(color);
    view_->setHint(notice());
    view_->setReading(reading, layer_);
    table_->setRunColor(color);
    table_->setReading(reading.get(), layer_);
    showCaption(reading.get());
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

} // namespace kappascope::ui
