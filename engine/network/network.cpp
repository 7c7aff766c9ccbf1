// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/network.h"

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
        if (auto* dense = dynamic_cast<Dense<S>*>(layers_[l].get())) {
            dense_.push_back(dense);
            densePositions_.push_back(l);
        }
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
    activations_.resize(layers_.size());
    Index widest = 0;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        layers_[l]->reserve(batch);
        activations_[l].resize(layers_[l]->outputs(), batch);
        widest = std::max(widest, layers_[l]->inputs());
    }
    deltaA_.resize(widest * batch);
    deltaB_.resize(widest * batch);
}

template<class S>
MatrixRef<S> Network<S>::forward(ConstMatrixRef<S> x, Mode mode, std::size_t depth) {
    const Index n = x.cols();
    layers_.front()->forward(x, activations_.front().leftCols(n), mode);
    for (std::size_t l = 1; l < depth; ++l)
        layers_[l]->forward(activations_[l - 1].leftCols(n), activations_[l].leftCols(n), mode);
    return activations_[depth - 1].leftCols(n);
}

template<class S>
void Network<S>::backward(ConstMatrixRef<S> x, MatrixRef<S> dz) {
    const Index n = x.cols();
    S* delta = dz.data();
    Index stride = dz.outerStride();
    for (std::size_t l = layers_.size(); l-- > lowestTrained_;) {
        Layer<S>& layer = *layers_[l];
        using Delta = Eigen::Map<Matrix<S>, 0, Eigen::OuterStride<>>;
        Delta dOut(delta, layer.outputs(), n, Eigen::OuterStride<>(stride));
        if (l == lowestTrained_) { // nothing below learns
            layer.backward(inputOf(l, x), activations_[l].leftCols(n), dOut, nullptr);
            return;
        }
        if (!layer.backwardInPlace()) {
            delta = delta == deltaA_.data() ? deltaB_.data() : deltaA_.data();
            stride = layer.inputs();
        }
        MatrixRef<S> dIn(Delta(delta, layer.inputs(), n, Eigen::OuterStride<>(stride)));
        layer.backward(inputOf(l, x), activations_[l].leftCols(n), dOut, &dIn);
    }
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
