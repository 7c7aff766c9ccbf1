// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <thread>

namespace kappascope::test {

/// Two jobs that each wait for the other one: two threads do them, or nobody ever does. Returns how many
/// came.
template<class Team>
int meetingOfTwo(Team& team) {
    std::atomic<int> arrived = 0;
    team.run(2, [&](int) {
        ++arrived;
        while (arrived < 2)
            std::this_thread::yield();
    });
    return arrived;
}

} // namespace kappascope::test
