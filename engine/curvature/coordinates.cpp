// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/coordinates.h"

namespace kappascope {

Coordinates::Coordinates(const Network<double>& network, Layers layers, Index batch,
                         const Optimizer<double>& optimizer)
    : size_(network.theta().size()), batch_(batch) {
    for (std::size_t d = 0; d < layers.size(); ++d) {
        if (!layers[d]) continue;
        const Dense<double>& dense = *network.dense()[d];
        places_.push_back({std::move(layers[d]), denseRange(network, static_cast<int>(d)).offset,
                           dense.inputs(), dense.outputs()});
    }
    Vector<double> diagonal(size_);
    const Metric metric = optimizer.metric(diagonal);
    if (metric == Metric::Unknown)
        undefined_ = "the optimizer has not seen a gradient yet";
    else if (metric == Metric::Diagonal && !places_.empty())
        undefined_ =
            "the optimizer scales what the preconditioner returns: their product is not symmetric, so "
            "there is no PᵀHP";
    else if (metric == Metric::Diagonal)
        root_ = diagonal.cwiseSqrt();
}

template<class F>
void Coordinates::forEachLayer(VectorRef<double> vector, F apply) const {
    for (const Place& place : places_) {
        MatrixMap<double> W(vector.data() + place.offset, place.outputs, place.inputs);
        VectorMap<double> b(vector.data() + place.offset + place.outputs * place.inputs, place.outputs);
        apply(*place.preconditioner, W, b);
    }
}

void Coordinates::toParameters(VectorRef<double> z) const {
    forEachLayer(z, [this](const Preconditioner<double>& layer, MatrixRef<double> W, VectorRef<double> b) {
        layer.toWeights(W, b, batch_);
    });
    if (root_.size() > 0) z.array() *= root_.array();
}

void Coordinates::toCoordinates(VectorRef<double> g) const {
    forEachLayer(g, [this](const Preconditioner<double>& layer, MatrixRef<double> W, VectorRef<double> b) {
        layer.toCoordinates(W, b, batch_);
    });
    if (root_.size() > 0) g.array() *= root_.array();
}

Matrix<double> Coordinates::preconditioned(Matrix<double> symmetric) const {
    if (identity()) return symmetric;
    for (Index j = 0; j < symmetric.cols(); ++j) // P^T A
        toCoordinates(symmetric.col(j));
    symmetric.transposeInPlace(); // A P
    for (Index j = 0; j < symmetric.cols(); ++j)
        toCoordinates(symmetric.col(j));
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
