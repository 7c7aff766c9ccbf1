// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"

#include <QString>

#include <functional>

namespace kappascope::test {

/// The text of the InputError that `action` throws; empty when it throws none. Other exceptions pass through
/// and fail the test.
inline QString inputErrorOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

} // namespace kappascope::test
