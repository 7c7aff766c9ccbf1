// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/normalization.h"

namespace kappascope::normalizations {

namespace {

template<class S>
class None final : public Normalization<S> {
public:
    explicit None(const Parameters&) {}
    Placement placement() const override { return {}; }
    std::unique_ptr<NormalizationLayer<S>> makeLayer(const MapShape&) const override { return nullptr; }
};

} // namespace

NormalizationEntry none() {
    return makeEntry<Normalization, None>({.key = "none",
                                           .label = "None",
                                           .help = "Dense layers and activations alone.",
                                           .reference = {},
                                           .parameters = {}});
}

} // namespace kappascope::normalizations
