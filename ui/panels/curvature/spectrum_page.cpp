// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/spectrum_page.h"

#include "ui/panels/curvature/page_caption.h"
#include "ui/panels/form/form_combo.h"
#include "ui/theme/theme.h"
#include "ui/views/curvature/direction_view.h"
#include "ui/views/curvature/reading_text.h"
#include "ui/views/curvature/spectrum_table.h"
#include "ui/widgets/tool_button.h"

#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace kappascope::ui {

namespace {

constexpr int roomForBoth = 560; ///< px: narrower, the numbers stand below
constexpr int sideWidth = 272;
constexpr int roomForLowBoth = 480; ///< the same where the page is too low for both
constexpr int lineBelow = 28;
constexpr int besideScrollBar = 14;
constexpr int roomForLine = 190; ///< px: lower, the spectrum has all

} // namespace

SpectrumPage::SpectrumPage(ViewWorker& worker, QWidget* parent)
    : QWidget(parent), caption_(new PageCaption(this)), blocks_(new FormCombo(this)),
      body_(new QBoxLayout(QBoxLayout::LeftToRight)), view_(new SpectrumView(this)),
      side_(new QStackedWidget(this)), table_(new SpectrumTable(this)),
      direction_(new DirectionView(worker, this)) {
    setObjectName(QStringLiteral("spectrum-page"));
    view_->setObjectName(QStringLiteral("spectrum-view"));
    blocks_->setObjectName(QStringLiteral("spectrum-block"));
    blocks_->setAccessibleName(tr("Block of the Hessian"));
    blocks_->setToolTip(tr("The whole Hessian, or the diagonal block of a layer's weights and biases"));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(4, 0, 4, 0);
    auto* now = makeToolButton(ButtonLook::Word, tr("Measure now"),
                               tr("Measures every run once, as soon as possible"), this);
    now->setObjectName(QStringLiteral("measure-now"));
    connect(now, &QToolButton::clicked, this, &SpectrumPage::measurementWanted);
    head->addWidget(caption_, 1);
    head->addWidget(now);
    head->addSpacing(4);
    head->addWidget(blocks_);

    side_->addWidget(table_);
    side_->addWidget(direction_);
    auto* content = new QWidget(this);
    body_->setContentsMargins(0, 0, 0, 0);
    body_->setSpacing(8);
    body_->addWidget(view_, 1, Qt::AlignTop);
    body_->addWidget(side_);
    content->setLayout(body_);
    scroll_ = new QScrollArea(this);
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setWidgetResizable(true);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll_->viewport()->setAutoFillBackground(false);
    scroll_->setWidget(content);
    content->setAutoFillBackground(false); // the card shows
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(head);
    layout->addWidget(scroll_, 1);

    connect(blocks_, &QComboBox::currentIndexChanged, this, [this] {
        wanted_ = layer();
        closeDirection();
        showBlock();
        emit blockChosen();
    });
    connect(view_, &SpectrumView::eigenvalueChosen, this, &SpectrumPage::showDirection);
    connect(direction_, &DirectionView::closed, this, &SpectrumPage::closeDirection);
    fillBlocks();
    showCaption();
}

bool SpectrumPage::showsDirection() const {
    return side_->currentWidget() == direction_;
}

int SpectrumPage::layer() const {
    return blocks_->currentIndex() < 0 ? BlockReading::wholeNetwork : blocks_->currentData().toInt();
}

/// Whatever the reading has measured of them: what is chosen is measured next.
void SpectrumPage::fillBlocks() {
    const int layers = reading_ ? static_cast<int>(reading_->conditioning.size()) : 0;
    if (blocks_->count() == layers + 1 || (!reading_ && blocks_->count() > 0)) return;
    const QSignalBlocker quiet(blocks_);
    blocks_->clear();
    for (int layer = BlockReading::wholeNetwork; layer < layers; ++layer)
        blocks_->addItem(blockName(layer), layer);
    if (blocks_->findData(wanted_) < 0) wanted_ = BlockReading::wholeNetwork; // of a deeper network
    blocks_->setCurrentIndex(blocks_->findData(wanted_));
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
    caption_->setRun(name, color);
    view_->setRunColor(color);
    table_->setRunColor(color);
    direction_->setRunColor(color);
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
        facts << (block->raw.exact
                      ? tr("all %1 eigenvalues").arg(formatCount(block->raw.summary.size))
                      : tr("%1 parameters, estimated").arg(formatCount(block->raw.summary.size)));
    }
    caption_->setFacts(block ? reading_->step : -1, facts);
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

bool SpectrumPage::openDirection(Index n) {
    const BlockReading* block = reading_ ? reading_->block(BlockReading::wholeNetwork) : nullptr;
    if (!block || block->preconditioned.eigenvalues.size() < n) return false;
    const EigenvalueChoice which{!reading_->identity, block->preconditioned.eigenvalues.size() - n};
    if (!hasVectors(which)) return false;
    view_->choose(which);
    showDirection(which);
    return true;
}

void SpectrumPage::closeDirection() {
    view_->choose({});
    side_->setCurrentWidget(table_);
}

void SpectrumPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const int room = height() - blocks_->sizeHint().height() - layout()->spacing();
    const bool low = room < roomForLine;
    const bool wide = width() >= (low ? roomForLowBoth : roomForBoth);
    const int beside = width() - besideScrollBar - body_->spacing() - view_->minimumSizeHint().width();
    body_->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    side_->setFixedWidth(wide ? std::min(sideWidth, beside) : width() - besideScrollBar);
    // The spectrum is in sight as a whole, however many numbers there are. Above them it fills the page but
    // for their first line, which shows that there is more.
    const int wanted = wide || low ? room : room - lineBelow;
    view_->setFixedHeight(std::max(view_->minimumSizeHint().height(), wanted));
}

} // namespace kappascope::ui
