// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_monitor.h"

#include <QObject>
#include <map>

namespace kappascope::ui {

/// The curvature of the session's runs, measured while they train, on a thread of its own. What is measured
/// is also in the runs' histories. GUI thread only; nothing here waits for a measurement.
class CurvatureWatch : public QObject {
    Q_OBJECT
public:
    using Pace = CurvatureMonitor::Pace;
    /// What a panel needs beyond the condition numbers that are always measured.
    struct Needs {
        bool layerSpectra = false, vectors = false, matrices = false, alignment = false;
    };

    /// Which matrix of which function over which samples. Histories, and so plots and run columns, hold the
    /// standard one alone: they rest while another is chosen.
    struct Subject {
        CurvatureRequest::Samples samples = CurvatureRequest::Samples::TrainingSet;
        CurvatureMatrix matrix = CurvatureMatrix::Hessian;
        Mode mode = Mode::Training;
        bool operator==(const Subject&) const = default;
    };

    /// The laboratory must outlive it.
    explicit CurvatureWatch(Laboratory& laboratory, QObject* parent = nullptr);

    void setRuns(std::vector<int> runs);
    /// Which run is looked at: its first reading comes before those of the others.
    void setFirst(int run) { monitor_.setFirst(run); }
    /// What `panel` needs from now on, until it says otherwise or is destroyed. Readings without it are
    /// measured again.
    void setNeeds(const QObject* panel, Needs needs);

    const Subject& subject() const { return subject_; }
    void setSubject(const Subject& subject);
    Pace pace() const { return pace_; }
    void setPace(Pace pace);
    /// Measures every run once, whatever the pace.
    void measureNow();
    /// No measurements while nobody looks.
    void setWatched(bool watched);

    /// The newest reading of `run`; null before the first.
    std::shared_ptr<const CurvatureReading> latest(int run) const { return monitor_.latest(run); }
    /// Why the newest measurement of `run` failed; empty when it did not.
    QString failure(int run) const;
    bool isMeasuring() const { return monitor_.measuring(); }

    /// Asks whether there is anything new and tells: once a tick of the session. True when there is.
    bool look();

signals:
    void changed(); ///< there are new readings
    void paceChanged();
    void subjectChanged();

private:
    void watch();
    void applyPace();

    CurvatureMonitor monitor_;
    std::vector<int> runs_;
    std::map<const QObject*, Needs> needs_;
    Subject subject_;
    Pace pace_ = Pace::Budget;
    bool watched_ = true;
    std::uint64_t seen_ = 0;
};

} // namespace kappascope::ui
