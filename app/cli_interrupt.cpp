// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_interrupt.h"

#include <csignal>

namespace kappascope::cli {

namespace {

/// A signal handler can reach nothing but a global.
Cancelled interrupted = false;
static_assert(Cancelled::is_always_lock_free);

void interrupt(int) {
    interrupted = true;
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

} // namespace

const Cancelled& catchInterrupts() {
    interrupted = false;
    std::signal(SIGINT, interrupt);
    std::signal(SIGTERM, interrupt);
    return interrupted;
}

} // namespace kappascope::cli
