// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/log_density.h"

#include <cmath>
#include <numbers>

namespace kappascope::ui {

LogDensity::LogDensity(const SpectralDensity& density, double band) {
    const auto size = static_cast<double>(density.size);
    const double each = size / static_cast<double>(std::max<std::size_t>(1, density.samples.size()));
    for (const auto& sample : density.samples)
        for (Index i = 0; i < sample.nodes.size(); ++i)
            if (std::abs(sample.nodes[i]) > band)
                nodes_.push_back(
                    {std::log10(std::abs(sample.nodes[i])), each * sample.weights[i], sample.nodes[i] < 0});
    if (density.samples.empty()) return;
    zeros_ = density.mean([band](double lambda) { return std::abs(lambda) <= band ? 1.0 : 0.0; });
    zeros_.value *= size;
    zeros_.error *= size;
}

double LogDensity::perDecade(double lambda) const {
    const double decades = std::log10(std::abs(lambda));
    double sum = 0;
    for (const Node& node : nodes_) {
        if (node.negative != (lambda < 0)) continue;
        const double z = (decades - node.decades) / width;
        if (std::abs(z) < 6) sum += node.weight * std::exp(-z * z / 2);
    }
    return sum / (width * std::sqrt(2 * std::numbers::pi));
}

} // namespace kappascope::ui
