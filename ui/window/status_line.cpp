// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/status_line.h"

#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/window/frame_meter.h"

#include <QCoreApplication>
#include <QFile>
#include <QHBoxLayout>
#include <QLabel>
#include <algorithm>
#include <cmath>
#include <limits>

#ifdef Q_OS_LINUX
#include <unistd.h>
#endif

namespace kappascope::ui {

namespace {

constexpr int numbersEveryMs = 500;
constexpr qint64 patienceMs = 400; ///< shorter evaluations go without saying

QString translated(const char* text) {
    return QCoreApplication::translate("StatusLine", text);
}

/// "2:05" in minutes, "1:02:05" in hours; less than a minute "0:05".
QString durationText(double seconds) {
    const qint64 whole = std::llround(std::ceil(seconds)), hours = whole / 3600;
    const QChar zero(u'0');
    const QString minutes = QString::number(whole / 60 % 60), rest = QString::number(whole % 60);
    return hours > 0
               ? QStringLiteral("%1:%2:%3").arg(formatCount(hours)).arg(minutes, 2, zero).arg(rest, 2, zero)
               : QStringLiteral("%1:%2").arg(minutes).arg(rest, 2, zero);
}

/// Steps until the first rule that counts them ends the training, of which some are done.
double stepsLeft(const StopSpec& stop, const LaboratoryStatus& status) {
    const auto done = static_cast<double>(status.step);
    double left = std::numeric_limits<double>::infinity();
    if (stop.steps > 0) left = static_cast<double>(stop.steps) - done;
    if (stop.epochs > 0) left = std::min(left, (stop.epochs / status.epoch - 1) * done);
    return std::max(left, 0.0);
}

/// Whether `property` of the runs that are there is not the same for all.
template<class Property>
bool differ(const Experiment& experiment, Property property) {
    return std::ranges::any_of(experiment.runs, [&](const RunSpec& run) {
        return !(property(run) == property(experiment.runs.front()));
    });
}

QStringList differences(const Experiment& experiment) {
    QStringList names;
    if (differ(experiment, [](const RunSpec& run) { return run.normalization; }) ||
        differ(experiment, [](const RunSpec& run) { return run.preconditioner; }))
        names << translated("method");
    if (differ(experiment, [](const RunSpec& run) { return run.optimizer; }))
        names << translated("optimizer");
    if (differ(experiment, [&](const RunSpec& run) { return experiment.learningRateOf(run); }))
        names << translated("learning rate");
    if (differ(experiment, [](const RunSpec& run) { return run.schedule; })) names << translated("schedule");
    return names;
}

QString differenceText(const Experiment& experiment) {
    QStringList names = differences(experiment);
    if (names.isEmpty()) return translated("nothing differs");
    if (names.size() == 1) return translated("only the %1 differs").arg(names.front());
    const QString last = names.takeLast();
    return translated("%1 and %2 differ").arg(names.join(QStringLiteral(", ")), last);
}

QString countText(const LaboratoryStatus& status, std::size_t runs) {
    const auto inState = [&](RunState state) {
        return std::ranges::count(status.runs, state, &RunStatus::state);
    };
    const auto together = inState(RunState::Training);
    QStringList parts;
    if (together == static_cast<std::ptrdiff_t>(runs))
        parts << translated("%1 runs in lockstep").arg(runs);
    else if (together > 0)
        parts << translated("%1 of %2 runs in lockstep").arg(together).arg(runs);
    else
        parts << translated("%1 runs").arg(runs);
    const auto tell = [&](RunState state, const char* text) {
        if (const auto count = inState(state)) parts << translated(text).arg(count);
    };
    tell(RunState::CatchingUp, "%1 catching up");
    tell(RunState::Finished, "%1 finished");
    tell(RunState::Diverged, "%1 diverged");
    return parts.join(QStringLiteral(", "));
}

} // namespace

QString lockstepText(const Experiment& experiment, const LaboratoryStatus& status) {
    if (experiment.runs.empty()) return translated("No run: add one in the Runs menu");
    if (!status.ready && !status.failure.empty())
        return translated("Nothing trains: the experiment could not be set up");
    if (!status.ready) return translated("Loading data, building networks …");
    if (status.evaluating)
        return translated("Evaluating the whole training and test set: %1 %")
            .arg(static_cast<int>(100 * *status.evaluating));
    if (experiment.runs.size() == 1) return translated("1 run");

    const bool forked =
        std::ranges::any_of(experiment.runs, [](const auto& run) { return !run.forkOf.empty(); });
    const QString same = forked ? translated("same batches, forks from their originals' weights")
                                : translated("same weights, same batches");
    return QStringList{countText(status, experiment.runs.size()), same, differenceText(experiment)}.join(
        QStringLiteral(" · "));
}

QString speedText(const LaboratoryStatus& status) {
    if (!status.playing || status.stepsPerSecond <= 0) return {};
    const double rate = status.stepsPerSecond;
    return translated("%1 steps/s")
        .arg(rate < 10 ? QString::number(rate, 'f', 1) : formatCount(std::llround(rate)));
}

QString progressText(const StopSpec& stop, const LaboratoryStatus& status) {
    if (!status.ready || (stop.steps <= 0 && stop.epochs <= 0)) return {};
    const QString text = translated("epoch %1").arg(formatNumber(status.epoch, 3));
    if (status.step == 0 || status.epoch <= 0)
        return stop.steps > 0 ? text : translated("%1 of %2").arg(text, formatNumber(stop.epochs, 3));
    const double left = stepsLeft(stop, status);
    const double end = status.epoch * (1 + left / static_cast<double>(status.step));
    QString all = translated("%1 of %2").arg(text, formatNumber(std::round(end * 1e6) / 1e6, 3));
    if (left > 0 && status.playing && status.stepsPerSecond > 0)
        all += translated(", %1 left").arg(durationText(left / status.stepsPerSecond));
    return all;
}

qint64 residentBytes() {
#ifdef Q_OS_LINUX
    // /proc/self/statm: total and resident size in pages (proc(5)).
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    const QList<QByteArray> fields = file.readAll().split(' ');
    return fields.size() < 2 ? 0 : fields[1].toLongLong() * sysconf(_SC_PAGESIZE);
#else
    return 0;
#endif
}

StatusLine::StatusLine(Session& session, const FrameMeter& meter, QWidget* parent)
    : QWidget(parent), session_(session), meter_(meter), text_(new QLabel(this)), numbers_(new QLabel(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 0, 12, 0);
    layout->addWidget(text_, 1);
    layout->addWidget(numbers_);
    text_->setObjectName(QStringLiteral("lockstepText"));
    text_->setMinimumWidth(40);
    text_->setToolTip(
        tr("All runs start from the same weights and see the same mini-batches; derived from the "
           "experiment as it is now"));
    numbers_->setObjectName(QStringLiteral("performanceText"));
    numbers_->setToolTip(
        tr("Passes over the training set, of how many, and the time until then at the speed of the "
           "last second · lockstep steps per second · threads that train · painted frames in the last "
           "second · median time of a frame · "
           "memory of the program"));
    connect(&session, &Session::ticked, this, &StatusLine::refreshText);
    connect(&session, &Session::experimentChanged, this, &StatusLine::refreshText);
    connect(&timer_, &QTimer::timeout, this, &StatusLine::refreshNumbers);
    timer_.start(numbersEveryMs);
    const auto restyle = [this] {
        const QString quiet = QStringLiteral("color: %1").arg(Theme::instance().palette().quiet.name());
        for (QLabel* label : {text_, numbers_}) {
            label->setStyleSheet(quiet);
            label->setFont(Theme::instance().numbers());
        }
    };
    connect(&Theme::instance(), &Theme::changed, this, restyle);
    restyle();
    refreshText();
    refreshNumbers();
}

void StatusLine::refreshText() {
    // What is over in a moment would only flicker.
    LaboratoryStatus status = session_.status();
    if (!status.evaluating)
        sinceEvaluating_.invalidate();
    else if (!sinceEvaluating_.isValid())
        sinceEvaluating_.start();
    if (status.evaluating && sinceEvaluating_.elapsed() < patienceMs) status.evaluating.reset();
    const QString text = lockstepText(session_.experiment(), status);
    if (text != text_->text()) text_->setText(text);
}

void StatusLine::showSpeed(const QString& text) {
    speed_ = text;
    refreshNumbers();
}

void StatusLine::refreshNumbers() {
    if (!isVisible()) return;
    const int threads = session_.status().threads;
    QStringList parts;
    if (const QString progress = progressText(session_.experiment().stop, session_.status());
        !progress.isEmpty())
        parts << progress;
    if (!speed_.isEmpty()) parts << speed_;
    parts << (threads == 1 ? tr("1 thread") : tr("%1 threads").arg(threads));
    if (const double frames = meter_.framesPerSecond(); frames > 0)
        parts << tr("%1 frames/s").arg(frames, 0, 'f', 0)
              << tr("%1 ms a frame").arg(meter_.millisecondsPerFrame(), 0, 'f', 1);
    else
        parts << tr("idle");
    if (const qint64 bytes = residentBytes(); bytes > 0) parts << tr("%1 MiB").arg(formatCount(bytes >> 20));
    const QString text = parts.join(QStringLiteral(" · "));
    if (text != numbers_->text()) numbers_->setText(text);
}

} // namespace kappascope::ui
