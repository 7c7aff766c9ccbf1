// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace kappascope::ui {

/// The user's taste, kept in the settings; nothing scientific: that is in the session's file. Theme and text
/// size are the theme's. GUI thread.
class Preferences : public QObject {
    Q_OBJECT
public:
    static Preferences& instance();

    /// Threads that train, from the next start on; 0: as many as the machine has.
    int threads() const;
    void setThreads(int threads);
    /// Weight of the smoothed curves that a new session starts with, 0 ... 0.99.
    double smoothing() const;
    void setSmoothing(double weight);
    /// In plots: dragging pans and Ctrl+drag draws the zoom box, instead of the other way round.
    bool swapsGestures() const;
    void setSwapsGestures(bool swaps);

signals:
    void changed();

private:
    Preferences() = default;
};

} // namespace kappascope::ui
