// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <exception>

namespace kappascope {

/// Set by whoever no longer wants a result, from any thread; long work looks at it between its pieces.
using Cancelled = std::atomic<bool>;

/// Thrown by work that has been cancelled; it leaves nothing behind.
class WorkCancelled : public std::exception {
public:
    const char* what() const noexcept override { return "cancelled"; }
};

/// Throws WorkCancelled once `cancelled` is set; null: never.
inline void stopIfCancelled(const Cancelled* cancelled) {
    if (cancelled && cancelled->load(std::memory_order_relaxed)) throw WorkCancelled();
}

} // namespace kappascope
