// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/screenshot.h"

#include "ui/curvature_watch.h"
#include "ui/session.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QPixmap>
#include <QTimer>
#include <QWidget>
#include <cstdio>
#include <string>

namespace kappascope::ui {

namespace {

constexpr double seconds = 3;     ///< long enough for maps and curves to be drawn as in use
constexpr int longestMs = 60'000; ///< loading data included
constexpr int longestForCurvatureMs = 25'000;
constexpr int lookEveryMs = 250;
constexpr int pausedLooks = 4;      ///< the same, in a pause: it was opened in one
constexpr int evaluatingLooks = 80; ///< while it trains: large sets are evaluated for seconds
constexpr int stillLooks = 12;      ///< that find the same step, with all loaded: it will not go on

/// Waits for the step, takes the picture and ends the program, or says why there is none.
class Photographer : public QObject {
public:
    Photographer(Session& session, QWidget& window, const ScreenshotRequest& request)
        : QObject(&window), session_(session), window_(window), request_(request) {
        connect(&session, &Session::ticked, this, &Photographer::shootWhenReached);
        connect(&clock_, &QTimer::timeout, this, &Photographer::giveUpWhenStill);
        // A file has a speed of its own, at which its pictures might not be drawn yet.
        connect(&session, &Session::opened, this, &Photographer::setPace);
        setPace();
        clock_.start(lookEveryMs);
        QTimer::singleShot(longestMs, this, [this] { giveUp(session_.status().failure); });
    }

private:
    void setPace() { session_.setSpeed(static_cast<double>(request_.steps) / seconds); }
    void shootWhenReached() {
        const LaboratoryStatus& status = session_.status();
        if (status.step < request_.steps || status.evaluating) return;
        if (!isMeasured()) {
            if (status.playing) session_.pause(); // the picture is to be of this step
            return;
        }
        disconnect(&session_, nullptr, this, nullptr);
        clock_.stop();
        QTimer::singleShot(0, this, &Photographer::shoot); // after this tick's painting
    }
    /// Of large networks the first spectrum takes longer than the steps. Not for ever: a picture without is
    /// better than none.
    bool isMeasured() {
        if (!sinceSteps_.isValid()) sinceSteps_.start();
        if (sinceSteps_.elapsed() > longestForCurvatureMs) return true;
        const CurvatureWatch& curvature = session_.curvature();
        const int run = session_.selectedRun();
        return curvature.latest(run) || !curvature.failure(run).isEmpty();
    }
    void shoot() {
        const bool written = window_.grab().save(request_.file);
        if (!written) std::fprintf(stderr, "kappascope: cannot write %s\n", qPrintable(request_.file));
        QCoreApplication::exit(written ? 0 : 1);
    }
    void giveUpWhenStill() {
        const LaboratoryStatus& status = session_.status();
        if (status.step >= request_.steps) return shootWhenReached(); // the spectrum may hold up the steps
        still_ = status.ready && status.step == lastStep_ ? still_ + 1 : 0;
        lastStep_ = status.step;
        if (still_ >= pausedLooks) playWhenOpenedPaused(status);
        if (!status.ready && !status.failure.empty()) return giveUp(status.failure);
        if (still_ >= (status.playing ? evaluatingLooks : stillLooks)) giveUp(reasonOf(status));
    }
    /// A session that was saved in a pause comes back in one.
    void playWhenOpenedPaused(const LaboratoryStatus& status) {
        if (played_ || !status.ready || status.playing || status.opening || status.replayTo > 0) return;
        played_ = true;
        session_.play();
    }
    static std::string reasonOf(const LaboratoryStatus& status) {
        for (const RunStatus& run : status.runs)
            if (!run.why.empty()) return run.why;
        return status.playing ? "No step was done for seconds." : "The training is paused.";
    }
    void giveUp(const std::string& why) {
        std::fprintf(stderr, "kappascope: no picture: %lld of %lld steps done. %s\n",
                     static_cast<long long>(session_.status().step), static_cast<long long>(request_.steps),
                     why.c_str());
        QCoreApplication::exit(1);
    }

    Session& session_;
    QWidget& window_;
    ScreenshotRequest request_;
    QTimer clock_;
    QElapsedTimer sinceSteps_;
    std::int64_t lastStep_ = -1;
    int still_ = 0;
    bool played_ = false;
};

} // namespace

void takeScreenshot(Session& session, QWidget& window, const ScreenshotRequest& request) {
    new Photographer(session, window, request); // the window's
}

} // namespace kappascope::ui
