// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/inspector_frame.h"

#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/views/snapshot_feed.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace kappascope::ui {

namespace {
constexpr int lowestPicture = 60; ///< px: many runs leave the panel little room
}

QString coloredText(const QString& text, const QColor& color, bool strong) {
    return QStringLiteral("<span style=\"color:%1; font-weight:%2\">%3</span>")
        .arg(color.name(), strong ? QStringLiteral("600") : QStringLiteral("400"), text.toHtmlEscaped());
}

QString captionOfSelectedRun(const Session& session, const QStringList& facts) {
    const int id = session.selectedRun();
    const RunSpec* run = session.run(id);
    if (!run) return {};
    const Theme& theme = Theme::instance();
    const QColor color = theme.runColor(run->color, session.positionOf(id));
    return coloredText(QString::fromStdString(run->name), color, true) + QStringLiteral("&emsp;") +
           coloredText(facts.join(QStringLiteral(" \u00b7 ")), theme.palette().quiet);
}

void arrangeInspector(QWidget& inspector, Session& session, RunView& view, QLabel& run, QWidget& beside,
                      const std::function<void()>& showCaption) {
    run.setTextFormat(Qt::RichText);
    run.setMinimumWidth(1); // what does not fit is cut off
    view.setMinimumHeight(lowestPicture);
    auto* caption = new QHBoxLayout;
    caption->setContentsMargins(4, 0, 4, 0);
    caption->addWidget(&run, 1);
    caption->addWidget(&beside);
    auto* layout = new QVBoxLayout(&inspector);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(caption);
    layout->addWidget(&view, 1);
    auto* feed = new SnapshotFeed(session, session.selectedRun(), &inspector);
    feed->setView(&view);
    QObject::connect(&session, &Session::selectedRunChanged, feed, &SnapshotFeed::setRun);
    QObject::connect(&session, &Session::selectedRunChanged, &inspector, showCaption);
    QObject::connect(&session, &Session::experimentChanged, &inspector, showCaption);
    QObject::connect(&view, &RunView::shown, &inspector, showCaption);
    QObject::connect(&Theme::instance(), &Theme::changed, &inspector, showCaption);
    showCaption();
}

} // namespace kappascope::ui
