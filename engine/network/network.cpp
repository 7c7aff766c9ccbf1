// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/network.h"

#include "engine/core/products.h"
#include "engine/network/activation_layer.h"

#include <algorithm>
#include <stdexcept>

namespace kappascope {

namespace {

template<class S>
bool hasTensors(Layer<S>& layer) {
    return !layer.parameters().empty() || !layer.buffers().empty();
}

template<class To, class From>
std::vector<std::unique_ptr<Layer<To>>> copyLayers(const Network<From>& network) {
    std::vector<std::unique_ptr<Layer<To>>> layers;
    for (std::size_t l = 0; l < network.depth(); ++l)
        layers.push_back(network.layer(l).copyAs(std::type_identity<To>{}));
    return layers;
}

} // namespace

template<class S>
Network<S>::Network(std::vector<std::unique_ptr<Layer<S>>> layers) : layers_(std::move(layers)) {
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        if (l > 0 && layers_[l]->inputs() != layers_[l - 1]->outputs())
            throw std::logic_error("a layer does not fit the one before it");
        denseAt_.push_back(dynamic_cast<Dense<S>*>(layers_[l].get()));
        if (denseAt_[l]) {
            dense_.push_back(denseAt_[l]);
            densePositions_.push_back(l);
        }
        const auto* activation = dynamic_cast<const ActivationLayer<S>*>(layers_[l].get());
        activationAt_.push_back(activation ? &activation->activation() : nullptr);
    }
    if (dense_.empty()) throw std::logic_error("a network needs a dense layer");
    nameLayers();
    layOut();
    cut();
    reserve(0);
}

template<class S>
Network<S>::Network(const Network& other) : Network(copyLayers<S>(other)) {
    theta_ = other.theta_;
    gradient_ = other.gradient_;
    reserve(other.reserved_);
}

template<class S>
template<class From>
Network<S>::Network(const Network<From>& other) : Network(copyLayers<S>(other)) {
    theta_ = other.theta().template cast<S>();
    gradient_ = other.gradient().template cast<S>();
}

template<class S>
void Network<S>::nameLayers() {
    prefixes_.resize(layers_.size());
    denseOf_.resize(layers_.size());
    int below = 0; // dense layers below
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        const bool behindDense = l > 0 && dynamic_cast<Dense<S>*>(layers_[l - 1].get());
        const int last = static_cast<int>(dense_.size()) - 1;
        if (dynamic_cast<Dense<S>*>(layers_[l].get())) {
            denseOf_[l] = below++;
            prefixes_[l] = "layers." + std::to_string(denseOf_[l]);
            continue;
        }
        denseOf_[l] = behindDense ? below - 1 : std::min(below, last);
        if (!hasTensors(*layers_[l])) continue;
        std::string& prefix = prefixes_[l] = "normalizations." + std::to_string(denseOf_[l]);
        const auto same =
            std::find(prefixes_.begin(), prefixes_.begin() + static_cast<std::ptrdiff_t>(l), prefix);
        const auto earlier = static_cast<std::size_t>(same - prefixes_.begin());
        if (earlier == l) continue;
        if (earlier < densePositions_.front())
            prefixes_[earlier] = "normalizations.input";
        else
            throw std::logic_error("two normalizations between the same dense layers");
    }
}

template<class S>
void Network<S>::layOut() {
    Index size = 0;
    lowestTrained_ = layers_.size();
    for (std::size_t l = 0; l < layers_.size(); ++l)
        for (const auto& shape : layers_[l]->parameters()) {
            lowestTrained_ = std::min(lowestTrained_, l);
            blocks_.push_back({prefixes_[l] + '.' + shape.name, l, denseOf_[l], shape, size});
            size += shape.size();
        }
    theta_.setZero(size);
    gradient_.setZero(size);
    Index offset = 0;
    for (auto& layer : layers_) {
        layer->bind(theta_.data() + offset, gradient_.data() + offset);
        for (const auto& shape : layer->parameters())
            offset += shape.size();
    }
}

template<class S>
void Network<S>::cut() {
    narrowAt_.resize(layers_.size());
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        if (denseAt_[l] && l + 1 < layers_.size() && activationAt_[l + 1] &&
            isNarrow<S>(layers_[l]->outputs()))
            narrowAt_[l] = activationAt_[l + 1]->narrowPasses();
        const bool wholeBatch =
            layers_[l]->couplesSamples(Mode::Training) || (!denseAt_[l] && !layers_[l]->parameters().empty());
        if (!wholeBatch && !segments_.empty() && !segments_.back().wholeBatch)
            segments_.back().end = l + 1;
        else
            segments_.push_back({l, l + 1, wholeBatch});
    }
}

template<class S>
std::vector<typename Network<S>::NamedBuffer> Network<S>::buffers() {
    std::vector<NamedBuffer> all;
    for (std::size_t l = 0; l < layers_.size(); ++l)
        for (auto& buffer : layers_[l]->buffers())
            all.push_back({prefixes_[l] + '.' + buffer.shape.name, buffer});
    return all;
}

template<class S>
void Network<S>::reserve(Index batch) {
    reserved_ = batch;
    const std::size_t depth = layers_.size();
    activations_.resize(depth);
    deltas_.resize(depth);
    outputs_.resize(depth);
    for (std::size_t l = 0; l < depth; ++l) {
        layers_[l]->reserve(batch);
        activations_[l].resize(layers_[l]->outputs(), batch);
        outputs_[l] = activations_[l];
        if (l > lowestTrained_ && !layers_[l]->backwardInPlace())
            deltas_[l].resize(layers_[l]->inputs(), batch);
    }
    dOut_.resize(depth);
}

/// Calls work(samples, part, parts) for all samples of a batch: at once, or a part for each thread.
template<class S>
template<class Work>
void Network<S>::shareSamples(Index n, const Work& work) {
    constexpr Index fewest = 8; // of a share; the order of sums changes below seven
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

template<class S>
MatrixRef<S> Network<S>::forward(const ConstColumns<S>& x, Mode mode, std::size_t depth) {
    const Index n = x.cols;
    if (mode == Mode::Evaluation) {
        forwardLayers(0, depth, x, mode, {0, n});
        return activations_[depth - 1].leftCols(n);
    }
    for (const Segment& segment : segments_) {
        const std::size_t begin = segment.begin, end = std::min(segment.end, depth);
        if (begin >= end) break;
        if (segment.wholeBatch) {
            forwardLayers(begin, end, x, mode, {0, n});
            continue;
        }
        shareSamples(n, [&](Samples some, int part, int parts) {
            forwardLayers(begin, end, x, mode, some);
            for (std::size_t l = std::max(begin, lowestTrained_ + 1); l < end; ++l)
                if (denseAt_[l] && static_cast<int>(l) % parts == part) denseAt_[l]->prepare(n);
        });
    }
    return activations_[depth - 1].leftCols(n);
}

template<class S>
void Network<S>::forwardLayers(std::size_t begin, std::size_t end, const ConstColumns<S>& x, Mode mode,
                               Samples some) {
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
        else
            layers_[l]->forward(in.matrix(), out.matrix(), mode);
    }
}

template<class S>
void Network<S>::backward(const ConstColumns<S>& x, const Columns<S>& dz) {
    for (std::size_t d = 0; d < dense_.size(); ++d)
        if (densePositions_[d] > lowestTrained_) dense_[d]->prepare(x.cols);
    propagate(x, dz);
    setDenseGradients(x);
}

template<class S>
void Network<S>::propagate(const ConstColumns<S>& x, const Columns<S>& dz) {
    const Index n = x.cols;
    Columns<S> delta = dz;
    for (std::size_t l = layers_.size(); l-- > lowestTrained_;) {
        dOut_[l] = delta;
        Matrix<S>& dIn = deltas_[l];
        if (dIn.size() > 0) delta = dIn.leftCols(n);
    }
    for (std::size_t s = segments_.size(); s-- > 0 && segments_[s].end > lowestTrained_;) {
        const std::size_t begin = std::max(segments_[s].begin, lowestTrained_), end = segments_[s].end;
        if (segments_[s].wholeBatch)
            propagateLayers(begin, end, x, {0, n});
        else
            shareSamples(n, [&](Samples some, int, int) { propagateLayers(begin, end, x, some); });
    }
}

template<class S>
void Network<S>::propagateLayers(std::size_t begin, std::size_t end, const ConstColumns<S>& x, Samples some) {
    for (std::size_t l = end; l-- > begin;) {
        const ConstColumns<S> in = received(l, x, some), out = given(l, some);
        const Columns<S> dOut = dOut_[l].middleCols(some.first, some.count);
        if (l == lowestTrained_) { // nothing below learns
            if (!denseAt_[l]) layers_[l]->backward(in.matrix(), out.matrix(), dOut.matrix(), nullptr);
            return;
        }
        const Columns<S> dIn = dOut_[l - 1].middleCols(some.first, some.count);
        const bool narrow = denseAt_[l] && l >= begin + 2 && narrowAt_[l - 2].backward;
        if (narrow && !products::byDots(denseAt_[l]->outputs(), x.cols)) {
            denseAt_[l]->propagate(narrowAt_[l - 2], dOut, in, dIn);
            --l;
        } else if (denseAt_[l]) {
            denseAt_[l]->propagate(dOut, dIn, x.cols);
        } else if (activationAt_[l]) { // in place
            activationAt_[l]->multiplyDerivative(in, out, dIn);
        } else {
            MatrixRef<S> received(dIn.matrix());
            layers_[l]->backward(in.matrix(), out.matrix(), dOut.matrix(), &received);
        }
    }
}

template<class S>
ConstColumns<S> Network<S>::factorOf(std::size_t d, const ConstColumns<S>& x, Factors factors) const {
    if (factors.empty() || !factors[d].inputs) return received(densePositions_[d], x, {0, x.cols});
    return {factors[d].inputs, dense_[d]->inputs(), x.cols, dense_[d]->inputs()};
}

template<class S>
void Network<S>::setDenseGradients(const ConstColumns<S>& x, Factors factors) {
    shareInputs([&](std::size_t d, Index first, Index count) {
        dense_[d]->setGradient(factorOf(d, x, factors), factors.empty() ? nullptr : factors[d].shares,
                               dOut_[densePositions_[d]], first, count);
    });
}

template<class S>
void Network<S>::descend(const ConstColumns<S>& x, S rate, Factors factors) {
    shareInputs([&](std::size_t d, Index first, Index count) {
        dense_[d]->descend(factorOf(d, x, factors), factors.empty() ? nullptr : factors[d].shares,
                           dOut_[densePositions_[d]], rate, first, count);
    });
    for (const ParameterBlock& block : blocks_)
        if (!denseAt_[block.layer])
            kappascope::descend<S>(gradient_.segment(block.offset, block.shape.size()), rate,
                                   theta_.segment(block.offset, block.shape.size()));
}

// |sum_n d_in h_jn| <= N max|d| max|h| for every weight, N max|d| max|share| for every bias
template<class S>
double Network<S>::gradientBound(const ConstColumns<S>& x, Factors factors) const {
    const auto n = static_cast<double>(x.cols);
    double bound = 0;
    for (std::size_t d = 0; d < dense_.size(); ++d) {
        const S* shares = factors.empty() ? nullptr : factors[d].shares;
        const double share = shares ? largest<S>({shares, x.cols, 1, x.cols}) : S(1);
        const double input = largest<S>(factorOf(d, x, factors));
        const double delta = n * largest<S>(dOut_[densePositions_[d]]);
        bound += delta * delta * static_cast<double>(dense_[d]->outputs()) *
                 (share * share + input * input * static_cast<double>(dense_[d]->inputs()));
    }
    for (const ParameterBlock& block : blocks_)
        if (!denseAt_[block.layer])
            bound += static_cast<double>(gradient_.segment(block.offset, block.shape.size()).squaredNorm());
    return bound;
}

template<class S>
Eigen::Ref<const Matrix<S>> Network<S>::inputOf(std::size_t l, ConstMatrixRef<S> x) const {
    if (l == 0) return x;
    return activations_[l - 1].leftCols(x.cols());
}

template<class S>
Eigen::Ref<const Matrix<S>> Network<S>::outputOf(std::size_t l, Index n) const {
    return activations_[l].leftCols(n);
}

template class Network<float>;
template class Network<double>;
template Network<float>::Network(const Network<double>&);
template Network<double>::Network(const Network<float>&);

} // namespace kappascope
