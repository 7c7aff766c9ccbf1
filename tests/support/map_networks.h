// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/layer_catalog.h"
#include "tests/support/random_network.h"

namespace kappascope::test {

/// A layer with its defaults and these changes.
inline LayerSpec layer(const std::string& name,
                       const std::vector<std::pair<std::string, ParameterValue>>& changes = {},
                       std::vector<LayerSpec> branch = {}) {
    LayerSpec spec = layerNamed(name);
    for (const auto& [key, value] : changes)
        spec.parameters.set(key, value);
    spec.layers = std::move(branch);
    return spec;
}

inline LayerSpec rectangularConv(std::int64_t channels, Extent kernel, Extent stride, Extent padding,
                                 std::int64_t groups = 1) {
    return layer("conv2d", {{"channels", channels},
                            {"kernel", kernel},
                            {"stride", stride},
                            {"padding", padding},
                            {"groups", groups}});
}

inline LayerSpec conv(std::int64_t channels, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
                      std::int64_t groups = 1) {
    return rectangularConv(channels, Extent::square(kernel), Extent::square(stride), Extent::square(padding),
                           groups);
}

/// Every kind of layer: groups, padding, strides, rectangular windows, both poolings, a branch with each
/// shortcut.
inline std::vector<LayerSpec> manyLayers(const std::string& activation,
                                         const std::string& pool = "max_pool") {
    const LayerSpec g = layerNamed(activation);
    return {conv(4, 3, 1, 1),
            g,
            layer(pool, {{"padding", Extent{1, 0}}, {"kernel", Extent{3, 2}}, {"stride", Extent::square(2)}}),
            layer("residual", {}, {conv(4, 3, 1, 1, 2), g, rectangularConv(4, {3, 5}, {1, 1}, {1, 2})}),
            g,
            layer("residual", {{"shortcut", std::string("projection")}},
                  {rectangularConv(6, {1, 3}, {2, 1}, {0, 0}), g, conv(6, 3, 1, 1)}),
            g,
            layer("average_pool", {{"stride", Extent::square(1)}}),
            layer("flatten"),
            layer("dense", {{"units", std::int64_t{5}}}),
            g,
            layer("residual", {}, {layer("dense", {{"units", std::int64_t{5}}}), g})};
}

/// The network of `layers` as no start is.
template<class S>
std::unique_ptr<Network<S>> mapNetwork(const std::vector<LayerSpec>& layers, const MapShape& inputs,
                                       Index outputs, const MethodSpec& normalization, std::uint64_t seed) {
    auto network =
        buildNetwork<S>(planLayers(layers, inputs, outputs, "layers"), *makeNormalization<S>(normalization));
    randomize(*network, seed);
    return network;
}

} // namespace kappascope::test
