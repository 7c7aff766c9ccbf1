// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/products.h"
#include "engine/network/network.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

/// Calls work(samples, part) for all samples of a batch: at once, or a part for each thread.
template<class S>
template<class Work>
void Network<S>::shareSamples(Index n, Index fewest, const Work& work) {
    const Index parts = team_ ? std::min<Index>(team_->size(), n / fewest) : 1;
    if (parts <= 1) return work(Samples{0, n}, 0);
    team_->run(static_cast<int>(parts), [&](int part) { work(shareOneByOne(n, part, parts), part); });
}

/// Calls work(first, count) for all features of a layer: at once, or a part for each thread.
template<class S>
template<class Work>
void Network<S>::shareFeatures(Index features, const Work& work) {
    if (!team_) return work(0, features);
    team_->run(team_->size(), [&](int part) {
        const auto [first, count] = shareOf(features, part, team_->size());
        if (count > 0) work(first, count);
    });
}

template<class S>
MatrixRef<S> Network<S>::forward(const ConstColumns<S>& x, Mode mode, std::size_t depth) {
    const Index n = x.cols;
    mode_ = mode;
    halvesAreThere_ = mode == Mode::Training && sharesInputs(n);
    if (halvesAreThere_) forwardHalves(x);
    if (depth == layers_.size() && isChain(n)) {
        forwardChain(x);
        return activations_[depth - 1].leftCols(n);
    }
    if (mode == Mode::Evaluation && !team_) {
        forwardLayers(0, depth, x, mode, {0, n}, 0);
        return activations_[depth - 1].leftCols(n);
    }
    for (const Segment& segment : segments_) {
        std::size_t begin = segment.begin;
        const std::size_t end = std::min(segment.end, depth);
        if (begin >= end) break;
        if (segment.wholeBatch) {
            forwardLayers(begin, end, x, mode, {0, n}, 0);
            continue;
        }
        if (segment.coupled && sharesFeatures(begin)) {
            Layer<S>& layer = *layers_[begin];
            shareFeatures(layer.sharedFeatures(), [&](Index first, Index count) {
                layer.measureFeatures(received(begin, x, {0, n}), first, count);
            });
        } else if (segment.coupled && team_) {
            forwardLayers(begin, begin + 1, x, mode, {0, n}, 0);
            ++begin;
        }
        shareSamples(n, segment.fewest,
                     [&](Samples some, int part) { forwardLayers(begin, end, x, mode, some, part); });
    }
    return activations_[depth - 1].leftCols(n);
}

template<class S>
MatrixRef<S> Network<S>::forward(const ConstColumns<S>& x, Mode mode, Nonzero nonzero) {
    nonzero_ = nonzero;
    const MatrixRef<S> z = forward(x, mode, depth());
    nonzero_ = nullptr;
    return z;
}

template<class S>
bool Network<S>::sharesInputs(Index n) const {
    const int threads = team_ ? team_->size() : 1;
    return threads % 2 == 0 && denseAt_.front() && denseAt_.front()->inHalves() &&
           n >= threads / 2 * fewestOfDense;
}

/// The sums of the first layer, half of its inputs by each half of the threads.
template<class S>
void Network<S>::forwardHalves(const ConstColumns<S>& x) {
    const int groups = team_->size() / 2;
    team_->run(2 * groups, [&](int part) {
        const Samples some = shareOneByOne(x.cols, part % groups, groups);
        denseAt_.front()->applyHalf(part / groups, received(0, x, some), given(0, some), some.first,
                                    nonzero_);
    });
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
        } else if (l == 0 && halvesAreThere_)
            denseAt_[l]->joinHalves(out, some.first);
        else if (denseAt_[l])
            denseAt_[l]->apply(in, out, some.first, l == 0 ? nonzero_ : nullptr);
        else if (activationAt_[l])
            activationAt_[l]->apply(in, out);
        else if (otherAt_[l])
            otherAt_[l]->forwardPart(in, out, part);
        else if (const int joined = sources_[l].joined; joined >= 0)
            out.matrix() = in.matrix() + given(static_cast<std::size_t>(joined), some).matrix();
        else if (sharesFeatures(l))
            layers_[l]->forwardSamples(in, out);
        else
            layers_[l]->forward(in.matrix(), out.matrix(), mode);
    }
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
    std::size_t end = layers_.size(); // of the layers that are left
    for (std::size_t s = segments_.size(); s-- > 0 && segments_[s].end > lowestTrained_;) {
        const Segment& segment = segments_[s];
        const std::size_t begin = std::max(segment.begin, lowestTrained_);
        const bool coupled = segment.coupled && begin == segment.begin && team_;
        const std::size_t first = segment.wholeBatch ? segment.end : coupled ? begin + 1 : begin;
        if (first < end)
            shareSamples(n, segment.fewest,
                         [&](Samples some, int part) { propagateLayers(first, end, x, some, part); });
        end = first;
        if (coupled && sharesFeatures(begin)) { // its samples with the layers below
            setGradientOfFeatures(begin, x);
        } else if (begin < end) {
            propagateLayers(begin, end, x, {0, n}, 0);
            end = begin;
        }
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
            if (!denseAt_[l] && !otherAt_[l] && !sharesFeatures(l))
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
        } else if (sharesFeatures(l)) {
            layers_[l]->backwardSamples(in, dOut, x.cols, dIn);
        } else {
            MatrixRef<S> received(dIn.matrix());
            layers_[l]->backward(in.matrix(), out.matrix(), dOut.matrix(), &received);
        }
        if (!first) dOut_[from].middleCols(some.first, some.count).matrix() += dIn.matrix();
    }
}

/// Of a layer that couples the samples, before its samples go back.
template<class S>
void Network<S>::setGradientOfFeatures(std::size_t l, const ConstColumns<S>& x) {
    Layer<S>& layer = *layers_[l];
    const ConstColumns<S> in = received(l, x, {0, x.cols});
    shareFeatures(layer.sharedFeatures(),
                  [&](Index first, Index count) { layer.setGradientOfFeatures(in, dOut_[l], first, count); });
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

#define INSTANTIATE(S)                                                                                       \
    template MatrixRef<S> Network<S>::forward(const ConstColumns<S>&, Mode, std::size_t);                    \
    template MatrixRef<S> Network<S>::forward(const ConstColumns<S>&, Mode, Nonzero);                        \
    template bool Network<S>::sharesInputs(Index) const;                                                     \
    template void Network<S>::backward(const ConstColumns<S>&, const Columns<S>&);                           \
    template void Network<S>::propagate(const ConstColumns<S>&, const Columns<S>&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
