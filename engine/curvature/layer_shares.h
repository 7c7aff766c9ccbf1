// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/network.h"

namespace kappascope {

/// How an eigenvector is spread over the network: the squares of its components, added up by the dense layer
/// that a parameter belongs to or (normalizations) feeds. By number of the dense layer; for a vector of norm
/// 1 they sum to
/// 1. `v` is laid out as Network::theta().
inline Vector<double> layerShares(const Network<double>& network, ConstVectorRef<double> v) {
    Vector<double> shares = Vector<double>::Zero(static_cast<Index>(network.weighted().size()));
    for (const ParameterBlock& block : network.blocks())
        shares[block.weighted] += v.segment(block.offset, block.shape.size()).squaredNorm();
    return shares;
}

} // namespace kappascope
