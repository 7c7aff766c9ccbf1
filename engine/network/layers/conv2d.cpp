// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/conv2d.h"

#include "engine/network/layers/window.h"

namespace kappascope::layers {

namespace {

void append(const LayerSpec& spec, LayerStack& stack, const std::string& place) {
    stack.needMaps("a convolution", place);
    const WindowRule rule = windowOf(spec.parameters);
    needRoom(stack, rule, place);
    const Index channels = spec.parameters.integer("channels"), groups = spec.parameters.integer("groups");
    if (channels % groups != 0 || stack.shape().channels % groups != 0)
        throw InputError(place + ".groups", std::to_string(groups) + " groups do not divide both the " +
                                                std::to_string(stack.shape().channels) +
                                                " channels that it receives and its " +
                                                std::to_string(channels));
    stack.append(std::make_unique<Conv2d<double>>(stack.shape(), channels, rule, groups), place);
}

} // namespace

LayerEntry conv2d() {
    return {
        {.key = "conv2d",
         .label = "Convolution",
         .help = "Weights of a window that moves over the maps, the same everywhere (torch.nn.Conv2d).",
         .reference = "LeCun, Bottou, Bengio, Haffner, Proc. IEEE 86(11), 1998",
         .parameters = {Parameter::integer("channels", "Channels", "Maps that it gives.", 16, 1, 10'000),
                        kernelParameter(3),
                        Parameter::extent("stride", "Stride", "Steps from window to window.", 1, 1, 512),
                        paddingParameter("zeros"),
                        Parameter::integer("groups", "Groups",
                                           "Groups of channels that do not see each other.", 1, 1, 10'000)}},
        false,
        append};
}

} // namespace kappascope::layers
