// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"
#include "engine/laboratory/laboratory.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace kappascope {

struct MonitorOptions {
    double share = 0.1;    ///< of one thread's time, at Pace::Budget
    int threads = 1;       ///< that measure beside the training
    int threadsAtRest = 1; ///< that measure what is begun while nothing trains
    /// Seconds: a first reading that costs less than this is followed by that of the next run at once.
    double trifle = 0.05;
};

/// Measures the curvature of a laboratory's runs over and over on a thread of its own, at the lowest
/// priority, from snapshots: training waits for nothing but their copies. The cadence adapts: after a
/// measurement of t seconds of processor time it rests for t (1/share - 1). The first look at a run is at its
/// neurons alone, which take little time even where spectra take seconds, so that histories of all runs begin
/// soon. A run whose network has not changed is not measured again. Readings are also recorded in the run's
/// history (curvature_record.h). All calls are thread-safe and none waits, but for the destructor, which
/// waits for a piece of a measurement.
class CurvatureMonitor {
public:
    enum class Pace {
        Paused, ///< only on demand
        Budget, ///< at most MonitorOptions::share of a thread
        Always  ///< as often as possible
    };

    /// Watches nothing yet. The laboratory must outlive it.
    explicit CurvatureMonitor(Laboratory& laboratory, MonitorOptions options = {});
    ~CurvatureMonitor();
    CurvatureMonitor(const CurvatureMonitor&) = delete;
    CurvatureMonitor& operator=(const CurvatureMonitor&) = delete;

    /// Measures these runs in turns from now on. Readings of another request, and of other runs, are dropped,
    /// and a measurement that is on is cancelled, unless nothing changes.
    void watch(std::vector<int> runs, const CurvatureRequest& request);
    /// This run's first reading comes before those of the others; 0: none has precedence.
    void setFirst(int run);
    void setPace(Pace pace);
    /// Measures every watched run once, as soon as possible, whatever the pace.
    void measureNow();

    /// The newest reading of `run`; null before the first. Its age is RunStatus::step - step.
    std::shared_ptr<const CurvatureReading> latest(int run) const;
    /// All readings of `run` since the laboratory's last restart or watch(), oldest first, at most
    /// keptReadings: then every second one is dropped. Eigenvectors, matrices and snapshots are in the latest
    /// alone.
    std::vector<std::shared_ptr<const CurvatureReading>> readings(int run) const;
    static constexpr std::size_t keptReadings = 2000;

    /// Counts readings; when it stands still there is nothing new to draw.
    std::uint64_t version() const;
    /// Why the last measurement of `run` failed, as when the matrix is not finite; empty when it did not.
    std::string failure(int run) const;
    bool measuring() const;      ///< just now
    double secondsSpent() const; ///< of processor time, in measurements

private:
    using Clock = std::chrono::steady_clock;
    struct Watched {
        std::shared_ptr<const Snapshot> measured = {}; ///< what the last reading was of
        std::vector<std::shared_ptr<const CurvatureReading>> readings = {};
        bool wanted = false;   ///< measureNow()
        bool glimpsed = false; ///< its neurons are in the history, or there are none to look at
        std::shared_ptr<const Snapshot> old = {}; ///< there was a step since: a newer one is on its way
        int looks = 0;                            ///< at `old`
        std::string failure = {};
    };

    void work();
    bool waitUntilDue(std::unique_lock<std::mutex>& lock);
    int nextRun() const;
    bool othersWait(int run) const;
    void measure(int run, std::unique_lock<std::mutex>& lock);
    /// What is measured and where it is recorded.
    struct Subject {
        std::shared_ptr<const Snapshot> snapshot;
        std::shared_ptr<History> history; ///< of the same start; null when there was a restart in between
    };
    std::optional<Subject> movedSubject(int run, std::unique_lock<std::mutex>& lock);
    static bool awaitsNewer(Watched& watched, const std::shared_ptr<const Snapshot>& snapshot,
                            const LaboratoryStatus& status);
    void forgetAfterRestart(std::uint64_t generation);
    void keep(Watched& watched, CurvatureReading reading);

    Laboratory& laboratory_;
    MonitorOptions options_;
    ThreadTeam team_, teamAtRest_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<int, Watched> watched_;
    CurvatureRequest request_;
    Pace pace_ = Pace::Budget;
    Clock::time_point restUntil_{};
    std::uint64_t version_ = 0, generation_ = 0;
    int last_ = 0;   ///< run that was measured last
    int first_ = 0;  ///< whose first reading comes first
    int inVain_ = 0; ///< looks in a row at runs that had nothing new
    bool measuring_ = false, stopping_ = false;
    double seconds_ = 0;
    Cancelled cancelled_ = false;

    std::thread thread_; ///< last: it uses the rest
};

} // namespace kappascope
