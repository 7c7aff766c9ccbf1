// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QMainWindow;

namespace kappascope::ui {

/// Full screen, and full screen with large text for a projector. Leaving brings back what was before. GUI
/// thread.
class PresenterMode : public QObject {
    Q_OBJECT
public:
    explicit PresenterMode(QMainWindow& window);
    ~PresenterMode() override; ///< the large text is not for the next start

    void toggleFullScreen();
    void togglePresenter();
    void leave(); ///< both
    bool isFullScreen() const;
    bool isPresenting() const { return scaleBefore_ > 0; }

signals:
    void changed();

private:
    QMainWindow& window_;
    double scaleBefore_ = 0; ///< text scale before presenting; 0 when not
    bool fullScreenBefore_ = false, maximizedBefore_ = false;
};

} // namespace kappascope::ui
