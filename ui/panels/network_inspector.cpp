// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/network_inspector.h"

#include "ui/panels/inspector_frame.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/views/network_view.h"

#include <QLabel>

namespace kappascope::ui {

NetworkInspector::NetworkInspector(Session& session, ViewWorker& worker, QWidget* parent)
    : QWidget(parent), session_(session), run_(new QLabel(this)), key_(new QLabel(this)),
      view_(new NetworkView(worker, this)) {
    setObjectName("network-inspector");
    view_->setObjectName("network-view");
    key_->setTextFormat(Qt::RichText);
    key_->setMinimumWidth(1); // what does not fit is cut off
    run_->setToolTip(tr("The selected run: units of its layers, step of the picture"));
    arrangeInspector(*this, session, *view_, *run_, *key_, [this] { showCaption(); });
}

void NetworkInspector::showCaption() {
    const auto& palette = Theme::instance().palette();
    key_->setText(coloredText(tr("\u2014 weight below 0"), palette.negative) + QStringLiteral("&emsp;") +
                  coloredText(tr("\u2014 above 0"), palette.positive));
    QStringList facts;
    QStringList units;
    for (const auto& column : view_->picture().columns)
        units << QString::number(column.units);
    if (!units.isEmpty()) facts << units.join(QStringLiteral("\u2013"));
    if (view_->shownStep() >= 0) facts << tr("step %1").arg(formatCount(view_->shownStep()));
    run_->setText(captionOfSelectedRun(session_, facts));
}

} // namespace kappascope::ui
