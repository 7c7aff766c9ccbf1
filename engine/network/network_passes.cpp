// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/products.h"
#include "engine/network/network.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

/// Calls work(samples, part, parts) for all samples of a batch: at once, or a part for each thread.
template<class S>
template<class Work>
void Network<S>::shareSamples(Index n, Index fewest, const Work& work) {
    const Index parts = team_ ? std::min<Index>(team_->size(), n / fewest) : 1;
    if (parts <= 1) return work(Samples{0, n}, 0, 1);
    team_->run(static_cast<int>(parts), [&](int part) {
        const Index first = part * n / parts;
        work(Samples{first, (part + 1) * n / parts - first}, part, static_cast<int>(parts));
    });
}

/// Calls work(d, first, count) for all inputs of each dense layer d: at once, or a part for each thread.
template<class S>
template<class Work>
void Network<S>::shareInputs(const Work& work) {
    const int parts = team_ ? team_->size() : 1;
    const auto shareOf = [&](int part) {
        for (std::size_t d = 0; d < dense_.size(); ++d) {
            if (!dense_[d]) continue;
            const Index inputs = dense_[d]->inputs(), first = part * inputs / parts;
            const Index count = (part + 1) * inputs / parts - first;
            if (count > 0) work(d, first, count);
        }
    };
    if (parts == 1)
        shareOf(0);
    else
        team_->run(parts, shareOf);
}

/// Calls work(first, count) for all features of a layer: at once, or a part for each thread. Parts begin with
/// a whole vector of any instruction set, so that no feature goes through other instructions than alone.
template<class S>
template<class Work>
void Network<S>::shareFeatures(Index features, const Work& work) {
    constexpr Index together = 16;
    const Index groups = (features + together - 1) / together;
    const Index parts = team_ ? std::min<Index>(team_->size(), groups) : 1;
    if (parts <= 1) return work(0, features);
    team_->run(static_cast<int>(parts), [&](int part) {
        const Index first = part * groups / parts * together;
        work(first, std::min((part + 1) * groups / parts * together, features) - first);
    });
}

template<class S>
MatrixRef<S> Network<S>::forward(const ConstColumns<S>& x, Mode mode, std::size_t depth) {
    const Index n = x.cols;
    mode_ = mode;
    if (depth == layers_.size() && isChain(n)) {
        forwardChain(x);
        return activations_[depth - 1].leftCols(n);
    }
    if (mode == Mode::Evaluation && !team_) {
        forwardLayers(0, depth, x, mode, {0, n}, 0);
        return activations_[depth - 1].leftCols(n);
    }
    for (const Segment& segment : segments_) {
        const std::size_t begin = segment.begin, end = std::min(segment.end, depth);
        if (begin >= end) break;
        if (segment.wholeBatch) {
            forwardLayers(begin, end, x, mode, {0, n}, 0);
            continue;
        }
        shareSamples(n, segment.fewest,
                     [&](Samples some, int part, int) { forwardLayers(begin, end, x, mode, some, part); });
    }
    return activations_[depth - 1].leftCols(n);
}

template<class S>
void Network<S>::forwardLayers(std::size_t begin, std::size_t end, const ConstColumns<S>& x, Mode mode,
                               Samples some, int part) {
    for (std::size_t l = begin; l < end; ++l) {
        const ConstColumns<S> in = received(l, x, some);
        const Columns<S> out = given(l, some);
        if (narrowAt_[l].forward && l + 1 < end) {
            denseAt_[l]->apply(narrowAt_[l], in, out, given(l + 1, some));
            ++l;
        } else if (denseAt_[l])
            denseAt_[l]->apply(in, out);
        else if (activationAt_[l])
            activationAt_[l]->apply(in, out);
        else if (otherAt_[l])
            otherAt_[l]->forwardPart(in, out, part);
        else if (const int joined = sources_[l].joined; joined >= 0)
            out.matrix() = in.matrix() + given(static_cast<std::size_t>(joined), some).matrix();
        else if (const Index features = layers_[l]->sharedFeatures();
                 features > 0 && team_ && mode == Mode::Training)
            forwardShared(l, features, in, out);
        else
            layers_[l]->forward(in.matrix(), out.matrix(), mode);
    }
}

/// A layer that couples the samples of a batch: statistics by features, the rest by samples, which stay with
/// the threads that pass them through the layers below and above.
template<class S>
void Network<S>::forwardShared(std::size_t l, Index features, const ConstColumns<S>& in,
                               const Columns<S>& out) {
    shareFeatures(features, [&](Index first, Index count) { layers_[l]->measureFeatures(in, first, count); });
    shareSamples(in.cols, fewestOfDense, [&](Samples some, int, int) {
        layers_[l]->forwardSamples(in.middleCols(some.first, some.count),
                                   out.middleCols(some.first, some.count));
    });
}

template<class S>
void Network<S>::propagateShared(std::size_t l, Index features, const ConstColumns<S>& in,
                                 const ConstColumns<S>& dOut, const Columns<S>& dIn) {
    shareFeatures(features, [&](Index first, Index count) {
        layers_[l]->setGradientOfFeatures(in, dOut, first, count);
    });
    shareSamples(in.cols, fewestOfDense, [&](Samples some, int, int) {
        layers_[l]->backwardSamples(in.middleCols(some.first, some.count),
                                    dOut.middleCols(some.first, some.count), in.cols,
                                    dIn.middleCols(some.first, some.count));
    });
}

template<class S>
void Network<S>::backward(const ConstColumns<S>& x, const Columns<S>& dz) {
    for (std::size_t d = 0; d < weighted_.size(); ++d)
        prepareToPropagate(d, x.cols);
    differentiate(x, dz);
}

/// Where dL/d(output) of each layer will stand: with the last one that receives it, which is the first to
/// write; the others add theirs. Stays from step to step.
template<class S>
void Network<S>::placeGradients(const Columns<S>& dz, Index n) {
    const Columns<S>& last = dOut_.back();
    if (last.data == dz.data && last.cols == dz.cols && last.stride == dz.stride) return;
    dOut_.back() = dz;
    for (std::size_t l = layers_.size(); l-- > lowestTrained_;) {
        const auto [from, joined] = sources_[l];
        if (learnsUpTo(from) && lastToReceive(l, from)) {
            Matrix<S>& dIn = deltas_[l];
            const bool inPlace = joined != Sources::none || dIn.size() == 0;
            dOut_[static_cast<std::size_t>(from)] = inPlace ? dOut_[l] : Columns<S>(dIn.leftCols(n));
        }
        if (learnsUpTo(joined) && lastToReceive(l, joined))
            dOut_[static_cast<std::size_t>(joined)] = deltas_[l].leftCols(n);
    }
}

template<class S>
void Network<S>::propagate(const ConstColumns<S>& x, const Columns<S>& dz) {
    const Index n = x.cols;
    placeGradients(dz, n);
    for (std::size_t s = segments_.size(); s-- > 0 && segments_[s].end > lowestTrained_;) {
        const std::size_t begin = std::max(segments_[s].begin, lowestTrained_), end = segments_[s].end;
        if (segments_[s].wholeBatch)
            propagateLayers(begin, end, x, {0, n}, 0);
        else
            shareSamples(n, segments_[s].fewest,
                         [&](Samples some, int part, int) { propagateLayers(begin, end, x, some, part); });
    }
    if (hasOthers_) setOtherGradients(x);
}

template<class S>
void Network<S>::propagateLayers(std::size_t begin, std::size_t end, const ConstColumns<S>& x, Samples some,
                                 int part) {
    for (std::size_t l = end; l-- > begin;) {
        const ConstColumns<S> in = received(l, x, some), out = given(l, some);
        const Columns<S> dOut = dOut_[l].middleCols(some.first, some.count);
        const auto [source, joined] = sources_[l];
        if (joined != Sources::none) {
            propagateJoin(l, some);
            continue;
        }
        if (!learnsUpTo(source)) { // nothing below learns
            if (!denseAt_[l] && !otherAt_[l])
                layers_[l]->backward(in.matrix(), out.matrix(), dOut.matrix(), nullptr);
            continue;
        }
        const auto from = static_cast<std::size_t>(source);
        const bool first = lastReceiver_[from] == l;
        const Columns<S> dIn =
            (first ? dOut_[from] : Columns<S>(deltas_[l])).middleCols(some.first, some.count);
        const bool narrow = denseAt_[l] && l >= begin + 2 && narrowAt_[l - 2].backward;
        if (narrow && !products::byDots(denseAt_[l]->outputs(), x.cols)) {
            denseAt_[l]->propagate(narrowAt_[l - 2], dOut, in, dIn);
            --l;
        } else if (denseAt_[l]) {
            denseAt_[l]->propagate(dOut, dIn, x.cols);
        } else if (activationAt_[l] && first) { // in place
            activationAt_[l]->multiplyDerivative(in, out, dIn);
        } else if (otherAt_[l]) {
            otherAt_[l]->propagatePart(dOut, dIn, x.cols, part);
        } else if (const Index features = layers_[l]->sharedFeatures();
                   features > 0 && team_ && mode_ == Mode::Training) {
            propagateShared(l, features, in, dOut, dIn);
        } else {
            MatrixRef<S> received(dIn.matrix());
            layers_[l]->backward(in.matrix(), out.matrix(), dOut.matrix(), &received);
        }
        if (!first) dOut_[from].middleCols(some.first, some.count).matrix() += dIn.matrix();
    }
}

/// Both inputs of a join receive its gradient; the first may already share its memory.
template<class S>
void Network<S>::propagateJoin(std::size_t l, Samples some) {
    const auto [from, joined] = sources_[l];
    const Columns<S> dOut = dOut_[l].middleCols(some.first, some.count);
    for (const int source : {joined, from}) {
        if (!learnsUpTo(source)) continue;
        const Columns<S> dIn = dOut_[static_cast<std::size_t>(source)].middleCols(some.first, some.count);
        if (!lastToReceive(l, source))
            dIn.matrix() += dOut.matrix();
        else if (dIn.data != dOut.data)
            dIn.matrix() = dOut.matrix();
    }
}

/// The gradients of weights that are not dense ones.
template<class S>
void Network<S>::setOtherGradients(const ConstColumns<S>& x) {
    const int parts = team_ ? team_->size() : 1;
    const auto shareOf = [&](int part) {
        for (std::size_t l = layers_.size(); l-- > 0;)
            if (otherAt_[l]) otherAt_[l]->setGradientPart(received(l, x, {0, x.cols}), dOut_[l], part, parts);
    };
    if (parts == 1)
        shareOf(0);
    else
        team_->run(parts, shareOf);
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
void Network<S>::descend(const ConstColumns<S>& x, S rate, Factors factors) {
    shareInputs([&](std::size_t d, Index first, Index count) {
        dense_[d]->descend(factorOf(d, x, factors), factors.empty() ? nullptr : factors[d].shares,
                           dOut_[weightedPositions_[d]], rate, first, count);
    });
    for (const ParameterBlock& block : blocks_)
        if (!denseAt_[block.layer])
            kappascope::descend<S>(gradient_.segment(block.offset, block.shape.size()), rate,
                                   theta_.segment(block.offset, block.shape.size()));
}

// |sum_n d_in h_jn| <= N max|d| max|h| for every weight, N max|d| max|share| for every bias
template<class S>
double Network<S>::gradientBound(const ConstColumns<S>& x, Factors factors) {
    const auto n = static_cast<double>(x.cols);
    int used = 1;
    shareSamples(x.cols, 1, [&](Samples some, int part, int parts) {
        if (part == 0) used = parts;
        setLargest(some, part, x, factors);
    });
    const auto largestOf = [&](Index what) { // not maxCoeff(), which may overlook what is no number
        S most = 0;
        for (int part = 0; part < used; ++part)
            if (const S next = largest_(what, part); !(next <= most) && !std::isnan(most)) most = next;
        return static_cast<double>(most);
    };
    double bound = 0;
    for (std::size_t d = 0; d < dense_.size(); ++d) {
        if (!dense_[d]) continue;
        const Index first = 3 * static_cast<Index>(d);
        const double share = largestOf(first), input = largestOf(first + 1);
        const double delta = n * largestOf(first + 2);
        bound += delta * delta * static_cast<double>(dense_[d]->outputs()) *
                 (share * share + input * input * static_cast<double>(dense_[d]->inputs()));
    }
    for (const ParameterBlock& block : blocks_)
        if (!denseAt_[block.layer])
            bound += static_cast<double>(gradient_.segment(block.offset, block.shape.size()).squaredNorm());
    return bound;
}

/// largest_ of some samples.
template<class S>
void Network<S>::setLargest(Samples some, int part, const ConstColumns<S>& x, Factors factors) {
    for (std::size_t d = 0; d < dense_.size(); ++d) {
        if (!dense_[d]) continue;
        const Index first = 3 * static_cast<Index>(d);
        const S* shares = factors.empty() ? nullptr : factors[d].shares;
        largest_(first, part) = shares ? largest<S>({shares + some.first, some.count, 1, some.count}) : S(1);
        largest_(first + 1, part) = largest<S>(factorOf(d, x, factors).middleCols(some.first, some.count));
        largest_(first + 2, part) =
            largest<S>(dOut_[weightedPositions_[d]].middleCols(some.first, some.count));
    }
}

#define INSTANTIATE(S)                                                                                       \
    template MatrixRef<S> Network<S>::forward(const ConstColumns<S>&, Mode, std::size_t);                    \
    template void Network<S>::backward(const ConstColumns<S>&, const Columns<S>&);                           \
    template void Network<S>::propagate(const ConstColumns<S>&, const Columns<S>&);                          \
    template void Network<S>::setWeightGradients(const ConstColumns<S>&, Factors);                           \
    template void Network<S>::descend(const ConstColumns<S>&, S, Factors);                                   \
    template double Network<S>::gradientBound(const ConstColumns<S>&, Factors);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
