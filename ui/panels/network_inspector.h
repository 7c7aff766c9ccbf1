// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace kappascope::ui {

class NetworkView;
class Session;
class ViewWorker;

/// The network of the selected run, alive, under a line that says which run it is and what its colours mean:
/// a page of the inspector. GUI thread only.
class NetworkInspector : public QWidget {
    Q_OBJECT
public:
    NetworkInspector(Session& session, ViewWorker& worker, QWidget* parent = nullptr);

    NetworkView* view() const { return view_; }

private:
    void showCaption();

    Session& session_;
    QLabel *run_, *key_;
    NetworkView* view_;
};

} // namespace kappascope::ui
