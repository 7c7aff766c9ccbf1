// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/average_pool_2d.h"
#include "engine/network/conv2d.h"
#include "engine/network/map_order.h"
#include "engine/network/max_pool_2d.h"
#include "engine/normalization/batch_norm_layer.h"
#include "engine/normalization/group_norm_layer.h"
#include "tests/support/random_matrix.h"

#include <nlohmann/json.hpp>

namespace kappascope::test {

/// A layer of maps, and what PyTorch needs to know to make the same.
struct LayerCase {
    std::string name;
    std::shared_ptr<const Layer<double>> layer;
    nlohmann::json torch;
};

namespace detail {

inline std::string text(const WindowRule& rule) {
    const auto pair = [](Index a, Index b) { return std::to_string(a) + "x" + std::to_string(b); };
    return "window " + pair(rule.height, rule.width) + ", stride " + pair(rule.strideY, rule.strideX) +
           ", padding " + pair(rule.paddingY, rule.paddingX);
}

inline nlohmann::json json(const WindowRule& rule) {
    return {{"kernel", {rule.height, rule.width}},
            {"stride", {rule.strideY, rule.strideX}},
            {"padding", {rule.paddingY, rule.paddingX}}};
}

template<class L, class... Arguments>
LayerCase layerCase(const std::string& details, nlohmann::json torch, const Arguments&... arguments) {
    auto layer = std::make_shared<L>(arguments...);
    torch["kind"] = layer->kind();
    const MapShape in = layer->inputShape(), out = layer->outputShape();
    const auto list = [](const MapShape& shape) {
        return nlohmann::json{shape.channels, shape.height, shape.width};
    };
    torch["in"] = list(in);
    torch["out"] = list(out);
    return {layer->kind() + " " + in.text() + " to " + out.text() + ", " + details, layer, torch};
}

inline void addWindows(std::vector<LayerCase>& all) {
    const auto convolution = [&](const MapShape& in, Index channels, const WindowRule& rule, Index groups) {
        nlohmann::json torch = json(rule);
        torch["groups"] = groups;
        all.push_back(layerCase<Conv2d<double>>(text(rule) + ", groups " + std::to_string(groups), torch, in,
                                                channels, rule, groups));
    };
    for (const Index kernel : {1, 2, 3, 5})
        for (const Index stride : {1, 2, 3})
            for (const Index padding : {0, 1, 2})
                for (const auto& [in, out] : {std::pair<Index, Index>{1, 8}, {3, 5}, {4, 17}, {16, 2}})
                    convolution({in, 7, 6}, out, WindowRule::square(kernel, stride, padding), 1);
    for (const Index groups : {2, 3, 6})
        for (const Index stride : {1, 2})
            convolution({6, 5, 5}, 12, WindowRule::square(3, stride, 1), groups);
    convolution({1, 9, 11}, 3, {3, 1, 1, 2, 2, 0}, 1);
    convolution({2, 9, 11}, 3, {1, 7, 2, 3, 0, 4}, 1);
    convolution({2, 1, 13}, 4, {1, 3, 1, 1, 0, 1}, 2);
    convolution({2, 4, 5}, 3, {2, 3, 4, 5, 3, 4}, 1); // strides wider than the kernel, padding, too
    convolution({5, 3, 3}, 33, WindowRule::square(3), 1);
    convolution({64, 3, 2}, 120, WindowRule::square(3, 1, 1), 1); // too many weights for several sums

    for (const WindowRule& rule :
         {WindowRule::square(2, 2), WindowRule::square(3, 2, 1), WindowRule::square(3, 1, 1),
          WindowRule{2, 3, 3, 1, 1, 0}, WindowRule::square(2, 3)})
        for (const MapShape& in : {MapShape{1, 7, 8}, {3, 6, 6}, {8, 5, 9}, {19, 4, 4}}) {
            all.push_back(layerCase<MaxPool2d<double>>(text(rule), json(rule), in, rule));
            all.push_back(layerCase<AveragePool2d<double>>(text(rule), json(rule), in, rule));
        }
}

inline void addNormalizations(std::vector<LayerCase>& all) {
    for (const auto& [in, groups] :
         {std::pair<MapShape, Index>{{6, 4, 3}, 3}, {{4, 3, 3}, 1}, {{4, 3, 3}, 4}, {{6, 1, 1}, 2}})
        all.push_back(layerCase<GroupNormLayer<double>>(
            std::to_string(groups) + " groups", {{"groups", groups}, {"epsilon", 1e-3}}, in, groups, 1e-3));
    for (const MapShape& in : {MapShape{7}, {3, 4, 5}})
        all.push_back(layerCase<GroupNormLayer<double>>("all", {{"groups", 1}, {"epsilon", 1e-5}}, in,
                                                        Index{1}, 1e-5, std::string("layer_norm")));
    for (const MapShape& in : {MapShape{5}, {3, 4, 5}, {17, 2, 2}})
        all.push_back(layerCase<BatchNormLayer<double>>("batch", {{"epsilon", 1e-5}, {"momentum", 0.1}}, in,
                                                        BatchNormRule{}));
}

} // namespace detail

/// Layers of maps over kernels, strides, paddings, groups, channels; even and odd sizes.
inline std::vector<LayerCase> layerCases() {
    std::vector<LayerCase> all;
    detail::addWindows(all);
    detail::addNormalizations(all);
    for (const MapShape& map : {MapShape{3, 4, 5}, {1, 3, 3}, {16, 7, 7}, {5, 1, 1}}) {
        all.push_back(detail::layerCase<GlobalAveragePool<double>>("all", {}, map));
        all.push_back(detail::layerCase<Flatten<double>>("all", {}, map));
        all.push_back(detail::layerCase<ChannelsLast<double>>("all", {}, map));
    }
    return all;
}

/// A layer in the other precision or in this one with numbers of its own, and room for a batch.
template<class S>
struct BoundLayer {
    BoundLayer(const Layer<double>& prototype, Index batch, std::uint64_t seed = 1)
        : layer(prototype.copyAs(std::type_identity<S>{})) {
        Index size = 0;
        for (const TensorShape& shape : layer->parameters())
            size += shape.size();
        theta = randomVector<double>(size, seed).template cast<S>();
        gradient = Vector<S>::Constant(size, S(-77));
        layer->bind(theta.data(), gradient.data());
        layer->reserve(batch);
        for (const auto& buffer : layer->buffers()) // positive, as variances are
            VectorMap<S>(buffer.data, buffer.shape.size()) =
                (S(0.3) + randomVector<double>(buffer.shape.size(), 7).array().square().template cast<S>());
    }

    std::unique_ptr<Layer<S>> layer;
    Vector<S> theta, gradient;
};

} // namespace kappascope::test
