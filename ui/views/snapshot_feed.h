// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/run_view.h"

#include <QElapsedTimer>
#include <QTimer>

namespace kappascope::ui {

class Session;

/// Brings a run's newest snapshots to whoever wants them: while something happens, and for a second
/// afterwards, so that the last picture is that of the last step. GUI thread only.
class SnapshotFeed : public QObject {
    Q_OBJECT
public:
    SnapshotFeed(Session& session, int run, QObject* parent = nullptr);

    int run() const { return run_; }
    void setRun(int id);
    /// The view that is fed; null for none. Views that are hidden, busy or served too recently get nothing.
    void setView(RunView* view);

signals:
    /// A snapshot of other data than the last one: the receiver may have to choose another view. Comes before
    /// the view gets it.
    void dataChanged(const std::shared_ptr<const Split>& data);

private:
    void stir(); ///< something happened
    void offer();

    Session& session_;
    int run_;
    QPointer<RunView> view_;
    std::shared_ptr<const Split> data_;
    QTimer timer_;
    QElapsedTimer sinceEvent_;
};

} // namespace kappascope::ui
