// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/update_state.h"

namespace kappascope {

namespace {

/// Fills the tensors of a method that has just been bound from those under `prefix`.
void restore(std::vector<StateTensor<double>> own, const std::string& prefix,
             const std::vector<std::pair<std::string, Vector<double>>>& kept) {
    for (StateTensor<double>& tensor : own)
        for (const auto& [name, values] : kept)
            if (name == prefix + tensor.name) tensor.values = values;
}

} // namespace

std::unique_ptr<Optimizer<double>> UpdateState::optimizer(Index parameters) const {
    const MethodSpec& spec = settings.optimizer;
    auto made = optimizerCatalog().at(spec.method).make<double>(spec.parameters);
    made->bind(parameters);
    restore(made->state(), "optimizer.", tensors);
    return made;
}

Coordinates::Layers UpdateState::preconditioners(const Network<double>& network) const {
    const MethodSpec& spec = settings.preconditioner;
    const auto method = preconditioningCatalog().at(spec.method).make<double>(spec.parameters);
    Coordinates::Layers layers;
    for (const WeightedLayer<double>* weighted : network.weighted()) {
        const int d = static_cast<int>(layers.size());
        std::unique_ptr<Preconditioner<double>> layer = method->makeLayer(d);
        if (layer) {
            layer->bind(weighted->weightShape());
            restore(layer->state(), "preconditioner." + std::to_string(d) + ".", tensors);
        }
        layers.push_back(std::move(layer));
    }
    return layers;
}

} // namespace kappascope
