// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/layer_catalog.h"
#include "engine/network/network_catalog.h"

namespace kappascope {

/// The parts that named networks are put together from.
inline LayerSpec convolution(std::int64_t channels, std::int64_t kernel, std::int64_t stride,
                             std::int64_t padding) {
    LayerSpec layer = layerNamed("conv2d");
    layer.parameters.set("channels", channels);
    layer.parameters.set("kernel", Extent::square(kernel));
    layer.parameters.set("stride", Extent::square(stride));
    layer.parameters.set("padding", Extent::square(padding));
    return layer;
}

inline LayerSpec denseLayer(std::int64_t units) {
    LayerSpec layer = layerNamed("dense");
    layer.parameters.set("units", units);
    return layer;
}

/// Two convolutions of 3 x 3; the shortcut is a projection where the shape changes.
inline LayerSpec basicBlock(std::int64_t channels, std::int64_t stride, bool projection) {
    LayerSpec block = layerNamed("residual");
    block.parameters.set("shortcut", std::string(projection ? "projection" : "identity"));
    block.layers = {convolution(channels, 3, stride, 1), layerNamed("relu"), convolution(channels, 3, 1, 1)};
    return block;
}

/// A residual network for images of about 32 x 32 (He, Zhang, Ren, Sun, CVPR 2016, section 4.2): a
/// convolution, stages of `blocks` basic blocks of `first`, 2 first, ... channels, each but the first halving
/// the maps, global average pooling.
inline std::vector<LayerSpec> residualNetwork(std::int64_t first, int stages, int blocks) {
    std::vector<LayerSpec> layers{convolution(first, 3, 1, 1), layerNamed("relu")};
    for (int stage = 0; stage < stages; ++stage)
        for (int block = 0; block < blocks; ++block) {
            const bool halves = stage > 0 && block == 0;
            layers.push_back(basicBlock(first << stage, halves ? 2 : 1, halves));
            layers.push_back(layerNamed("relu"));
        }
    layers.push_back(layerNamed("global_average_pool"));
    return layers;
}

} // namespace kappascope
