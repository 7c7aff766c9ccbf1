// SPDX-License-Identifier: GPL-3.0-or-later
// How smooth the window stays while it trains: frames of the real window with several runs at full speed, as
// a histogram, and what the window costs the training, as the ratio of its steps per second to those of the
// laboratory alone, as the command line trains it, measured in turn; and which threads take the rest.
// frame_benchmark [NAME...]: "crowd", 8 runs of the default experiment, with all its
// numbers, or a preset with its own runs in a line; without names the crowd and the presets whose views cost
// most.

#include "benchmarks/processor_time.h"
#include "engine/core/error.h"
#include "engine/core/thread_team.h"
#include "engine/files/presets.h"
#include "engine/laboratory/laboratory.h"
#include "ui/main_window.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/window/after_painting.h"

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
constexpr int rounds = 3, roundMs = 4000; ///< window and command line in turn
constexpr int settleMs = 1000;            ///< after a change from one to the other
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
            if (painting_ || !counting_) return;
            painting_ = true;
            frame_.start();
            busyAtStart_ = threadSeconds();
            ui::afterPainting(this, [this] { end(); });
        });
    }
    void begin() {
        costs_.clear();
        busy_.clear();
        intervals_.clear();
        setCounting(true);
    }
    /// No interval reaches over a break.
    void setCounting(bool on) {
        counting_ = on;
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
    bool painting_ = false, counting_ = true;
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
    ui::Session session_{{.historyBytes = std::size_t{16} << 20,
                          .background = true,
                          .evaluatesAtRest = true}}; ///< as the window
    ui::MainWindow window_;
    FrameTimes frames_;
    double seconds_ = 0;
};

/// The same training as the command line does it, with nothing to look at; paused at first.
class Alone {
public:
    void play() { laboratory_.send(command::Play{}); }
    void pause() {
        laboratory_.send(command::Pause{});
        laboratory_.wait();
    }
    std::int64_t step() const { return laboratory_.status().step; }

private:
    Laboratory laboratory_{crowdedExperiment()};
};

/// Steps done in a while.
struct Progress {
    double steps = 0, seconds = 0;
    double rate() const { return steps / seconds; }
};

/// Adds what `step` advances by in a round.
template<class Step>
void measureRound(Progress& progress, Step step) {
    const std::int64_t before = step();
    QElapsedTimer time;
    time.start();
    spin(roundMs);
    progress.steps += static_cast<double>(step() - before);
    progress.seconds += static_cast<double>(time.nsecsElapsed()) * 1e-9;
}

void printFrames(Trial& trial, const Progress& progress, long memory) {
    FrameTimes& frames = trial.frames();
    std::printf("window 1440 x 900, %d runs at full speed, %d threads, %.1f s\n", runs,
                trial.session().status().threads, progress.seconds);
    std::printf("frames per second: %.1f\n", static_cast<double>(frames.costs().size()) / progress.seconds);
    std::printf(
        "from the start of the program to the first painted curve: %lld ms; resident memory: %ld MiB\n",
        static_cast<long long>(frames.firstCurveMs()), memory);
    printHistogram("cost of a frame (from the tick until it is painted)", frames.costs());
    printHistogram("processor time of a frame (of the window's thread)", frames.busy());
    printHistogram("interval between frames", frames.intervals());
}

void printShares(const ProcessorTime& time, double seconds, double ratio) {
    const double cores = static_cast<double>(std::max(1u, std::thread::hardware_concurrency()));
    const auto percent = [&](double used) { return 100 * used / (cores * seconds); };
    const double all =
        time.window + time.training + time.views + time.curvature + time.others + time.server + time.idle;
    std::printf("of the machine's processor time meanwhile (%.0f cores): training %.1f %%, the window's "
                "thread %.1f %%, pictures %.1f %%, curvature %.1f %%, others of the program %.1f %%, display "
                "server %.1f %%, other programs %.1f %%, nobody %.1f %%\n",
                cores, percent(time.training), percent(time.window), percent(time.views),
                percent(time.curvature), percent(time.others), percent(time.server), 100 - percent(all),
                percent(time.idle));
    std::printf("ratio of the steps, the display server's time not counted as the program's: %.2f\n",
                ratio / (1 - time.server / (cores * seconds)));
}

void printCrowd(const QElapsedTimer& sinceStart) {
    Trial trial(crowdedExperiment(), sinceStart);
    Progress inWindow, outside;
    ProcessorTime time;
    spin(warmUpMs);
    const long memory = residentMiB(); // without what the command line's part takes
    Alone alone;
    trial.frames().begin();
    for (int round = 0; round < rounds; ++round) {
        trial.session().play();
        trial.frames().setCounting(false);
        spin(settleMs);
        trial.frames().setCounting(true);
        const ProcessorTime before = ProcessorTime::now();
        measureRound(inWindow, [&] { return trial.session().status().step; });
        time += ProcessorTime::now() - before;
        trial.frames().setCounting(false);
        trial.session().pause();
        spin(settleMs); // what is measured once at rest is over then
        alone.play();
        spin(settleMs);
        measureRound(outside, [&] { return alone.step(); });
        alone.pause();
    }
    printFrames(trial, inWindow, memory);
    const double ratio = inWindow.rate() / outside.rate();
    std::printf("\nsteps per second of all %d runs together: %.0f in the window, %.0f as the command line "
                "trains them, in turn; ratio %.2f\n",
                runs, inWindow.rate() * runs, outside.rate() * runs, ratio);
    printShares(time, inWindow.seconds, ratio);
    trial.session().play();
    printWithoutCompetition(trial.session(), trial.frames());
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
