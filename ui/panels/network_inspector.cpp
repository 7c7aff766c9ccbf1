// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/network_inspector.h"

#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/views/network_view.h"
#include "ui/views/snapshot_feed.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace kappascope::ui {

namespace {

constexpr int lowestPicture = 60; ///< px: many runs leave the panel little room

QString colored(const QString& text, const QColor& color, bool strong = false) {
    return QStringLiteral("<span style=\"color:%1; font-weight:%2\">%3</span>")
        .arg(color.name(), strong ? QStringLiteral("600") : QStringLiteral("400"), text.toHtmlEscaped());
}

} // namespace

NetworkInspector::NetworkInspector(Session& session, ViewWorker& worker, QWidget* parent)
    : QWidget(parent), session_(session), run_(new QLabel(this)), key_(new QLabel(this)),
      view_(new NetworkView(worker, this)), feed_(new SnapshotFeed(session, session.selectedRun(), this)) {
    setObjectName("network-inspector");
    view_->setObjectName("network-view");
    view_->setMinimumHeight(lowestPicture);
    for (QLabel* label : {run_, key_}) {
        label->setTextFormat(Qt::RichText);
        label->setMinimumWidth(1); // what does not fit is cut off
    }
    auto* caption = new QHBoxLayout;
    caption->setContentsMargins(4, 0, 4, 0);
    caption->addWidget(run_, 1);
    caption->addWidget(key_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(caption);
    layout->addWidget(view_, 1);
    feed_->setView(view_);
    connect(&session, &Session::selectedRunChanged, feed_, &SnapshotFeed::setRun);
    connect(&session, &Session::selectedRunChanged, this, &NetworkInspector::showCaption);
    connect(&session, &Session::experimentChanged, this, &NetworkInspector::showCaption);
    connect(view_, &RunView::shown, this, &NetworkInspector::showCaption);
    connect(&Theme::instance(), &Theme::changed, this, &NetworkInspector::showCaption);
    showCaption();
}

void NetworkInspector::showCaption() {
    const Theme& theme = Theme::instance();
    const QColor& quiet = theme.palette().quiet;
    key_->setText(colored(tr("\u2014 weight below 0"), theme.palette().negative) + QStringLiteral("&emsp;") +
                  colored(tr("\u2014 above 0"), theme.palette().positive));
    const int id = session_.selectedRun();
    const RunSpec* run = session_.run(id);
    if (!run) return run_->clear();
    QStringList facts;
    QStringList units;
    for (const auto& column : view_->picture().columns)
        units << QString::number(column.units);
    if (!units.isEmpty()) facts << units.join(QStringLiteral("\u2013"));
    if (view_->shownStep() >= 0) facts << tr("step %1").arg(formatCount(view_->shownStep()));
    const QColor color = theme.runColor(run->color, session_.positionOf(id));
    run_->setText(colored(QString::fromStdString(run->name), color, true) + QStringLiteral("&emsp;") +
                  colored(facts.join(QStringLiteral(" \u00b7 ")), quiet));
    run_->setToolTip(tr("The selected run: units of its layers, step of the picture"));
}

} // namespace kappascope::ui
