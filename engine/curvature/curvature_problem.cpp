// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/curvature_problem.h"

#include "engine/core/random.h"
#include "engine/normalization/normalization.h"

#include <algorithm>
#include <numeric>

namespace kappascope {

std::shared_ptr<const CurvatureData> augmentedData(const Dataset& data, const Loss<double>& loss,
                                                   std::vector<int> samples, std::string what,
                                                   const Augmentation& augmentation, std::int64_t step) {
    auto workspace = augmentation.workspace();
    auto chosen = std::make_shared<CurvatureData>();
    chosen->x.resize(data.features(), static_cast<Index>(samples.size()));
    augmentation.gather<double>(data.x, samples, step, chosen->x, workspace);
    chosen->targets = loss.targets(data);
    chosen->samples = std::move(samples);
    chosen->what = std::move(what);
    return chosen;
}

std::shared_ptr<const CurvatureData> curvatureData(const Dataset& data, const Loss<double>& loss,
                                                   std::vector<int> samples, std::string what) {
    return augmentedData(data, loss, std::move(samples), std::move(what), {}, 0);
}

std::shared_ptr<const CurvatureData> probeBatch(const Dataset& data, const Loss<double>& loss, Index most,
                                                std::uint64_t seed) {
    std::vector<int> samples(static_cast<std::size_t>(data.samples()));
    std::iota(samples.begin(), samples.end(), 0);
    if (data.samples() <= most)
        return curvatureData(data, loss, std::move(samples),
                             "all " + std::to_string(data.samples()) + " training samples");
    RandomStream(seed, "probe batch").shuffle(samples);
    samples.resize(static_cast<std::size_t>(most));
    std::ranges::sort(samples);
    return curvatureData(data, loss, std::move(samples),
                         "probe batch of " + std::to_string(most) + " of " + std::to_string(data.samples()) +
                             " training samples, seed " + std::to_string(seed));
}

std::shared_ptr<const Network<double>> withStatisticsHeld(const Network<double>& network,
                                                          const Matrix<double>& x) {
    auto held = std::make_shared<Network<double>>(network);
    held->reserve(x.cols());
    held->forward(x, Mode::Training);
    for (std::size_t l = 0; l < held->depth(); ++l) {
        auto* layer = dynamic_cast<NormalizationLayer<double>*>(&held->layer(l));
        if (!layer) continue;
        const Matrix<double> values = held->inputOf(l, x);
        const auto received = channelsOf<const double>(values, layer->inputShape().channels).matrix();
        const Vector<double> mean = received.rowwise().mean();
        layer->setStatistics(mean, (received.colwise() - mean).rowwise().squaredNorm() /
                                       static_cast<double>(received.cols()));
    }
    held->reserve(0);
    return held;
}

} // namespace kappascope
