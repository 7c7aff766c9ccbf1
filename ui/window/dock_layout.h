// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QMainWindow>
#include <functional>

namespace kappascope::ui {

class CentreHeight;
class DockPanel;

/// Where the panels stand: the standard arrangement, and bringing back the one that the user left. GUI
/// thread.
class DockLayout {
public:
    explicit DockLayout(QMainWindow& window);

    /// Once the window has its centre: `usable(most)` is the height up to `most` that the centre can use at
    /// its present width; what is left belongs to the panels below.
    void shareHeight(std::function<int(int most)> usable);
    /// The height that the centre can use has changed.
    void centreChanged();

    /// A panel of the standard arrangement; the first one of an area comes first. Panels of the bottom area
    /// become tabs of one card.
    DockPanel* add(const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area);
    const QList<DockPanel*>& panels() const { return panels_; }

    /// The standard arrangement; always works.
    void reset();
    QByteArray save() const;
    /// False, and the standard arrangement, when `state` is not one of this version's.
    bool restore(const QByteArray& state);

private:
    void followPanels();

    QMainWindow& window_;
    CentreHeight* centreHeight_ = nullptr;
    QList<DockPanel*> panels_;
    QList<Qt::DockWidgetArea> areas_;
};

} // namespace kappascope::ui
