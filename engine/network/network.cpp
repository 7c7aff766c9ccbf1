// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/network.h"

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
Network<S>::Network(std::vector<std::unique_ptr<Layer<S>>> layers, std::vector<Sources> sources)
    : layers_(std::move(layers)), sources_(std::move(sources)) {
    connect();
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        denseAt_.push_back(dynamic_cast<Dense<S>*>(layers_[l].get()));
        auto* weighted = dynamic_cast<WeightedLayer<S>*>(layers_[l].get());
        otherAt_.push_back(denseAt_[l] ? nullptr : weighted);
        hasOthers_ = hasOthers_ || otherAt_[l];
        if (weighted) {
            weighted_.push_back(weighted);
            weightedPositions_.push_back(l);
            dense_.push_back(denseAt_[l]);
        }
        const auto* activation = dynamic_cast<const ActivationLayer<S>*>(layers_[l].get());
        activationAt_.push_back(activation ? &activation->activation() : nullptr);
    }
    if (weighted_.empty()) throw std::logic_error("a network needs a layer with weights");
    nameLayers();
    layOut();
    cut();
    reserve(0);
    largest_.setZero(2 * static_cast<Index>(dense_.size()), parts_);
}

template<class S>
Network<S>::Network(const Network& other) : Network(copyLayers<S>(other), other.sources()) {
    theta_ = other.theta_;
    gradient_ = other.gradient_;
    reserve(other.reserved_);
}

template<class S>
template<class From>
Network<S>::Network(const Network<From>& other) : Network(copyLayers<S>(other), other.sources()) {
    theta_ = other.theta().template cast<S>();
    gradient_ = other.gradient().template cast<S>();
}

/// Completes and checks the sources.
template<class S>
void Network<S>::connect() {
    if (sources_.empty())
        for (std::size_t l = 0; l < layers_.size(); ++l)
            sources_.push_back({static_cast<int>(l) - 1});
    lastReceiver_.assign(layers_.size(), 0);
    const auto receive = [this](std::size_t l, int from) {
        const bool outer = from == Sources::networkInputs;
        if (from < Sources::networkInputs || from >= static_cast<int>(l))
            throw std::logic_error("a layer receives from one that does not come before it");
        const Index given = outer ? inputs() : layers_[static_cast<std::size_t>(from)]->outputs();
        if (layers_[l]->inputs() != given) throw std::logic_error("a layer does not fit the one before it");
        if (!outer) lastReceiver_[static_cast<std::size_t>(from)] = l;
    };
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        const auto [from, joined] = sources_[l];
        receive(l, from);
        if (joined != Sources::none) receive(l, joined);
        if (joined == from) throw std::logic_error("a join needs two layers");
    }
    for (std::size_t l = 0; l + 1 < layers_.size(); ++l)
        if (lastReceiver_[l] == 0) throw std::logic_error("nobody receives what a layer gives");
}

template<class S>
void Network<S>::nameLayers() {
    prefixes_.resize(layers_.size());
    weightedOf_.resize(layers_.size());
    int below = 0; // layers with weights below
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        const int from = sources_[l].from;
        const bool behindWeights =
            from >= 0 && dynamic_cast<WeightedLayer<S>*>(layers_[static_cast<std::size_t>(from)].get());
        const int last = static_cast<int>(weighted_.size()) - 1;
        if (dynamic_cast<WeightedLayer<S>*>(layers_[l].get())) {
            weightedOf_[l] = below++;
            prefixes_[l] = "layers." + std::to_string(weightedOf_[l]);
            continue;
        }
        weightedOf_[l] = behindWeights ? below - 1 : std::min(below, last);
        if (!hasTensors(*layers_[l])) continue;
        std::string& prefix = prefixes_[l] = "normalizations." + std::to_string(weightedOf_[l]);
        const auto same =
            std::find(prefixes_.begin(), prefixes_.begin() + static_cast<std::ptrdiff_t>(l), prefix);
        const auto earlier = static_cast<std::size_t>(same - prefixes_.begin());
        if (earlier == l) continue;
        if (earlier < weightedPositions_.front())
            prefixes_[earlier] = "normalizations.input";
        else
            throw std::logic_error("two normalizations between the same layers with weights");
    }
}

template<class S>
void Network<S>::layOut() {
    Index size = 0;
    lowestTrained_ = layers_.size();
    for (std::size_t l = 0; l < layers_.size(); ++l)
        for (const auto& shape : layers_[l]->parameters()) {
            lowestTrained_ = std::min(lowestTrained_, l);
            blocks_.push_back({prefixes_[l] + '.' + shape.name, l, weightedOf_[l], shape, size});
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

/// The passes of a narrow dense layer with the activation behind it: forward when that receives from it;
/// backward, down to the dense layer's results, when nobody else receives what the two give.
template<class S>
void Network<S>::fuseNarrow(std::size_t l) {
    const auto chained = [this](std::size_t k) {
        return k < layers_.size() && sources_[k] == Sources{static_cast<int>(k) - 1} &&
               std::ranges::count(sources_, static_cast<int>(k) - 1, &Sources::from) == 1 &&
               std::ranges::count(sources_, static_cast<int>(k) - 1, &Sources::joined) == 0;
    };
    if (!denseAt_[l] || l + 1 >= layers_.size() || !activationAt_[l + 1]) return;
    if (sources_[l + 1].from != static_cast<int>(l) || !isNarrow<S>(layers_[l]->outputs())) return;
    narrowAt_[l] = activationAt_[l + 1]->narrowPasses();
    if (!chained(l + 1) || !chained(l + 2)) narrowAt_[l].backward = nullptr;
}

template<class S>
void Network<S>::cut() {
    narrowAt_.resize(layers_.size());
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        fuseNarrow(l);
        const bool coupled = layers_[l]->couplesSamples(Mode::Training) && layers_[l]->sharedFeatures() > 0;
        const bool wholeBatch =
            !coupled && (layers_[l]->couplesSamples(Mode::Training) ||
                         (!denseAt_[l] && !otherAt_[l] && !layers_[l]->parameters().empty()));
        const Index fewest = denseAt_[l] ? fewestOfDense : 1;
        if (wholeBatch || coupled || segments_.empty() || segments_.back().wholeBatch ||
            (fewest > segments_.back().fewest && hasOthers_))
            segments_.push_back({l, l + 1, wholeBatch, coupled, fewest});
        segments_.back().end = l + 1;
        segments_.back().fewest = std::max(fewest, segments_.back().fewest);
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
        const auto [from, joined] = sources_[l];
        layers_[l]->reserve(batch);
        activations_[l].resize(layers_[l]->outputs(), batch);
        outputs_[l] = activations_[l];
        const bool join = joined != Sources::none;
        const bool own = join
                             ? learnsUpTo(joined) && lastToReceive(l, joined)
                             : learnsUpTo(from) && !(layers_[l]->backwardInPlace() && lastToReceive(l, from));
        deltas_[l].resize(layers_[l]->inputs(), own ? batch : 0);
    }
    dOut_.assign(depth, {}); // places change with the memory
    link();
}

template<class S>
Index Network<S>::multiplications() const {
    Index sum = 0;
    for (const WeightedLayer<S>* layer : weighted_)
        sum += layer->fanIn() * layer->outputs();
    return sum;
}

template<class S>
void Network<S>::setTeam(StepTeam* team) {
    team_ = team;
    if (!team || team->size() <= parts_) return;
    parts_ = team->size();
    for (WeightedLayer<S>* layer : weighted_)
        layer->reserveParts(parts_);
    largest_.setZero(largest_.rows(), parts_);
}

template<class S>
Eigen::Ref<const Matrix<S>> Network<S>::inputOf(std::size_t l, ConstMatrixRef<S> x) const {
    const int from = sources_[l].from;
    if (from < 0) return x;
    return activations_[static_cast<std::size_t>(from)].leftCols(x.cols());
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
