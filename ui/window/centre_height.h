// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <functional>

class QDockWidget;
class QMainWindow;

namespace kappascope::ui {

/// Shares the window's height between its centre and the panels below: the centre has what it can use and
/// never more, the panels have the rest. Once the user has made the centre lower it stays so until he gives
/// the height back. GUI thread.
class CentreHeight : public QObject {
    Q_OBJECT
public:
    /// `window` has its centre. `usable(most)`: the height up to `most` that the centre can use at its
    /// present width.
    CentreHeight(QMainWindow& window, std::function<int(int most)> usable);

    /// Something has changed: shares anew, soon.
    void follow();

    /// Whether the centre has all it can use; false after the user made it lower.
    bool isFull() const { return full_; }
    void setFull(bool full);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void share();
    QList<QDockWidget*> panelsBelow() const;

    QMainWindow& window_;
    std::function<int(int most)> usable_;
    int pressedAt_ = 0; ///< height of the centre when a mouse button went down
    bool full_ = true, pending_ = false;
};

} // namespace kappascope::ui
