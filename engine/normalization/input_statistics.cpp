// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/input_statistics.h"

#include "engine/normalization/normalization.h"

#include <algorithm>

namespace kappascope {

namespace {

template<class S>
Index widest(const Network<S>& network) {
    Index width = 0;
    for (std::size_t l = 0; l < network.depth(); ++l)
        width = std::max(width, network.layer(l).inputShape().channels);
    return width;
}

} // namespace

template<class S>
InputStatistics<S>::InputStatistics(const Network<S>& network, Index chunk)
    : samples_(network.inputs(), chunk), mean_(widest(network)), variance_(mean_.size()),
      chunkMean_(mean_.size()), chunkSquares_(mean_.size()), work_(mean_.size()) {}

template<class S>
void InputStatistics<S>::measure(Network<S>& network, std::size_t l, const Features& x) {
    begin();
    while (!measureChunk(network, l, x))
        continue;
}

template<class S>
bool InputStatistics<S>::measureChunk(Network<S>& network, std::size_t l, const Features& x) {
    const MapShape shape = network.layer(l).inputShape();
    const int from = network.sources(l).from;
    if (seen_ == 0) {
        size_ = shape.channels;
        mean_.head(size_).setZero();
        variance_.head(size_).setZero(); // the sum of squares until the end
    }
    auto samples = samples_.leftCols(std::min(chunk(), x.cols() - seen_));
    x.copy<S>(seen_, samples);
    if (from < 0)
        merge(channelsOf<S>(samples, size_), seen_ * shape.positions());
    else
        merge(channelsOf<S>(network.forward(samples, Mode::Evaluation, static_cast<std::size_t>(from) + 1),
                            size_),
              seen_ * shape.positions());
    seen_ += samples.cols();
    if (seen_ < x.cols()) return false;
    variance_.head(size_) /= static_cast<double>(x.cols() * shape.positions());
    begin();
    return true;
}

/// Adds a chunk to the moments of the `before` values before it (Chan, Golub, LeVeque 1983, eq. 2.1): with
/// shares p = n/(before + n): mean += p delta; squares += its squares + before p delta^2.
template<class S>
void InputStatistics<S>::merge(const ConstColumns<S>& columns, Index before) {
    const auto values = columns.matrix();
    const auto n = static_cast<double>(values.cols());
    auto mean = chunkMean_.head(size_), squares = chunkSquares_.head(size_), work = work_.head(size_);
    mean.setZero();
    squares.setZero();
    for (Index j = 0; j < values.cols(); ++j)
        mean += values.col(j).template cast<double>();
    mean /= n;
    for (Index j = 0; j < values.cols(); ++j) {
        work = values.col(j).template cast<double>() - mean;
        squares.array() += work.array().square();
    }
    const double share = n / (static_cast<double>(before) + n);
    work = mean - mean_.head(size_);
    mean_.head(size_) += share * work;
    variance_.head(size_).array() +=
        squares.array() + static_cast<double>(before) * share * work.array().square();
}

template<class S>
void setTrainingSetStatistics(Network<S>& network, const Features& x, InputStatistics<S>& statistics) {
    statistics.begin();
    for (std::size_t l = 0; !setSomeTrainingSetStatistics(network, x, statistics, l);)
        continue;
}

template<class S>
bool setSomeTrainingSetStatistics(Network<S>& network, const Features& x, InputStatistics<S>& statistics,
                                  std::size_t& l) {
    const auto moveOn = [&] {
        NormalizationLayer<S>* layer = nullptr;
        while (l < network.depth() && !(layer = dynamic_cast<NormalizationLayer<S>*>(&network.layer(l))))
            ++l;
        return layer;
    };
    NormalizationLayer<S>* layer = moveOn();
    if (!layer) return true;
    if (!statistics.measureChunk(network, l, x)) return false;
    layer->setStatistics(statistics.mean(), statistics.variance());
    ++l;
    return !moveOn();
}

template class InputStatistics<float>;
template class InputStatistics<double>;
template void setTrainingSetStatistics(Network<float>&, const Features&, InputStatistics<float>&);
template void setTrainingSetStatistics(Network<double>&, const Features&, InputStatistics<double>&);
template bool setSomeTrainingSetStatistics(Network<float>&, const Features&, InputStatistics<float>&,
                                           std::size_t&);
template bool setSomeTrainingSetStatistics(Network<double>&, const Features&, InputStatistics<double>&,
                                           std::size_t&);

} // namespace kappascope
