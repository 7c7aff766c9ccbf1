// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/frame_meter.h"

#include "ui/session.h"
#include "ui/window/after_painting.h"

#include <algorithm>

namespace kappascope::ui {

namespace {
constexpr qint64 windowMs = 1000;
}

FrameMeter::FrameMeter(Session& session, QObject* parent) : QObject(parent) {
    clock_.start();
    connect(&session, &Session::ticked, this, &FrameMeter::begin);
}

void FrameMeter::begin() {
    if (painting_) return;
    painting_ = true;
    frame_.start();
    afterPainting(this, [this] { end(); });
}

void FrameMeter::end() {
    painting_ = false;
    const qint64 now = clock_.elapsed();
    forgetOld(now);
    frames_.push_back({now, static_cast<double>(frame_.nsecsElapsed()) * 1e-6});
}

void FrameMeter::forgetOld(qint64 now) {
    std::erase_if(frames_, [now](const Frame& frame) { return frame.at < now - windowMs; });
}

double FrameMeter::framesPerSecond() const {
    const qint64 oldest = clock_.elapsed() - windowMs;
    const auto recent = std::ranges::count_if(frames_, [oldest](const Frame& f) { return f.at >= oldest; });
    return static_cast<double>(recent) * 1000.0 / windowMs;
}

double FrameMeter::millisecondsPerFrame() const {
    if (frames_.empty()) return 0;
    std::vector<double> costs;
    for (const Frame& frame : frames_)
        costs.push_back(frame.cost);
    const auto middle = costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / 2);
    std::ranges::nth_element(costs, middle);
    return *middle;
}

} // namespace kappascope::ui
