// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/run.h"

#include <algorithm>

namespace kappascope {

RunStatus Run::status() const {
    RunStatus status{spec_.id, state_, stepsDone(), why_, seconds_, parameters_};
    tellEvaluation(status);
    return status;
}

void Run::setRules(const StopRules& rules) {
    rules_ = rules;
    if (state_ == RunState::Diverged) return;
    why_ = recorder_.tracker().reasonToStop(rules_, stepsDone());
    if (!why_.empty())
        state_ = RunState::Finished;
    else if (state_ == RunState::Finished)
        state_ = RunState::Training;
}

std::int64_t Run::nextLongEvaluation(std::int64_t from, std::int64_t until) const {
    if (!evaluatesLong()) return until;
    std::int64_t step = from + 1;
    while (step < until && !cadence_.evaluationDue(step))
        ++step;
    return std::min(step, until);
}

void Run::compareWith(std::int64_t lockstep) {
    if (isActive()) state_ = stepsDone() < lockstep ? RunState::CatchingUp : RunState::Training;
}

void Run::fail(const std::string& why) {
    state_ = RunState::Diverged;
    why_ = "Could not go on after step " + std::to_string(stepsDone()) + ": " + why;
}

void Run::copyProgress(const Run& from) {
    history_->assign(*from.history_);
    recorder_ = from.recorder_;
    rules_ = from.rules_;
    losses_ = from.losses_;
    state_ = from.state_;
    why_ = from.why_;
    seconds_ = from.seconds_;
    cadence_ = from.cadence_;
    reached_ = from.reached_;
}

SavedRun Run::savedProgress() const {
    return {state_, why_, seconds_, reached_, recorder_.skipUpTo(), losses_.value(), recorder_.tracker(),
            {},     {}};
}

void Run::restoreProgress(const SavedRun& saved) {
    state_ = saved.state;
    why_ = saved.why;
    seconds_ = saved.seconds;
    reached_ = saved.reached;
    recorder_.skipUpTo(saved.skipUpTo);
    recorder_.tracker() = saved.tracker;
    losses_ = FnvHash(saved.losses);
}

} // namespace kappascope
