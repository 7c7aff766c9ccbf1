// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <vector>

namespace kappascope::ui {

class Session;

/// How smoothly the window paints: frames of the last second and the time that one takes, from the tick until
/// the event loop has painted what it changed. Make it before the panels, so that it hears of a tick first.
/// GUI thread.
class FrameMeter : public QObject {
    Q_OBJECT
public:
    explicit FrameMeter(Session& session, QObject* parent = nullptr);

    double framesPerSecond() const;
    double millisecondsPerFrame() const; ///< median of the last second; 0 without frames

private:
    void begin();
    void end();
    void forgetOld(qint64 now);

    struct Frame {
        qint64 at;   ///< ms
        double cost; ///< ms
    };
    QElapsedTimer clock_, frame_;
    bool painting_ = false;
    std::vector<Frame> frames_; ///< of the last second
};

} // namespace kappascope::ui
