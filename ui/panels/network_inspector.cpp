// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/network_inspector.h"

#include "ui/session.h"
#include "ui/views/network_view.h"
#include "ui/views/snapshot_feed.h"

#include <QVBoxLayout>

namespace kappascope::ui {

NetworkInspector::NetworkInspector(Session& session, ViewWorker& worker, QWidget* parent)
    : QWidget(parent), view_(new NetworkView(worker, this)),
      feed_(new SnapshotFeed(session, session.selectedRun(), this)) {
    setObjectName("network-inspector");
    view_->setObjectName("network-view");
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(view_);
    feed_->setView(view_);
    connect(&session, &Session::selectedRunChanged, feed_, &SnapshotFeed::setRun);
}

} // namespace kappascope::ui
