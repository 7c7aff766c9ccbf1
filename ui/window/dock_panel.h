// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>

namespace kappascope::ui {

/// A panel that can be moved, closed and floated. Docked it shows no title bar but a thin grip in the gap
/// above, which tells its name on hover, drags the panel, floats it on a double click and offers both in its
/// menu. Floating it has the system's title bar. GUI thread.
class DockPanel : public QDockWidget {
    Q_OBJECT
public:
    /// `name` is the object name by which the layout is saved.
    DockPanel(const QString& name, const QString& title, QWidget* content, QWidget* parent);

private:
    void followState();

    QWidget* content_;
    QWidget* grip_;
};

} // namespace kappascope::ui
