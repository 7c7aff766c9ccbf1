// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/presets.h"
#include "engine/files/session_json.h"

namespace kappascope::test {

/// The default experiment over 170 steps: methods, rate and batch size change, a run comes late, one comes as
/// another's copy, one goes, one gets another name.
inline SessionDocument changedSession() {
    SessionDocument session;
    session.start = preset("default");
    session.step = 170;
    Experiment after = session.start;
    after.runs[0].preconditioner = after.runs[2].preconditioner;
    after.batchSize = 50;
    session.changes.push_back({40, "BNP on", after});
    after.runs[2].normalization = after.runs[1].normalization;
    after.runs[1].learningRate = 0.1;
    session.changes.push_back({40, "BN on", after});
    after.runs.push_back(after.runs[0]);
    after.runs.back().id = 4;
    after.runs.back().name = "Late";
    after.runs.push_back(after.runs[1]);
    after.runs.back().id = 5;
    after.runs.back().name = "Copy";
    after.runs.back().forkOf = "BN";
    after.runs.back().normalization = after.runs[0].normalization;
    session.changes.push_back({80, "two more", after});
    after.runs.erase(after.runs.begin() + 1);
    session.changes.push_back({110, "BN removed", after});
    after.runs[0].name = "Mended";
    after.batchSize = 20;
    session.changes.push_back({110, "another name", after});
    return session;
}

} // namespace kappascope::test
