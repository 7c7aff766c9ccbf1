// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

#include <algorithm>

namespace kappascope {

/// Some of many things in a row: samples of a batch, features, inputs of a layer.
struct Range {
    Index first = 0, count = 0;
};

/// What part `part` of `parts` has of `size` things that stay together by so many. By default numbers: parts
/// begin with a whole vector of any instruction set, so that no number goes through other instructions than
/// when one part has all. Last parts may be the larger ones; a part may be empty.
constexpr Range shareOf(Index size, Index part, Index parts, Index together = 16) {
    const Index groups = (size + together - 1) / together;
    const Index first = part * groups / parts * together;
    return {first, std::min((part + 1) * groups / parts * together, size) - first};
}

/// The same of things that go one by one, such as samples.
constexpr Range shareOneByOne(Index size, Index part, Index parts) {
    const Index first = part * size / parts;
    return {first, (part + 1) * size / parts - first};
}

} // namespace kappascope
