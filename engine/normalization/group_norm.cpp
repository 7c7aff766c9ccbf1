// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/sample_norm.h"

namespace kappascope::normalizations {

namespace {

template<class S>
class GroupNorm final : public SampleNorm<S> {
public:
    explicit GroupNorm(const Parameters& parameters)
        : SampleNorm<S>(parameters), groups_(parameters.integer("groups")) {}

    std::unique_ptr<NormalizationLayer<S>> makeLayer(const MapShape& shape) const override {
        return std::make_unique<GroupNormLayer<S>>(shape, groupsFor(shape), this->epsilon());
    }

private:
    /// The largest number of groups, not above the one that is asked for, that divides the channels and
    /// leaves a group more than one value.
    Index groupsFor(const MapShape& shape) const {
        Index groups = std::min(groups_, shape.channels);
        while (groups > 1 && (shape.channels % groups != 0 || shape.features() / groups < 2))
            --groups;
        return groups;
    }

    Index groups_;
};

} // namespace

NormalizationEntry group_norm() {
    return makeEntry<Normalization, GroupNorm>(
        {.key = "group_norm",
         .label = "Group normalization",
         .help = "Each sample's groups of channels are centred and scaled by their own mean and deviation, "
                 "then by "
                 "learned gamma and beta: the same at any batch size. It is no change of coordinates of the "
                 "weights: switching it in mid-training changes the function.",
         .reference = "Wu, He, ECCV 2018, section 3",
         .parameters = {
             samplePlacementParameter(),
             Parameter::integer("groups", "Groups",
                                "Groups of channels; where they do not divide a layer's channels, the "
                                "next smaller number that does.",
                                4, 1, 1024),
             sampleEpsilonParameter()}});
}

} // namespace kappascope::normalizations
