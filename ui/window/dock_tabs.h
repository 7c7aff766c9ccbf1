// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QMainWindow;

namespace kappascope::ui {

/// Dresses the tab bars that a main window makes for panels that share a place: the tabs stand on the upper
/// part of a card, whose lower part the panels draw. GUI thread.
class DockTabs : public QObject {
    Q_OBJECT
public:
    explicit DockTabs(QMainWindow& window);

signals:
    void changed(); ///< tabs came or went: panels stand alone or share a card

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QMainWindow& window_;
};

} // namespace kappascope::ui
