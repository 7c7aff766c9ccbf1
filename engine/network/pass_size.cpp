// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/pass_size.h"

#include <algorithm>

namespace kappascope {

namespace {
constexpr Index most = 512, fewest = 8;
constexpr Index activationsAtOnce = Index{1} << 22; ///< of 8 bytes
} // namespace

Index samplesOfOnePass(const Network<double>& network) {
    Index activations = 1;
    for (std::size_t l = 0; l < network.depth(); ++l)
        activations += network.layer(l).outputs();
    return std::clamp(activationsAtOnce / activations, fewest, most);
}

} // namespace kappascope
