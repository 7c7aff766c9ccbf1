// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/spectrum_page.h"

#include "ui/panels/form/form_combo.h"
#include "ui/theme/theme.h"
#include "ui/views/curvature/direction_view.h"
#include "ui/views/curvature/reading_text.h"
#include "ui/views/curvature/spectrum_table.h"

#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace kappascope::ui {

namespace {

constexpr int roomForBoth = 560; ///< px: narrower, the numbers stand below
constexpr int sideWidth = 272;

QString colored(const QString& text, const QColor& color, bool strong) {
    return QStringLiteral("<span style=\"color:%1; font-weight:%2\">%3</span>")
        .arg(color.name(), strong ? QStringLiteral("600") : QStringLiteral("400"), text.toHtmlEscaped());
}

} // namespace

SpectrumPage::SpectrumPage(ViewWorker& worker, QWidget* parent)
    : QWidget(parent), caption_(new QLabel(this)), blocks_(new FormCombo(this)),
      body_(new QBoxLayout(QBoxLayout::LeftToRight)), view_(new SpectrumView(this)),
      side_(new QStackedWidget(this)), table_(new SpectrumTable(this)),
      direction_(new DirectionView(worker, this)) {
    setObjectName(QStringLiteral("spectrum-page"));
    view_->setObjectName(QStringLiteral("spectrum-view"));
    caption_->setTextFormat(Qt::RichText);
    caption_->setMinimumWidth(1);
    blocks_->setObjectName(QStringLiteral("spectrum-block"));
    blocks_->setAccessibleName(tr("Block of the Hessian"));
    blocks_->setToolTip(tr("The whole Hessian, or the diagonal block of a layer's weights and biases"));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(4, 0, 4, 0);
    head->addWidget(caption_, 1);
    head->addWidget(blocks_);

    side_->addWidget(table_);
    side_->addWidget(direction_);
    auto* content = new QWidget(this);
    body_->setContentsMargins(0, 0, 0, 0);
    body_->setSpacing(8);
    body_->addWidget(view_, 1);
    body_->addWidget(side_);
    content->setLayout(body_);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    scroll->setWidget(content);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(head);
    layout->addWidget(scroll, 1);

    connect(blocks_, &QComboBox::currentIndexChanged, this, [this] {
        closeDirection();
        showBlock();
    });
    connect(view_, &SpectrumView::eigenvalueChosen, this, &SpectrumPage::showDirection);
    connect(direction_, &DirectionView::closed, this, &SpectrumPage::closeDirection);
    connect(&Theme::instance(), &Theme::changed, this, &SpectrumPage::showCaption);
    fillBlocks();
    showCaption();
}

bool SpectrumPage::showsDirection() const {
    return side_->currentWidget() == direction_;
}

int SpectrumPage::layer() const {
    return blocks_->currentIndex() < 0 ? BlockReading::wholeNetwork : blocks_->currentData().toInt();
}

/// What the reading has; keeps the choice.
void SpectrumPage::fillBlocks() {
    QList<int> layers{BlockReading::wholeNetwork}, present;
    if (reading_) {
        layers.clear();
        for (const BlockReading& block : reading_->blocks)
            layers << block.layer;
    }
    for (int i = 0; i < blocks_->count(); ++i)
        present << blocks_->itemData(i).toInt();
    if (layers == present) return;
    const int before = layer();
    const QSignalBlocker quiet(blocks_);
    blocks_->clear();
    for (const int layer : layers)
        blocks_->addItem(blockName(layer), layer);
    blocks_->setCurrentIndex(std::max(0, blocks_->findData(before)));
}

bool SpectrumPage::hasVectors(const EigenvalueChoice& which) const {
    if (!reading_ || !reading_->snapshot || layer() != BlockReading::wholeNetwork) return false;
    const BlockReading* block = reading_->block(BlockReading::wholeNetwork);
    return block && which.index < (which.preconditioned ? block->preconditioned : block->raw).vectors.cols();
}

void SpectrumPage::setReading(std::shared_ptr<const CurvatureReading> reading) {
    if (reading == reading_) return;
    if (!reading || (reading_ && reading_->run != reading->run)) closeDirection();
    reading_ = std::move(reading);
    fillBlocks();
    showBlock();
    if (!showsDirection()) return;
    const auto chosen = view_->chosen();
    if (chosen && hasVectors(*chosen))
        direction_->show(reading_, *chosen);
    else
        closeDirection();
}

void SpectrumPage::setRun(const QString& name, const QColor& color) {
    name_ = name;
    color_ = color;
    view_->setRunColor(color);
    table_->setRunColor(color);
    direction_->setRunColor(color);
    showCaption();
}

void SpectrumPage::setHint(const QString& hint) {
    view_->setHint(hint);
}

void SpectrumPage::showBlock() {
    view_->setReading(reading_, layer());
    table_->setReading(reading_.get(), layer());
    showCaption();
}

void SpectrumPage::showCaption() {
    QStringList facts;
    const BlockReading* block = reading_ ? reading_->block(layer()) : nullptr;
    if (block) {
        facts << tr("step %1").arg(formatCount(reading_->step));
        facts << (block->raw.exact
                      ? tr("all %1 eigenvalues").arg(formatCount(block->raw.summary.size))
                      : tr("%1 parameters, estimated").arg(formatCount(block->raw.summary.size)));
    }
    caption_->setText(colored(name_, color_.isValid() ? color_ : Theme::instance().palette().text, true) +
                      QStringLiteral("&emsp;") +
                      colored(facts.join(QStringLiteral(" · ")), Theme::instance().palette().quiet, false));
    caption_->setToolTip(reading_ ? tr("Measured: %1\nin %2 s, at step %3")
                                        .arg(QString::fromStdString(reading_->of),
                                             formatNumber(reading_->seconds, 2), formatCount(reading_->step))
                                  : tr("The selected run"));
}

void SpectrumPage::showDirection(const EigenvalueChoice& which) {
    if (!hasVectors(which)) return;
    side_->setCurrentWidget(direction_);
    direction_->show(reading_, which);
}

void SpectrumPage::closeDirection() {
    view_->choose({});
    side_->setCurrentWidget(table_);
}

void SpectrumPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const bool wide = width() >= roomForBoth;
    body_->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    side_->setFixedWidth(wide ? sideWidth : width() - 4);
}

} // namespace kappascope::ui
