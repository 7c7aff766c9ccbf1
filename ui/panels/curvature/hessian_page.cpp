// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/hessian_page.h"

#include "ui/panels/curvature/page_caption.h"
#include "ui/theme/theme.h"
#include "ui/views/curvature/hessian_view.h"

#include <QVBoxLayout>

namespace kappascope::ui {

HessianPage::HessianPage(QWidget* parent)
    : QWidget(parent), caption_(new PageCaption(this)), view_(new HessianView(this)) {
    setObjectName(QStringLiteral("hessian-page"));
    view_->setObjectName(QStringLiteral("hessian-view"));
    caption_->setContentsMargins(4, 0, 4, 0);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(caption_);
    layout->addWidget(view_, 1);
}

void HessianPage::setReading(std::shared_ptr<const CurvatureReading> reading) {
    QStringList facts;
    if (reading) {
        facts << QString::fromStdString(reading->of);
        caption_->setToolTip(QString::fromStdString(reading->of));
    }
    caption_->setFacts(reading ? reading->step : -1, facts);
    view_->setReading(std::move(reading));
}

void HessianPage::setRun(const QString& name, const QColor& color) {
    caption_->setRun(name, color);
}

void HessianPage::setHint(const QString& hint) {
    view_->setHint(hint);
}

} // namespace kappascope::ui
