// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/snapshot_feed.h"

#include "ui/session.h"

namespace kappascope::ui {

namespace {
constexpr int pace = 20;            // ms between offers; the view's own pace may be slower
constexpr qint64 settleTime = 1000; // ms: a command has long been applied and a snapshot taken by then
} // namespace

SnapshotFeed::SnapshotFeed(Session& session, int run, QObject* parent)
    : QObject(parent), session_(session), run_(run) {
    timer_.setInterval(pace);
    connect(&timer_, &QTimer::timeout, this, &SnapshotFeed::offer);
    connect(&session, &Session::ticked, this, &SnapshotFeed::stir);
    connect(&session, &Session::experimentChanged, this, &SnapshotFeed::stir);
    connect(&session, &Session::restarted, this, &SnapshotFeed::stir);
    // The first offer comes with the clock: nobody has connected to it yet.
    sinceEvent_.start();
    timer_.start();
}

void SnapshotFeed::setRun(int id) {
    run_ = id;
    data_.reset();
    if (view_) view_->clear();
    stir();
}

void SnapshotFeed::setView(RunView* view) {
    if (view_) view_->disconnect(this);
    view_ = view;
    if (view) connect(view, &RunView::becameVisible, this, &SnapshotFeed::stir);
    stir();
}

void SnapshotFeed::stir() {
    sinceEvent_.start();
    if (timer_.isActive()) return;
    timer_.start();
    offer();
}

void SnapshotFeed::offer() {
    if (sinceEvent_.elapsed() > settleTime) timer_.stop();
    if (view_ && !view_->wantsSnapshot()) return;
    const std::shared_ptr<const Snapshot> snapshot = session_.snapshot(run_);
    if (!snapshot || !snapshot->data) return;
    if (snapshot->data != data_) {
        data_ = snapshot->data;
        emit dataChanged(data_);
    }
    if (view_ && snapshot != view_->snapshot()) view_->setSnapshot(snapshot);
}

} // namespace kappascope::ui
