// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/materials.h"

#include "engine/network/initialization.h"
#include "engine/normalization/stack.h"

namespace kappascope {

template<class S>
Materials<S>::Materials(const Experiment& experiment, std::shared_ptr<const Split> given)
    : split(std::move(given)), model(experiment.model), seed(experiment.seed) {
    const LossEntry& entry = lossCatalog().at(experiment.loss.method, "loss");
    loss = entry.make<S>(experiment.loss.parameters);
    exactLoss = entry.make<double>(experiment.loss.parameters);
    outputs = loss->outputs(split->train);
    TrainingData<S> prepared{split->train, split->test, loss->targets(split->train),
                             loss->targets(split->test)};
    const AugmentationSpec& augmentation = experiment.data.augmentation;
    if (augmentation.any())
        prepared.augmentation = Augmentation(augmentation, split->train.image.value(), seed.augmentation);
    if (augmentation.any() || split->train.x.inPlace()) prepared.loader = std::make_shared<LoaderThread>();
    data = std::make_shared<const TrainingData<S>>(std::move(prepared));
    plan = planModel(model, split->train, outputs);
}

template<class S>
std::unique_ptr<Network<S>> Materials<S>::startNetwork(const Normalization<S>& normalization) const {
    auto network = buildNetwork<S>(plan, normalization);
    initializeWeights(*network, model.initialization, seed.weights);
    if (model.fold != Fold::None)
        foldStandardization(*network, data->train.x,
                            model.fold == Fold::Inputs ? FoldedLayers::First : FoldedLayers::All);
    return network;
}

template struct Materials<float>;
template struct Materials<double>;

} // namespace kappascope
