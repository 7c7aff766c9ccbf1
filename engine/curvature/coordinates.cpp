// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/coordinates.h"

namespace kappascope {

Coordinates::Coordinates(const Network<double>& network, Layers layers, Index batch,
                         const Optimizer<double>& optimizer)
    : size_(network.theta().size()), batch_(batch) {
    for (std::size_t d = 0; d < layers.size(); ++d) {
        if (!layers[d]) continue;
        const WeightedLayer<double>& layer = *network.weighted()[d];
        places_.push_back({std::move(layers[d]), layerRange(network, static_cast<int>(d)).offset,
                           layer.fanIn(), layer.outputChannels()});
    }
    Vector<double> diagonal(size_);
    const Metric metric = optimizer.metric(diagonal);
    if (metric == Metric::Unknown)
        undefined_ = "the optimizer has not seen a gradient yet";
    else if (metric == Metric::Diagonal)
        root_ = diagonal.cwiseSqrt();
}

/// apply(preconditioner, W, b) for the layers within `block`, whose vector is `part`.
template<class F>
void Coordinates::forEachLayer(VectorRef<double> part, ParameterRange block, F apply) const {
    for (const Place& place : places_) {
        if (place.offset < block.offset || place.offset >= block.offset + block.size) continue;
        double* begin = part.data() + place.offset - block.offset;
        MatrixMap<double> W(begin, place.outputs, place.inputs);
        VectorMap<double> b(begin + place.outputs * place.inputs, place.outputs);
        apply(*place.preconditioner, W, b);
    }
}

void Coordinates::timesRoot(VectorRef<double> part, ParameterRange block) const {
    if (root_.size() > 0) part.array() *= root_.segment(block.offset, block.size).array();
}

void Coordinates::toParameters(VectorRef<double> z) const {
    forEachLayer(z, {0, size_},
                 [this](const Preconditioner<double>& layer, MatrixRef<double> W, VectorRef<double> b) {
                     layer.toWeights(W, b, batch_);
                 });
    timesRoot(z, {0, size_});
}

void Coordinates::toCoordinates(VectorRef<double> g) const {
    toCoordinates(g, {0, size_});
}

void Coordinates::toCoordinates(VectorRef<double> part, ParameterRange block) const {
    timesRoot(part, block);
    forEachLayer(part, block,
                 [this](const Preconditioner<double>& layer, MatrixRef<double> W, VectorRef<double> b) {
                     layer.toCoordinates(W, b, batch_);
                 });
}

Matrix<double> Coordinates::preconditioned(Matrix<double> symmetric, ParameterRange block) const {
    if (identity()) return symmetric;
    for (int side = 0; side < 2; ++side) { // P^T A, then P^T (P^T A)^T = P^T A P
        for (Index j = 0; j < symmetric.cols(); ++j)
            toCoordinates(symmetric.col(j), block);
        symmetric.transposeInPlace();
    }
    return (symmetric + symmetric.transpose()) / 2;
}

void PreconditionedOperator::apply(ConstVectorRef<double> v, VectorRef<double> product) {
    work_ = v;
    P_->toParameters(work_);
    A_->apply(work_, product);
    P_->toCoordinates(product);
}

void BlockOperator::apply(ConstVectorRef<double> v, VectorRef<double> product) {
    v_.segment(range_.offset, range_.size) = v;
    A_->apply(v_, product_);
    product = product_.segment(range_.offset, range_.size);
}

} // namespace kappascope
