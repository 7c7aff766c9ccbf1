// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/probes/probe.h"

#include <cmath>

namespace kappascope {

/// The entry `about` with what it measures: measure(observation, sink) for either precision.
template<class Measure>
ProbeEntry measuredBy(ProbeEntry about, Measure measure) {
    about.measureFloat = measure;
    about.measureDouble = measure;
    return about;
}

/// Euclidean norm, summed in float64. Does not allocate.
template<class V>
double euclideanNorm(const Eigen::DenseBase<V>& v) {
    return std::sqrt(v.derived().template cast<double>().squaredNorm());
}

/// The series of one metric, named once: a name on the heap in every step would be one allocation each.
class MetricKeys {
public:
    explicit MetricKeys(const char* metric) : whole_{metric} {
        for (int d = 0; d < namedLayers; ++d)
            layers_.push_back({metric, d});
    }
    const SeriesKey& whole() const { return whole_; }
    /// Records a value of the layer d with weights.
    void record(int d, std::int64_t step, double value, ProbeSink& sink) const {
        if (d < namedLayers)
            sink.record(layers_[static_cast<std::size_t>(d)], step, value);
        else
            sink.record({whole_.metric, d}, step, value);
    }

private:
    static constexpr int namedLayers = 32;
    SeriesKey whole_;
    std::vector<SeriesKey> layers_;
};

/// A stretch of the flat vectors.
struct Segment {
    Index first = 0, weights = 0, biases = 0;
    Index size() const { return weights + biases; }
};

/// Where weights, then biases, of the layer d with weights stand.
template<class S>
Segment weightedSegment(const Network<S>& network, int d) {
    const WeightedLayer<S>& layer = *network.weighted()[static_cast<std::size_t>(d)];
    for (const ParameterBlock& block : network.blocks())
        if (block.weighted == d && block.layer == network.positionOfWeighted(d))
            return {block.offset, layer.fanIn() * layer.outputChannels(), layer.outputChannels()};
    return {};
}

template<class S>
int weightedLayers(const Network<S>& network) {
    return static_cast<int>(network.weighted().size());
}

/// Records the norm of a flat vector: of the whole, and of weights and biases of each layer.
template<class S>
void recordNorms(const MetricKeys& keys, const Observation<S>& observation, ConstVectorRef<S> v,
                 ProbeSink& sink) {
    sink.record(keys.whole(), observation.step, euclideanNorm(v));
    for (int d = 0; d < weightedLayers(observation.network); ++d) {
        const Segment part = weightedSegment(observation.network, d);
        keys.record(d, observation.step, euclideanNorm(v.segment(part.first, part.size())), sink);
    }
}

} // namespace kappascope
