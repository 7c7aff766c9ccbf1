// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curvature_watch.h"

#include <algorithm>
#include <thread>

namespace kappascope::ui {

CurvatureWatch::CurvatureWatch(Laboratory& laboratory, QObject* parent)
    : QObject(parent),
      monitor_(laboratory,
               {.threadsAtRest = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))}) {}

void CurvatureWatch::setRuns(std::vector<int> runs) {
    if (runs == runs_) return;
    runs_ = std::move(runs);
    watch();
}

void CurvatureWatch::setNeeds(const QObject* panel, Needs needs) {
    if (!needs_.contains(panel))
        connect(panel, &QObject::destroyed, this, [this, panel] {
            needs_.erase(panel);
            watch();
        });
    needs_[panel] = needs;
    watch();
}

/// The monitor keeps what it has when the request is the same.
void CurvatureWatch::watch() {
    CurvatureRequest request;
    request.samples = subject_.samples;
    request.matrix = subject_.matrix;
    request.mode = subject_.mode;
    request.layers = request.alignment = false;
    for (const auto& [panel, needs] : needs_) {
        request.layers |= needs.layerSpectra;
        request.withVectors |= needs.vectors;
        request.withMatrices |= needs.matrices;
        request.alignment |= needs.alignment;
    }
    monitor_.watch(runs_, request);
}

void CurvatureWatch::setSubject(const Subject& subject) {
    if (subject == subject_) return;
    subject_ = subject;
    watch();
    emit subjectChanged();
}

void CurvatureWatch::setPace(Pace pace) {
    if (pace == pace_) return;
    pace_ = pace;
    applyPace();
    emit paceChanged();
}

void CurvatureWatch::setWatched(bool watched) {
    watched_ = watched;
    applyPace();
}

void CurvatureWatch::applyPace() {
    monitor_.setPace(watched_ ? pace_ : Pace::Paused);
}

void CurvatureWatch::measureNow() {
    monitor_.measureNow();
}

QString CurvatureWatch::failure(int run) const {
    return QString::fromStdString(monitor_.failure(run));
}

bool CurvatureWatch::look() {
    const std::uint64_t version = monitor_.version();
    if (version == seen_) return false;
    seen_ = version;
    emit changed();
    return true;
}

} // namespace kappascope::ui
