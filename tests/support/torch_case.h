// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/activation_layer.h"
#include "engine/normalization/group_norm_layer.h"
#include "tests/support/loss_cases.h"
#include "tests/support/random_network.h"
#include "tests/support/torch.h"
#include "tests/support/variants.h"

namespace kappascope::test {

using nlohmann::json;

inline constexpr Index torchBatch = 9;

inline json listOf(const Matrix<double>& matrix, bool vector) {
    json rows = json::array();
    for (Index i = 0; i < matrix.rows(); ++i) {
        if (vector)
            rows.push_back(matrix(i, 0));
        else
            rows.push_back(std::vector<double>(matrix.cols()));
        for (Index j = 0; !vector && j < matrix.cols(); ++j)
            rows.back()[static_cast<std::size_t>(j)] = matrix(i, j);
    }
    return rows;
}

inline json numbersOf(const Parameters& parameters) {
    json values = json::object();
    for (const auto& [key, value] : parameters.values())
        if (const auto* number = std::get_if<double>(&value)) values[key] = *number;
    return values;
}

/// One network with a mini-batch and a loss; asks the same of us and of PyTorch.
struct TorchCase {
    std::string name;
    MethodSpec normalization;
    LossCase lossCase;
    std::unique_ptr<Network<double>> network;
    Matrix<double> x = 2 * randomMatrix<double>(3, torchBatch, 23);

    Matrix<double> tensor(const Vector<double>& flat, const ParameterBlock& block) const {
        return Eigen::Map<const Matrix<double>>(flat.data() + block.offset, block.shape.rows,
                                                block.shape.cols);
    }

    json task() const {
        json layers = json::array(), tensors = json::object();
        for (std::size_t l = 0; l < network->depth(); ++l) {
            const auto& layer = network->layer(l);
            const auto* activation = dynamic_cast<const ActivationLayer<double>*>(&layer);
            layers.push_back({{"kind", layer.kind()},
                              {"prefix", network->tensorPrefix(l)},
                              {"values", numbersOf(activation ? activation->method().parameters
                                                              : normalization.parameters)}});
            if (const auto* group = dynamic_cast<const GroupNormLayer<double>*>(&layer))
                layers.back()["groups"] = group->groups();
        }
        for (const auto& block : network->blocks())
            tensors[block.name] = listOf(tensor(network->theta(), block), block.shape.vector);
        for (const auto& [key, buffer] : network->buffers())
            tensors[key] = listOf(VectorMap<double>(buffer.data, buffer.shape.size()), true);
        return {{"layers", layers},
                {"tensors", tensors},
                {"x", listOf(x.transpose(), false)},
                {"loss", lossCase.entry->key},
                {"targets", targets()}};
    }

    json targets() const {
        const auto all = lossCase.entry->make<double>(Parameters(*lossCase.entry))->targets(lossCase.data);
        return all.values.size() > 0 ? listOf(all.values.transpose(), false) : json(all.labels);
    }
};

/// Every activation, normalization and loss; of the normalization's switches all that PyTorch has.
inline std::vector<TorchCase> torchCases() {
    std::vector<TorchCase> all;
    std::uint64_t seed = 0;
    for (const auto& normalization : variantsOf(normalizationCatalog())) {
        const Parameters& switches = normalization.spec.parameters;
        if (switches.has("running_variance") && switches.choice("running_variance") != "unbiased") continue;
        if (switches.has("evaluation") && switches.choice("evaluation") != "running") continue;
        for (const auto& activation : activationCatalog().keys())
            for (const auto& lossCase : lossCases(3, torchBatch)) {
                const auto loss = lossCase.entry->make<double>(Parameters(*lossCase.entry));
                all.push_back(
                    {activation + ", " + normalization.name + ", " + lossCase.name(), normalization.spec,
                     lossCase,
                     randomNetwork<double>(3, {5, 4}, loss->outputs(lossCase.data),
                                           activationSpec(activation), normalization.spec, ++seed)});
                all.back().network->reserve(torchBatch);
            }
    }
    return all;
}

} // namespace kappascope::test
