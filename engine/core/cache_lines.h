// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

#include <cstdint>

namespace kappascope {

/// Room that begins with a cache line, so that no vector in it lies across two.
template<class S>
class CacheLines {
public:
    /// So much room for numbers that what follows it begins with a cache line, too.
    static Index whole(Index count) { return (count + line - 1) / line * line; }

    void resize(Index count) { room_.resize(count + line); }
    S* data() {
        const auto past = reinterpret_cast<std::uintptr_t>(room_.data()) / sizeof(S) % line;
        return room_.data() + (line - past) % line;
    }

private:
    static constexpr std::size_t bytes = 64;
    static constexpr Index line = bytes / sizeof(S);
    Vector<S> room_;
};

} // namespace kappascope
