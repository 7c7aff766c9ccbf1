// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>

namespace kappascope::ui {

class Card;

/// A panel that can be moved, closed and floated. Docked it shows no title bar but a thin grip in the gap
/// above, which tells its name on hover, drags the panel, floats it on a double click and offers both in its
/// menu. Among tabs, which do the same, it has none. Floating it has the system's title bar. GUI thread.
class DockPanel : public QDockWidget {
    Q_OBJECT
public:
    enum class Frame { None, Card }; ///< whether the content has cards of its own or needs one

    /// `name` is the object name by which the layout is saved.
    DockPanel(const QString& name, const QString& title, QWidget* content, Frame frame, QWidget* parent);

    /// To be called when panels that share its place came or went.
    void followState();

private:
    class Grip;
    bool isAmongTabs() const;

    QWidget* content_;
    Grip* grip_;
    Card* card_ = nullptr;
};

} // namespace kappascope::ui
