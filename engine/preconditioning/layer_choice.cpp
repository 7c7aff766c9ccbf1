// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/preconditioning/layer_choice.h"

#include "engine/core/error.h"

#include <cmath>
#include <sstream>

namespace kappascope {

namespace {

const char* const layersKey = "layers";

std::string text(double number) {
    std::ostringstream stream;
    stream << number;
    return stream.str();
}

} // namespace

Parameter LayerChoice::parameter() {
    return Parameter::numbers(
        layersKey, "Layers", "Numbers of the layers with weights that it acts on, from 0; none: all of them.",
        {}, 0, 999);
}

bool LayerChoice::isIn(const Parameters& parameters) {
    return parameters.has(layersKey);
}

LayerChoice::LayerChoice(const Parameters& parameters, const std::string& place)
    : place_(place.empty() ? layersKey : place + '.' + layersKey) {
    for (const double number : parameters.numbers(layersKey)) {
        if (number != std::floor(number))
            throw InputError(place_, text(number) + " is no layer, expected whole numbers",
                             "Layers are counted from 0.");
        const int layer = static_cast<int>(number);
        if (std::ranges::find(layers_, layer) != layers_.end())
            throw InputError(place_, text(number) + " stands twice", "Name every layer once.");
        layers_.push_back(layer);
    }
}

void LayerChoice::checkAmong(int count) const {
    for (const int layer : layers_)
        if (layer >= count)
            throw InputError(place_,
                             std::to_string(layer) + ", but the network has " +
                                 (count == 1 ? "only layer 0" : "layers 0 to " + std::to_string(count - 1)));
}

} // namespace kappascope
