// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_training.h"

#include "app/cli_command.h"
#include "app/cli_interrupt.h"
#include "app/cli_table.h"

#include "engine/laboratory/curvature_record.h"

#include <algorithm>
#include <iostream>

namespace kappascope::cli {

namespace {

/// Histories keep thousands of single values of each series: a chunk must be shorter.
constexpr std::int64_t longestChunk = 2048;
constexpr double chunkSeconds = 0.1; // Ctrl-C and the progress bar wait for no longer

/// What is refused after the training has begun is no mistake of the command line any more.
template<class F>
auto working(F work) {
    try {
        return work();
    } catch (const InputError& error) {
        throw Failure(error.what());
    }
}

} // namespace

void endAfter(SessionDocument& session, std::int64_t steps) {
    const auto set = [steps](Experiment& experiment) {
        experiment.stop.steps = steps;
        experiment.stop.epochs = 0;
    };
    set(session.start);
    for (Change& change : session.changes)
        set(change.after);
}

Training::Training(SessionDocument session, TrainingOptions options)
    : session_(std::move(session)), options_(std::move(options)),
      laboratory_(session_.start, {.threads = options_.threads, .resume = options_.resume}),
      progress_(options_.quiet, session_.start.stop.steps),
      team_(options_.curvatureEvery > 0 ? laboratory_.status().threads : 1) {}

int Training::run() {
    laboratory_.wait();
    if (!laboratory_.status().ready) refuse(laboratory_.status().failure);
    return working([this] {
        if (waitUntilDone().runs.empty()) throw Failure("runs: there is no run to train.");
        // While data are loaded there is nothing to finish yet: Ctrl-C simply ends the program.
        cancelled_ = &catchInterrupts();
        session_.start = laboratory_.start(); // with a loss that fits the data, where the file names none
        if (!options_.folder.empty()) folder_.emplace(options_.folder, session_);
        goOn();
        while (!interrupted_ && !ended()) {
            makeChanges();
            measureCurvatureIfDue();
            visitIfDue();
            if (options_.visit && nextVisit_ == options_.visitAt.size()) break;
            trainChunk();
            showProgress();
        }
        if (!interrupted_) measureCurvatureIfDue();
        visitIfDue();
        return report();
    });
}

/// After a saved training: its step, and what had been measured.
void Training::goOn() {
    if (!options_.resume) return;
    step_ = options_.resume->step;
    nextChange_ = options_.resume->changes.size();
    if (folder_) folder_->restoreHistory(laboratory_, options_.measured, nextChange_);
    options_.measured.clear();
    if (options_.curvatureEvery == 0) return;
    nextCurvature_ =
        (step_ + options_.curvatureEvery - 1) / options_.curvatureEvery * options_.curvatureEvery;
}

LaboratoryStatus Training::waitUntilDone() {
    laboratory_.wait();
    LaboratoryStatus status = laboratory_.status();
    if (!status.ready || status.failures > 0) throw Failure(status.failure);
    return status;
}

void Training::makeChanges() {
    for (; nextChange_ < session_.changes.size() && session_.changes[nextChange_].step <= step_;
         ++nextChange_) {
        const Change& change = session_.changes[nextChange_];
        laboratory_.send(command::Edit{change.after, change.description});
        waitUntilDone();
        if (folder_) folder_->append(laboratory_); // a run that was added has caught up
    }
}

/// Steps until something other than training is due.
std::int64_t Training::stepsToBoundary() const {
    std::int64_t steps = longestChunk;
    if (nextChange_ < session_.changes.size())
        steps = std::min(steps, session_.changes[nextChange_].step - step_);
    if (nextVisit_ < options_.visitAt.size()) steps = std::min(steps, options_.visitAt[nextVisit_] - step_);
    if (options_.checkpointEvery > 0)
        steps = std::min(steps, options_.checkpointEvery - step_ % options_.checkpointEvery);
    if (options_.curvatureEvery > 0)
        steps = std::min(steps, options_.curvatureEvery - step_ % options_.curvatureEvery);
    return steps;
}

/// Into the histories, and so into history.csv; the training does not notice.
void Training::measureCurvatureIfDue() {
    if (options_.curvatureEvery == 0 || step_ < nextCurvature_) return;
    nextCurvature_ = (step_ / options_.curvatureEvery + 1) * options_.curvatureEvery;
    CurvatureRequest request;
    request.layers = request.alignment = false;
    request.seed = session_.start.seed.noise;
    for (const RunStatus& run : laboratory_.status().runs) {
        if (run.step != step_) continue; // it has ended before
        try {
            recordCurvature(
                measureCurvature(*presentSnapshot(laboratory_, run.id), request, &team_, cancelled_),
                *laboratory_.history(run.id));
        } catch (const WorkCancelled&) {
            interrupted_ = true;
            return;
        }
    }
    if (folder_) folder_->append(laboratory_);
}

void Training::visitIfDue() {
    if (!options_.visit || interrupted_) return;
    bool due = false;
    for (; nextVisit_ < options_.visitAt.size() && options_.visitAt[nextVisit_] <= step_; ++nextVisit_)
        due = true;
    if (!due) return;
    progress_.clear();
    try {
        options_.visit(laboratory_, *cancelled_);
    } catch (const WorkCancelled&) {
        interrupted_ = true;
    }
}

void Training::trainChunk() {
    const std::int64_t steps = std::min(chunk_, stepsToBoundary());
    const auto begin = std::chrono::steady_clock::now();
    laboratory_.send(command::Step{steps});
    const std::int64_t reached = waitUntilDone().step;
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    if (reached == step_ && !ended())
        throw Failure("The training does not get beyond step " + std::to_string(step_) + ".");
    step_ = reached;
    if (taken.count() < chunkSeconds / 2) chunk_ = std::min(2 * chunk_, longestChunk);
    if (taken.count() > chunkSeconds) chunk_ = std::max<std::int64_t>(chunk_ / 2, 1);

    if (folder_) {
        folder_->append(laboratory_);
        if (options_.checkpointEvery > 0 && step_ % options_.checkpointEvery == 0)
            folder_->checkpoint(laboratory_, nextChange_);
    }
    interrupted_ = *cancelled_;
}

bool Training::ended() const {
    const LaboratoryStatus status = laboratory_.status();
    return std::ranges::none_of(status.runs, [](const RunStatus& run) {
        return run.state == RunState::Training || run.state == RunState::CatchingUp;
    });
}

void Training::showProgress() {
    std::string text;
    for (const RunSpec& run : laboratory_.experiment().runs)
        if (const auto history = laboratory_.history(run.id))
            text += run.name + ' ' + shortNumber(history->lastValue({"train_loss"})) + "  ";
    progress_.show(step_, text);
}

int Training::report() {
    const TrainingSummary summary = summarize(laboratory_, interrupted_);
    if (folder_) {
        if (options_.checkpointEvery > 0) folder_->checkpoint(laboratory_, nextChange_);
        folder_->finish(summary);
    }
    progress_.clear();
    if (!options_.visit) std::cout << resultsText(summary);
    if (folder_ && folder_->missed() > 0)
        tell("history.csv lacks " + grouped(folder_->missed()) +
             " early values of a run that was added late: they had been merged");
    if (interrupted_)
        tell("stopped at step " + grouped(step_) + (folder_ ? "; the files are complete up to there" : ""));
    return interrupted_ ? failed : done;
}

std::string resultsText(const TrainingSummary& summary) {
    Table table({"run", "steps", "train loss", "test loss", "train accuracy", "test accuracy", "seconds",
                 "steps/s", "ended"});
    std::string diverged;
    for (const RunSummary& run : summary.runs) {
        table.add({run.name, std::to_string(run.steps), shortNumber(run.lastOf("train_loss_full")),
                   shortNumber(run.lastOf("test_loss")), shortNumber(run.lastOf("train_accuracy")),
                   shortNumber(run.lastOf("test_accuracy")), shortNumber(run.seconds),
                   shortNumber(run.stepsPerSecond()), run.ended});
        if (run.ended == "diverged") diverged += run.name + ": " + run.why + '\n';
    }
    return table.text() + diverged + "signature " + summary.signature + '\n';
}

} // namespace kappascope::cli
