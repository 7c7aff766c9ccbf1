// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/network.h"

#include "engine/core/products.h"

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
        needsWholeBatch_.push_back(layers_[l]->couplesSamples(Mode::Training) ||
                                   (!denseAt_[l] && !layers_[l]->parameters().empty()));
    }
    if (dense_.empty()) throw std::logic_error("a network needs a dense layer");
    nameLayers();
    layOut();
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
    for (std::size_t l = 0; l < depth; ++l) {
        layers_[l]->reserve(batch);
        activations_[l].resize(layers_[l]->outputs(), batch);
        if (l > lowestTrained_ && !layers_[l]->backwardInPlace())
            deltas_[l].resize(layers_[l]->inputs(), batch);
    }
    dOut_.resize(depth);
}

/// Calls work(samples, part, parts) for all samples of a batch: at once, or a part for each thread.
template<class S>
template<class Work>
void Network<S>::shareSamples(Index n, const Work& work) {
    constexpr Index fewest = 8; // of a share; the order of sums changes below four
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
MatrixRef<S> Network<S>::forward(ConstMatrixRef<S> x, Mode mode, std::size_t depth) {
    const Index n = x.cols();
    if (mode == Mode::Evaluation) {
        forwardLayers(0, depth, x, mode, {0, n});
        return activations_[depth - 1].leftCols(n);
    }
    for (std::size_t begin = 0, end; begin < depth; begin = end) {
        end = begin + 1;
        if (needsWholeBatch_[begin]) {
            forwardLayers(begin, end, x, mode, {0, n});
            continue;
        }
        while (end < depth && !needsWholeBatch_[end])
            ++end;
        shareSamples(n, [&](Samples some, int part, int parts) {
            forwardLayers(begin, end, x, mode, some);
            for (std::size_t l = std::max(begin, lowestTrained_ + 1); l < end; ++l)
                if (denseAt_[l] && static_cast<int>(l) % parts == part) denseAt_[l]->prepare(n);
        });
    }
    return activations_[depth - 1].leftCols(n);
}

template<class S>
void Network<S>::forwardLayers(std::size_t begin, std::size_t end, ConstMatrixRef<S> x, Mode mode,
                               Samples some) {
    for (std::size_t l = begin; l < end; ++l)
        layers_[l]->forward(received(l, x, some), activations_[l].middleCols(some.first, some.count), mode);
}

template<class S>
void Network<S>::backward(ConstMatrixRef<S> x, MatrixRef<S> dz) {
    for (std::size_t d = 0; d < dense_.size(); ++d)
        if (densePositions_[d] > lowestTrained_) dense_[d]->prepare(x.cols());
    propagate(x, dz);
    setDenseGradients(x);
}

template<class S>
void Network<S>::propagate(ConstMatrixRef<S> x, MatrixRef<S> dz) {
    const Index n = x.cols();
    Delta delta{dz.data(), dz.rows(), dz.outerStride()};
    for (std::size_t l = layers_.size(); l-- > lowestTrained_;) {
        dOut_[l] = delta;
        Matrix<S>& dIn = deltas_[l];
        if (dIn.size() > 0) delta = {dIn.data(), dIn.rows(), dIn.rows()};
    }
    for (std::size_t end = layers_.size(), begin; end > lowestTrained_; end = begin) {
        begin = end - 1;
        if (needsWholeBatch_[begin]) {
            propagateLayers(begin, end, x, {0, n});
            continue;
        }
        while (begin > lowestTrained_ && !needsWholeBatch_[begin - 1])
            --begin;
        shareSamples(n, [&](Samples some, int, int) { propagateLayers(begin, end, x, some); });
    }
}

template<class S>
void Network<S>::propagateLayers(std::size_t begin, std::size_t end, ConstMatrixRef<S> x, Samples some) {
    for (std::size_t l = end; l-- > begin;) {
        auto dOut = dOut_[l].columns(some);
        if (l == lowestTrained_) { // nothing below learns
            if (!denseAt_[l])
                layers_[l]->backward(received(l, x, some), activations_[l].middleCols(some.first, some.count),
                                     dOut, nullptr);
            return;
        }
        MatrixRef<S> dIn(dOut_[l - 1].columns(some));
        if (denseAt_[l])
            denseAt_[l]->propagate(dOut, dIn, x.cols());
        else
            layers_[l]->backward(received(l, x, some), activations_[l].middleCols(some.first, some.count),
                                 dOut, &dIn);
    }
}

template<class S>
Eigen::Ref<const Matrix<S>> Network<S>::factorOf(std::size_t d, ConstMatrixRef<S> x, Factors factors) const {
    if (factors.empty() || !factors[d].inputs) return inputOf(densePositions_[d], x);
    return Eigen::Map<const Matrix<S>>(factors[d].inputs, dense_[d]->inputs(), x.cols());
}

template<class S>
void Network<S>::setDenseGradients(ConstMatrixRef<S> x, Factors factors) {
    shareInputs([&](std::size_t d, Index first, Index count) {
        dense_[d]->setGradient(factorOf(d, x, factors), factors.empty() ? nullptr : factors[d].shares,
                               dOut_[densePositions_[d]].columns({0, x.cols()}), first, count);
    });
}

template<class S>
void Network<S>::descend(ConstMatrixRef<S> x, S rate, Factors factors) {
    shareInputs([&](std::size_t d, Index first, Index count) {
        dense_[d]->descend(factorOf(d, x, factors), factors.empty() ? nullptr : factors[d].shares,
                           dOut_[densePositions_[d]].columns({0, x.cols()}), rate, first, count);
    });
    for (const ParameterBlock& block : blocks_)
        if (!denseAt_[block.layer])
            kappascope::descend<S>(gradient_.segment(block.offset, block.shape.size()), rate,
                                   theta_.segment(block.offset, block.shape.size()));
}

// |sum_n d_in h_jn| <= N max|d| max|h| for every weight, N max|d| max|share| for every bias
template<class S>
double Network<S>::gradientBound(ConstMatrixRef<S> x, Factors factors) const {
    const auto n = static_cast<double>(x.cols());
    double bound = 0;
    for (std::size_t d = 0; d < dense_.size(); ++d) {
        const S* shares = factors.empty() ? nullptr : factors[d].shares;
        const double share = shares ? largest<S>(Eigen::Map<const Matrix<S>>(shares, x.cols(), 1)) : S(1);
        const double input = largest<S>(factorOf(d, x, factors));
        const double delta = n * largest<S>(dOut_[densePositions_[d]].columns({0, x.cols()}));
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
