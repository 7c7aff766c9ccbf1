// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QMainWindow>

namespace kappascope::ui {

class DockPanel;

/// Where the panels stand: the standard arrangement, and bringing back the one that the user left. GUI
/// thread.
class DockLayout {
public:
    explicit DockLayout(QMainWindow& window);

    /// A panel of the standard arrangement; the first one of an area comes first. Panels of the bottom area
    /// become tabs.
    DockPanel* add(const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area);
    const QList<DockPanel*>& panels() const { return panels_; }

    /// The standard arrangement; always works.
    void reset();
    QByteArray save() const;
    /// False, and the standard arrangement, when `state` is not one of this version's.
    bool restore(const QByteArray& state);

private:
    QMainWindow& window_;
    QList<DockPanel*> panels_;
    QList<Qt::DockWidgetArea> areas_;
};

} // namespace kappascope::ui
