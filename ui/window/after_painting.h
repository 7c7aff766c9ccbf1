// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QObject;

namespace kappascope::ui {

/// Calls `act` once the event loop has painted what has been asked for up to now, replots that are queued
/// included; not when `context` is gone by then. GUI thread.
void afterPainting(QObject* context, std::function<void()> act);

} // namespace kappascope::ui
