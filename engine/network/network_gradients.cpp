// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/network.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

namespace {

/// Calls work(part) for all parts: a single one here, several each by a thread.
template<class Work>
void share(StepTeam* team, int parts, const Work& work) {
    if (parts == 1)
        work(0);
    else
        team->run(parts, work);
}

} // namespace

/// Calls work(d, first, count) for all inputs of each dense layer d: at once, or a part for each thread. (The
/// larger parts of one layer go to those that have the smaller ones of the next.)
template<class S>
template<class Work>
void Network<S>::shareInputs(const Work& work) {
    const int parts = team_ ? team_->size() : 1;
    share(team_, parts, [&](int part) {
        for (std::size_t d = 0; d < dense_.size(); ++d) {
            if (!dense_[d]) continue;
            const auto [first, count] = shareOf(dense_[d]->inputs(), d % 2 == 0 ? part : parts - 1 - part,
                                                parts, products::tileColumns);
            if (count > 0) work(d, first, count);
        }
    });
}

/// The gradients of weights that are not dense ones.
template<class S>
void Network<S>::setOtherGradients(const ConstColumns<S>& x) {
    const int parts = team_ ? team_->size() : 1;
    share(team_, parts, [&](int part) {
        for (std::size_t l = layers_.size(); l-- > 0;)
            if (otherAt_[l]) otherAt_[l]->setGradientPart(received(l, x, {0, x.cols}), dOut_[l], part, parts);
    });
}

template<class S>
ConstColumns<S> Network<S>::factorOf(std::size_t d, const ConstColumns<S>& x, Factors factors) const {
    if (factors.empty() || !factors[d].inputs) return received(weightedPositions_[d], x, {0, x.cols});
    return {factors[d].inputs, dense_[d]->inputs(), x.cols, dense_[d]->inputs()};
}

template<class S>
void Network<S>::setWeightGradients(const ConstColumns<S>& x, Factors factors) {
    shareInputs([&](std::size_t d, Index first, Index count) {
        dense_[d]->setGradient(factorOf(d, x, factors), factors.empty() ? nullptr : factors[d].shares,
                               dOut_[weightedPositions_[d]], first, count);
    });
}

template<class S>
void Network<S>::descend(const ConstColumns<S>& x, S rate, Factors factors, Nonzero nonzero) {
    shareInputs([&](std::size_t d, Index first, Index count) {
        const bool ofInputs = weightedPositions_[d] == 0 && (factors.empty() || !factors[d].inputs);
        dense_[d]->descend(factorOf(d, x, factors), factors.empty() ? nullptr : factors[d].shares,
                           dOut_[weightedPositions_[d]], rate, first, count, ofInputs ? nonzero : nullptr);
    });
    for (const ParameterBlock& block : blocks_)
        if (!denseAt_[block.layer])
            kappascope::descend<S>(gradient_.segment(block.offset, block.shape.size()), rate,
                                   theta_.segment(block.offset, block.shape.size()));
}

// |sum_n d_in h_jn| <= N max|d| max|h| for every weight, N max|d| max|share| for every bias, h as the factors
// have made it
template<class S>
double Network<S>::gradientBound(const ConstColumns<S>& x, double largestInput, Factors factors) {
    const auto n = static_cast<double>(x.cols);
    const int parts = team_ ? team_->size() : 1;
    share(team_, parts, [&](int part) { setLargest(shareOneByOne(x.cols, part, parts), part, x); });
    const auto largestOf = [&](Index what) { // not maxCoeff(), which may overlook what is no number
        S most = 0;
        for (int part = 0; part < parts; ++part)
            if (const S next = largest_(what, part); !(next <= most) && !std::isnan(most)) most = next;
        return static_cast<double>(most);
    };
    double bound = 0;
    for (std::size_t d = 0; d < dense_.size(); ++d) {
        if (!dense_[d]) continue;
        const Index first = 2 * static_cast<Index>(d);
        const double received = receivesInputs(d) ? largestInput : largestOf(first);
        const FactorBounds bounds = factors.empty() ? FactorBounds() : factors[d].bounds;
        const double input = bounds.inputs.of(received), share = bounds.shares.of(received);
        const double delta = n * largestOf(first + 1);
        bound += delta * delta * static_cast<double>(dense_[d]->outputs()) *
                 (share * share + input * input * static_cast<double>(dense_[d]->inputs()));
    }
    for (const ParameterBlock& block : blocks_)
        if (!denseAt_[block.layer])
            bound += static_cast<double>(gradient_.segment(block.offset, block.shape.size()).squaredNorm());
    return bound;
}

/// largest_ of some samples; of the network's inputs it is known.
template<class S>
void Network<S>::setLargest(Samples some, int part, const ConstColumns<S>& x) {
    for (std::size_t d = 0; d < dense_.size(); ++d) {
        if (!dense_[d]) continue;
        const std::size_t l = weightedPositions_[d];
        const Index first = 2 * static_cast<Index>(d);
        if (!receivesInputs(d)) largest_(first, part) = largest<S>(received(l, x, some));
        largest_(first + 1, part) = largest<S>(dOut_[l].middleCols(some.first, some.count));
    }
}

#define INSTANTIATE(S)                                                                                       \
    template void Network<S>::setOtherGradients(const ConstColumns<S>&);                                     \
    template void Network<S>::setWeightGradients(const ConstColumns<S>&, Factors);                           \
    template void Network<S>::descend(const ConstColumns<S>&, S, Factors, Nonzero);                          \
    template double Network<S>::gradientBound(const ConstColumns<S>&, double, Factors);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
