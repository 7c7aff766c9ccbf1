// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/spectral_density.h"

#include "engine/core/random.h"
#include "engine/curvature/lanczos.h"

#include <cmath>
#include <numbers>

namespace kappascope {

namespace {

Vector<double> signs(Index n, std::uint64_t seed, int number) {
    RandomStream stream(seed, "signs", static_cast<std::uint64_t>(number));
    return Vector<double>::NullaryExpr(n, [&stream] { return stream.bits() & 1 ? 1.0 : -1.0; });
}

} // namespace

Reading meanOf(const Vector<double>& values) {
    const double n = static_cast<double>(values.size()), mean = values.mean();
    Reading reading = Reading::computed(mean);
    if (!reading.usable()) return reading;
    reading.status = Reading::Status::Estimated;
    reading.error = values.size() > 1 ? std::sqrt((values.array() - mean).square().sum() / (n - 1) / n)
                                      : std::numeric_limits<double>::infinity();
    return reading;
}

Reading SpectralDensity::trace() const {
    return mean([this](double lambda) { return static_cast<double>(size) * lambda; });
}

Reading SpectralDensity::shareBelow(double limit) const {
    return mean([limit](double lambda) { return lambda < limit ? 1.0 : 0.0; });
}

double SpectralDensity::at(double lambda, double width) const {
    constexpr double normal = std::numbers::inv_sqrtpi / std::numbers::sqrt2; // 1/sqrt(2 pi)
    return mean([=](double node) {
               const double z = (lambda - node) / width;
               return normal / width * std::exp(-z * z / 2);
           })
        .value;
}

SpectralDensity spectralDensity(const SymmetricOperator& A, const DensityOptions& options, ThreadTeam* team,
                                const Cancelled* cancelled) {
    SpectralDensity density;
    density.size = A.size();
    density.samples.resize(static_cast<std::size_t>(options.vectors));
    const auto sample = [&](int k) {
        const auto own = A.clone();
        RitzValues ritz =
            ritzValues(lanczos(*own, signs(A.size(), options.seed, k), options.steps, cancelled));
        density.samples[static_cast<std::size_t>(k)] = {std::move(ritz.values), std::move(ritz.weights)};
    };
    if (team)
        team->run(options.vectors, sample);
    else
        for (int k = 0; k < options.vectors; ++k)
            sample(k);
    return density;
}

Reading hutchinsonTrace(SymmetricOperator& A, int vectors, std::uint64_t seed, const Cancelled* cancelled) {
    Vector<double> values(vectors), product(A.size());
    for (int k = 0; k < vectors; ++k) {
        stopIfCancelled(cancelled);
        const Vector<double> v = signs(A.size(), seed, k);
        A.apply(v, product);
        values[k] = v.dot(product);
    }
    return meanOf(values);
}

} // namespace kappascope
