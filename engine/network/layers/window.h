// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/network/layer_catalog.h"
#include "engine/network/window_rule.h"

namespace kappascope {

inline Parameter kernelParameter(std::int64_t standard) {
    return Parameter::extent("kernel", "Kernel", "Height and width of the window.", standard, 1, 512);
}
inline Parameter paddingParameter(const std::string& what) {
    return Parameter::extent("padding", "Padding", "Rows and columns of " + what + " on each side.", 0, 0,
                             255);
}

/// "stride" 0: the kernel, in that direction.
inline WindowRule windowOf(const Parameters& parameters) {
    const Extent kernel = parameters.extent("kernel"), stride = parameters.extent("stride"),
                 padding = parameters.extent("padding");
    return {kernel.height,
            kernel.width,
            stride.height == 0 ? kernel.height : stride.height,
            stride.width == 0 ? kernel.width : stride.width,
            padding.height,
            padding.width};
}

/// Throws unless the window fits on what the stack gives.
inline void needRoom(const LayerStack& stack, const WindowRule& rule, const std::string& place) {
    if (rule.fits(stack.shape())) return;
    throw InputError(place,
                     "a window of " + std::to_string(rule.height) + " x " + std::to_string(rule.width) +
                         " does not fit on maps of " + stack.shape().text() + " with padding " +
                         Extent{rule.paddingY, rule.paddingX}.text(),
                     "Take a smaller kernel, more padding, or fewer strides before it.");
}

/// What max and average pooling have in common.
inline std::vector<Parameter> poolingParameters() {
    return {kernelParameter(2),
            Parameter::extent("stride", "Stride", "Steps from window to window; 0: the kernel.", 0, 0, 512),
            paddingParameter("nothing")};
}

template<class Pool>
void appendPool(const LayerSpec& spec, LayerStack& stack, const std::string& place) {
    stack.needMaps("a pooling layer", place);
    const WindowRule rule = windowOf(spec.parameters);
    needRoom(stack, rule, place);
    if (2 * rule.paddingY > rule.height || 2 * rule.paddingX > rule.width)
        throw InputError(place + ".padding",
                         Extent{rule.paddingY, rule.paddingX}.text() + " is more than half of the kernel, " +
                             Extent{rule.height, rule.width}.text() + ", expected at most " +
                             std::to_string(rule.height / 2) + " x " + std::to_string(rule.width / 2));
    stack.append(std::make_unique<Pool>(stack.shape(), rule), place);
}

} // namespace kappascope
