// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session.h"

#include <QTest>

namespace kappascope::test {

/// A session with one thread, paused at step 0 of the default experiment, its data loaded.
struct PausedSession : ui::Session {
    explicit PausedSession(Experiment experiment = defaultExperiment())
        : Session({.threads = 1, .background = false}) {
        open(std::move(experiment), false);
        laboratory().wait();
        idOf_ = [this](const std::string& name) {
            for (const RunSpec& run : this->experiment().runs)
                if (run.name == name) return run.id;
            return 0;
        };
    }
    int idOf(const std::string& name) const { return idOf_(name); }
    const RunSpec& named(const std::string& name) const { return *run(idOf(name)); }
    /// Trains and waits until the window has heard of it.
    bool train(std::int64_t steps) {
        const std::int64_t target = status().step + steps;
        step(steps);
        laboratory().wait();
        return QTest::qWaitFor([&] { return status().step >= target; });
    }

private:
    std::function<int(const std::string&)> idOf_;
};

} // namespace kappascope::test
