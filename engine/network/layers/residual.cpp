// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/error.h"
#include "engine/network/conv2d.h"
#include "engine/network/layer_catalog.h"

namespace kappascope::layers {

namespace {

/// A convolution of 1 x 1 (of features: a dense layer) from what the block receives to what its branch gives:
/// the strides are those that make the sizes meet.
void project(LayerStack& stack, const MapShape& to, const std::string& place) {
    const MapShape from = stack.shape();
    if (from.flat() && to.flat()) {
        stack.append(std::make_unique<Dense<double>>(from.features(), to.features()), place);
        return;
    }
    WindowRule rule = WindowRule::square(1);
    rule.strideY = (from.height + to.height - 1) / to.height;
    rule.strideX = (from.width + to.width - 1) / to.width;
    if (rule.over(from, to.channels) != to)
        throw InputError(place, "no projection of 1 x 1 leads from " + from.text() +
                                    ", what the block receives, to " + to.text() + ", what its branch gives");
    stack.append(std::make_unique<Conv2d<double>>(from, to.channels, rule), place);
}

void append(const LayerSpec& spec, LayerStack& stack, const std::string& place) {
    if (spec.layers.empty())
        throw InputError(place + ".layers", "a residual block needs layers in its branch");
    const LayerStack::Point start = stack.end(place);
    appendLayers(stack, spec.layers, place + ".layers");
    const LayerStack::Point branch = stack.end(place);
    stack.goBackTo(start);
    if (spec.parameters.choice("shortcut") == "projection") project(stack, branch.shape, place);
    if (branch.layer == start.layer) throw InputError(place + ".layers", "the branch changes nothing");
    stack.join(branch, place);
}

} // namespace

LayerEntry residual() {
    return {
        {.key = "residual",
         .label = "Residual block",
         .help = "Adds what its layers give to what it receives; an activation behind the sum is a layer of "
                 "its own.",
         .reference = "He, Zhang, Ren, Sun, CVPR 2016, eq. 1 and 2",
         .parameters = {Parameter::choice("shortcut", "Shortcut",
                                          "What is added: what the block receives (identity), or weights of "
                                          "1 x 1 times it, where the shape changes (projection).",
                                          "identity", {"identity", "projection"})}},
        true,
        append};
}

} // namespace kappascope::layers
