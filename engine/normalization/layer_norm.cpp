// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/sample_norm.h"

namespace kappascope::normalizations {

namespace {

template<class S>
class LayerNorm final : public SampleNorm<S> {
public:
    using SampleNorm<S>::SampleNorm;

    std::unique_ptr<NormalizationLayer<S>> makeLayer(const MapShape& shape) const override {
        return std::make_unique<GroupNormLayer<S>>(shape, 1, this->epsilon(), "layer_norm");
    }
};

} // namespace

NormalizationEntry layer_norm() {
    return makeEntry<Normalization, LayerNorm>(
        {.key = "layer_norm",
         .label = "Layer normalization",
         .help =
             "Each sample's values of a layer are centred and scaled by their mean and deviation, then by "
             "learned gamma and beta, one for each unit or channel: the same at any batch size. It is no "
             "change "
             "of coordinates of the weights: switching it in mid-training changes the function.",
         .reference = "Ba, Kiros, Hinton, arXiv 1607.06450, 2016, section 3",
         .parameters = {samplePlacementParameter(), sampleEpsilonParameter()}});
}

} // namespace kappascope::normalizations
