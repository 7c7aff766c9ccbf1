// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/network/layer_catalog.h"
#include "engine/network/window_rule.h"

namespace kappascope {

inline Parameter kernelParameter(std::int64_t standard) {
    return Parameter::integer("kernel", "Kernel", "Height and width of the window.", standard, 1, 512);
}
inline Parameter paddingParameter(const std::string& what) {
    return Parameter::integer("padding", "Padding", "Rows and columns of " + what + " on each side.", 0, 0,
                              255);
}

/// "stride" 0: the kernel.
inline WindowRule windowOf(const Parameters& parameters) {
    const Index kernel = parameters.integer("kernel"), stride = parameters.integer("stride");
    return WindowRule::square(kernel, stride == 0 ? kernel : stride, parameters.integer("padding"));
}

/// Throws unless the window fits on what the stack gives.
inline void needRoom(const LayerStack& stack, const WindowRule& rule, const std::string& place) {
    if (rule.fits(stack.shape())) return;
    throw InputError(place,
                     "a window of " + std::to_string(rule.height) + " x " + std::to_string(rule.width) +
                         " does not fit on maps of " + stack.shape().text() + " with padding " +
                         std::to_string(rule.paddingY),
                     "Take a smaller kernel, more padding, or fewer strides before it.");
}

/// What max and average pooling have in common.
inline std::vector<Parameter> poolingParameters() {
    return {kernelParameter(2),
            Parameter::integer("stride", "Stride", "Steps from window to window; 0: the kernel.", 0, 0, 512),
            paddingParameter("nothing")};
}

template<class Pool>
void appendPool(const LayerSpec& spec, LayerStack& stack, const std::string& place) {
    stack.needMaps("a pooling layer", place);
    const WindowRule rule = windowOf(spec.parameters);
    needRoom(stack, rule, place);
    if (2 * rule.paddingY > rule.height)
        throw InputError(place + ".padding", std::to_string(rule.paddingY) +
                                                 " is more than half of the kernel, " +
                                                 std::to_string(rule.height));
    stack.append(std::make_unique<Pool>(stack.shape(), rule), place);
}

} // namespace kappascope
