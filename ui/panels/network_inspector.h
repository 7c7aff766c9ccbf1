// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace kappascope::ui {

class NetworkView;
class Session;
class SnapshotFeed;
class ViewWorker;

/// The network of the selected run, alive: a page of the inspector. GUI thread only.
class NetworkInspector : public QWidget {
    Q_OBJECT
public:
    NetworkInspector(Session& session, ViewWorker& worker, QWidget* parent = nullptr);

    NetworkView* view() const { return view_; }

private:
    NetworkView* view_;
    SnapshotFeed* feed_;
};

} // namespace kappascope::ui
