// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/features.h"
#include "engine/network/network.h"

#include <algorithm>

namespace kappascope {

/// Mean and biased variance, over a whole data set, of what a layer of a network receives while the layers
/// below it are in evaluation mode: of each feature or, of maps, of each channel over all positions. Computed
/// in chunks, in float64: two passes within a chunk, chunks merged by Chan's formula. Owns its workspace:
/// nothing allocates after construction.
template<class S>
class InputStatistics {
public:
    /// For networks of this one's layout; passes of at most `chunk` samples.
    InputStatistics(const Network<S>& network, Index chunk);

    /// Measures the input of layer l over the samples x, at least one. The network must have reserved
    /// chunk().
    void measure(Network<S>& network, std::size_t l, const Features& x);

    /// The same by one pass a call, from begin() on; true when all is measured.
    void begin() { seen_ = 0; }
    bool measureChunk(Network<S>& network, std::size_t l, const Features& x);

    Index chunk() const { return samples_.cols(); }
    Eigen::Ref<const Vector<double>> mean() const { return mean_.head(size_); }
    Eigen::Ref<const Vector<double>> variance() const { return variance_.head(size_); }

private:
    void merge(const ConstColumns<S>& columns, Index before);

    Matrix<S> samples_;
    Vector<double> mean_, variance_, chunkMean_, chunkSquares_, work_; ///< as long as the widest layer
    Index size_ = 0;
    Index seen_ = 0; ///< samples measured so far
};

/// The number of samples in a pass where nobody chooses: fewer for a network that keeps so many numbers of
/// each that they would take hundreds of megabytes.
template<class S>
Index evaluationChunk(const Network<S>& network) {
    constexpr Index most = 256, fewest = 8, numbers = Index{1} << 25;
    Index ofSample = 0;
    for (std::size_t l = 0; l < network.depth(); ++l)
        ofSample += network.layer(l).outputs();
    return std::clamp(numbers / ofSample, fewest, most);
}

/// Gives every normalization layer of the network, first to last, the whole set's statistics as its stored
/// ones. `statistics` is the workspace; the network must have reserved its chunk.
template<class S>
void setTrainingSetStatistics(Network<S>& network, const Features& x, InputStatistics<S>& statistics);

/// The same by one pass a call, from layer `l` = 0 and statistics.begin() on; moves l on, true when no layer
/// is left.
template<class S>
bool setSomeTrainingSetStatistics(Network<S>& network, const Features& x, InputStatistics<S>& statistics,
                                  std::size_t& l);

} // namespace kappascope
