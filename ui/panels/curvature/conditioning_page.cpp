// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/conditioning_page.h"

#include "ui/panels/curvature/page_caption.h"
#include "ui/theme/theme.h"
#include "ui/views/curvature/conditioning_table.h"
#include "ui/views/curvature/conditioning_view.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace kappascope::ui {

namespace {

constexpr int roomForBoth = 560; ///< px: narrower, the table stands below
constexpr int sideWidth = 236;
constexpr int besideScrollBar = 14;

} // namespace

ConditioningPage::ConditioningPage(QWidget* parent)
    : QWidget(parent), caption_(new PageCaption(this)), body_(new QBoxLayout(QBoxLayout::LeftToRight)),
      view_(new ConditioningView(this)), table_(new ConditioningTable(this)) {
    setObjectName(QStringLiteral("conditioning-page"));
    view_->setObjectName(QStringLiteral("conditioning-view"));
    auto* content = new QWidget(this);
    body_->setContentsMargins(0, 0, 0, 0);
    body_->setSpacing(8);
    body_->addWidget(view_, 1);
    body_->addWidget(table_);
    content->setLayout(body_);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setWidget(content);
    content->setAutoFillBackground(false); // the card shows
    caption_->setContentsMargins(4, 0, 4, 0);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(caption_);
    layout->addWidget(scroll, 1);
}

void ConditioningPage::setReading(std::shared_ptr<const CurvatureReading> reading,
                                  std::span<const std::int64_t> steps, std::span<const double> losses) {
    QStringList facts;
    if (reading) {
        facts << tr("κ* of inputs and neurons, layer by layer");
        caption_->setToolTip(QString::fromStdString(reading->ofBlocks));
    }
    caption_->setFacts(reading ? reading->step : -1, facts);
    table_->setReading(reading.get(), reading ? measuredRate(*reading, steps, losses) : Reading{});
    view_->setReading(std::move(reading));
}

void ConditioningPage::setRun(const QString& name, const QColor& color) {
    caption_->setRun(name, color);
    view_->setRunColor(color);
    table_->setRunColor(color);
}

void ConditioningPage::setHint(const QString& hint) {
    view_->setHint(hint);
}

void ConditioningPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const bool wide = width() >= roomForBoth;
    body_->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    table_->setFixedWidth(wide ? sideWidth : width() - besideScrollBar);
}

} // namespace kappascope::ui
