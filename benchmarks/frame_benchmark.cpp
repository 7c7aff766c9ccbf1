// SPDX-License-Identifier: GPL-3.0-or-later
// How smooth the window stays while it trains: frames of the real window with several runs at full speed, as
// a histogram, and what the window costs the training, as the ratio of its steps per second to those of the
// laboratory alone. frame_benchmark [NAME...]: "crowd", 8 runs of the default experiment, with all its
// numbers, or a preset with its own runs in a line; without names the crowd and the presets whose views cost
// most.

#include "engine/core/error.h"
#include "engine/core/thread_team.h"
#include "engine/files/presets.h"
#include "engine/laboratory/laboratory.h"
#include "ui/main_window.h"
#include "ui/session.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <thread>
#include <vector>

using namespace kappascope;

namespace {

constexpr int runs = 8;
constexpr const char* crowd = "crowd";
constexpr int warmUpMs = 2000;
constexpr int measuredMs = 10000;
constexpr double oneStepAFrame =
    60; ///< steps per second: the screen changes at every tick, and nothing competes

/// The default experiment with its three runs repeated until there are enough.
Experiment crowdedExperiment() {
    Experiment experiment = defaultExperiment();
    const auto pattern = experiment.runs;
    experiment.runs.clear();
    for (int i = 0; i < runs; ++i) {
        RunSpec run = pattern[static_cast<std::size_t>(i) % pattern.size()];
        run.id = 0;
        run.name += ' ' + std::to_string(i + 1);
        run.color.clear();
        experiment.runs.push_back(run);
    }
    return experiment;
}

/// Times from a tick until the event loop has painted what it changed, and from one such end to the next; and
/// when the first one with a curve was painted.
class FrameTimes : public QObject {
public:
    FrameTimes(ui::Session& session, const QElapsedTimer& sinceStart)
        : session_(session), sinceStart_(sinceStart) {
        connect(&session, &ui::Session::ticked, this, [this] {
            if (painting_) return;
            painting_ = true;
            frame_.start();
            busyAtStart_ = threadSeconds();
            QTimer::singleShot(0, this, [this] { end(); });
        });
    }
    void begin() {
        costs_.clear();
        busy_.clear();
        intervals_.clear();
        sinceLast_.invalidate();
    }
    const std::vector<double>& costs() const { return costs_; }
    /// Of the costs, what this thread has worked: the rest others took, the display's server among them.
    const std::vector<double>& busy() const { return busy_; }
    const std::vector<double>& intervals() const { return intervals_; }
    qint64 firstCurveMs() const { return firstCurveMs_; }

private:
    void end() {
        painting_ = false;
        if (firstCurveMs_ < 0 && session_.status().step > 1) firstCurveMs_ = sinceStart_.elapsed();
        costs_.push_back(static_cast<double>(frame_.nsecsElapsed()) * 1e-6);
        busy_.push_back((threadSeconds() - busyAtStart_) * 1e3);
        if (sinceLast_.isValid()) intervals_.push_back(static_cast<double>(sinceLast_.nsecsElapsed()) * 1e-6);
        sinceLast_.start();
    }
    const ui::Session& session_;
    const QElapsedTimer& sinceStart_;
    qint64 firstCurveMs_ = -1;
    bool painting_ = false;
    QElapsedTimer frame_, sinceLast_;
    double busyAtStart_ = 0;
    std::vector<double> costs_, busy_, intervals_;
};

double quantile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void printHistogram(const char* title, const std::vector<double>& milliseconds) {
    std::printf("\n%s: %zu frames, median %.2f ms, 99th percentile %.2f ms, longest %.2f ms\n", title,
                milliseconds.size(), quantile(milliseconds, 0.5), quantile(milliseconds, 0.99),
                quantile(milliseconds, 1));
    std::map<int, int> bins; // of 2 ms, the last one open
    for (const double ms : milliseconds)
        ++bins[std::min(static_cast<int>(ms / 2), 25)];
    for (const auto& [bin, count] : bins) {
        const int length =
            std::max(1, static_cast<int>(60.0 * count / static_cast<double>(milliseconds.size())));
        std::printf("  %2d%s ms %6d  %s\n", bin * 2,
                    bin == 25 ? "+   " : (" - " + std::to_string(bin * 2 + 2)).c_str(), count,
                    std::string(static_cast<std::size_t>(length), '#').c_str());
    }
}

void spin(int milliseconds) {
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

/// Memory of this process in the machine, in MiB; 0 where the system does not say.
long residentMiB() {
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly)) return 0;
    for (const QByteArray& line : status.readAll().split('\n'))
        if (line.startsWith("VmRSS:")) return line.mid(6).trimmed().split(' ').front().toLong() / 1024;
    return 0;
}

/// The frames of a training that hardly works, in the same minute on the same machine: what these lack is not
/// the training's doing.
void printWithoutCompetition(ui::Session& session, FrameTimes& frames) {
    session.setSpeed(oneStepAFrame);
    spin(warmUpMs);
    frames.begin();
    spin(measuredMs);
    session.pause();
    std::printf(
        "\nthe same at %.0f steps per second: cost of a frame median %.2f ms, 99th percentile %.2f ms; "
        "interval median %.2f ms, 99th percentile %.2f ms\n",
        oneStepAFrame, quantile(frames.costs(), 0.5), quantile(frames.costs(), 0.99),
        quantile(frames.intervals(), 0.5), quantile(frames.intervals(), 0.99));
}

/// The real window with an experiment at full speed.
class Trial {
public:
    Trial(Experiment experiment, const QElapsedTimer& sinceStart)
        : window_(session_), frames_(session_, sinceStart) {
        session_.open(std::move(experiment), true);
        window_.resize(1440, 900);
        window_.docks().reset();
        window_.show();
    }
    /// Lockstep steps per second, frames counted meanwhile.
    double measure() {
        spin(warmUpMs);
        frames_.begin();
        const std::int64_t before = session_.status().step;
        QElapsedTimer time;
        time.start();
        spin(measuredMs);
        seconds_ = static_cast<double>(time.nsecsElapsed()) * 1e-9;
        return static_cast<double>(session_.status().step - before) / seconds_;
    }
    double seconds() const { return seconds_; }
    double framesPerSecond() const { return static_cast<double>(frames_.costs().size()) / seconds_; }
    ui::Session& session() { return session_; }
    FrameTimes& frames() { return frames_; }

private:
    ui::Session session_{
        {.historyBytes = std::size_t{16} << 20, .background = true}}; ///< as the window's own
    ui::MainWindow window_;
    FrameTimes frames_;
    double seconds_ = 0;
};

/// Lockstep steps per second in the window, and its frames.
double measureWindow(const QElapsedTimer& sinceStart) {
    Trial trial(crowdedExperiment(), sinceStart);
    const double stepsPerSecond = trial.measure();
    FrameTimes& frames = trial.frames();
    std::printf("window 1440 x 900, %d runs at full speed, %d threads, %.1f s\n", runs,
                trial.session().status().threads, trial.seconds());
    std::printf("frames per second: %.1f\n", trial.framesPerSecond());
    std::printf(
        "from the start of the program to the first painted curve: %lld ms; resident memory: %ld MiB\n",
        static_cast<long long>(frames.firstCurveMs()), residentMiB());
    printHistogram("cost of a frame (from the tick until it is painted)", frames.costs());
    printHistogram("processor time of a frame (of the window's thread)", frames.busy());
    printHistogram("interval between frames", frames.intervals());
    printWithoutCompetition(trial.session(), frames);
    return stepsPerSecond;
}

/// A preset in the window, in one line.
void printPreset(const std::string& name, const QElapsedTimer& sinceStart) {
    Trial trial(preset(name), sinceStart);
    const double stepsPerSecond = trial.measure();
    const auto& costs = trial.frames().costs();
    const auto& intervals = trial.frames().intervals();
    std::printf("%s, %zu runs at full speed: %.1f frames a second; cost of a frame median %.2f ms, 99th "
                "percentile %.2f ms; interval median %.2f ms, 99th percentile %.2f ms; %.0f steps a second\n",
                name.c_str(), trial.session().experiment().runs.size(), trial.framesPerSecond(),
                quantile(costs, 0.5), quantile(costs, 0.99), quantile(intervals, 0.5),
                quantile(intervals, 0.99), stepsPerSecond);
}

/// The same training with nothing to look at.
double measureAlone() {
    Laboratory laboratory(crowdedExperiment());
    laboratory.send(command::Play{});
    std::this_thread::sleep_for(std::chrono::milliseconds(warmUpMs));
    const std::int64_t before = laboratory.status().step;
    QElapsedTimer time;
    time.start();
    std::this_thread::sleep_for(std::chrono::milliseconds(measuredMs));
    const auto steps = static_cast<double>(laboratory.status().step - before);
    return steps / (static_cast<double>(time.nsecsElapsed()) * 1e-9);
}

void printCrowd(const QElapsedTimer& sinceStart) {
    const double inWindow = measureWindow(sinceStart);
    const double alone = measureAlone();
    std::printf("\nsteps per second of all %d runs together: %.0f in the window, %.0f alone, ratio %.2f\n",
                runs, inWindow * runs, alone * runs, inWindow / alone);
}

} // namespace

int main(int argc, char** argv) {
    QElapsedTimer sinceStart;
    sinceStart.start();
    const QTemporaryDir freshSettings; // the user's layout and taste stay out of it
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, freshSettings.path());
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("Kappascope"));
    QApplication::setApplicationName(QStringLiteral("kappascope-benchmark"));
    ui::Theme::instance().apply();

    std::vector<std::string> names(argv + 1, argv + argc);
    if (names.empty()) names = {crowd, "wine", "breast_cancer", "digits"};
    try {
        for (const std::string& name : names)
            if (name == crowd)
                printCrowd(sinceStart);
            else
                printPreset(name, sinceStart);
    } catch (const InputError& error) {
        std::fprintf(stderr, "frame_benchmark: %s\n", error.what());
        return 2;
    }
    return 0;
}
