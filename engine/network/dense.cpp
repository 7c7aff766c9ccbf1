// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/dense.h"

#include "engine/core/share.h"

#include <algorithm>
#include <memory>

namespace kappascope {

namespace {

/// Those of ascending places that lie in a range, counted from its begin.
Places placesIn(std::span<const std::int32_t> places, Index first, Index count) {
    const auto begin = std::ranges::lower_bound(places, first);
    const auto end = std::lower_bound(begin, places.end(), first + count);
    return {std::to_address(begin), end - begin, first};
}

} // namespace

template<class S>
Dense<S>::Dense(Index inputs, Index outputs)
    : WeightedLayer<S>({.inputChannels = inputs, .outputs = outputs}), inputs_(inputs), outputs_(outputs),
      narrow_(isNarrow<S>(outputs)) {}

template<class S>
void Dense<S>::reserve(Index batch) {
    transposed_.resize(outputs_ * inputs_);
    if (inHalves()) second_.resize(outputs_, batch);
}

// a = W h + b
template<class S>
void Dense<S>::forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode) {
    apply(in, out, 0);
}

template<class S>
void Dense<S>::applyHalf(int half, const ConstColumns<S>& in, const Columns<S>& out, Index first,
                         Nonzero nonzero) {
    const auto [begin, count] = shareOf(inputs_, half, 2);
    const ConstColumns<S> W = weightColumns().middleCols(begin, count), h = in.middleRows(begin, count);
    const ConstColumns<S> none(nullptr, outputs_, 1, outputs_);
    const ConstColumns<S> b = half == 0 ? biasColumn() : none;
    const Columns<S> a = half == 0 ? out : Columns<S>(second_).middleCols(first, in.cols);
    if (nonzero)
        affine<S>(W, h, placesIn(*nonzero, begin, count), b, a);
    else
        affine<S>(W, h, b, a);
}

template<class S>
void Dense<S>::joinHalves(const Columns<S>& out, Index first) {
    const ConstColumns<S> second = Columns<S>(second_).middleCols(first, out.cols);
    if (out.gapless()) return add<S>(second, out);
    for (Index n = 0; n < out.cols; ++n)
        add<S>(second.middleCols(n, 1), out.middleCols(n, 1));
}

// dL/dW = dL/da h^T, dL/db = sum over the batch of dL/da, dL/dh = W^T dL/da
template<class S>
void Dense<S>::backward(ConstMatrixRef<S> in, ConstMatrixRef<S>, MatrixRef<S> dOut, MatrixRef<S>* dIn) {
    setGradient(in, nullptr, dOut, 0, inputs_);
    if (!dIn) return;
    prepare(dOut.cols());
    propagate(dOut, *dIn, dOut.cols());
}

template<class S>
void Dense<S>::prepare(Index n) {
    prepareProjection<S>(weightColumns(), n, {0, outputs_}, transposed_);
}

template<class S>
void Dense<S>::preparePart(Index n, int part, int parts) {
    prepareProjection<S>(weightColumns(), n, shareOf(outputs_, part, parts), transposed_);
}

template<class S>
void Dense<S>::propagate(const ConstColumns<S>& dOut, const Columns<S>& dIn, Index n) const {
    projectBack<S>(weightColumns(), transposed_, n, dOut, dIn);
}

template<class S>
void Dense<S>::setGradient(const ConstColumns<S>& inputs, const S* shares, const ConstColumns<S>& dOut,
                           Index first, Index count) {
    const Columns<S> G(gradient_ + first * outputs_, outputs_, count, outputs_);
    if (narrow_ && !shares && dOut.gapless())
        return narrowLayers<S>().gradient(
            {dOut.data, inputs.data + first, inputs.stride, 1, dOut.cols, count}, outputs_, G.data,
            first == 0 ? this->biasGradient().data() : nullptr);
    outerProduct<S>(dOut, inputs.middleRows(first, count), G);
    if (first == 0) sumColumns<S>(dOut, shares, this->biasGradient());
}

template<class S>
void Dense<S>::setGradientPart(const ConstColumns<S>& in, const ConstColumns<S>& dOut, int part, int parts) {
    const Index first = part * inputs_ / parts, count = (part + 1) * inputs_ / parts - first;
    if (count > 0) setGradient(in, nullptr, dOut, first, count);
}

template<class S>
void Dense<S>::descend(const ConstColumns<S>& inputs, const S* shares, const ConstColumns<S>& dOut, S rate,
                       Index first, Index count, Nonzero nonzero) {
    const Columns<S> W(theta_ + first * outputs_, outputs_, count, outputs_);
    const ConstColumns<S> h = inputs.middleRows(first, count);
    if (nonzero && inHalves())
        descendOuterProduct<S>(dOut, h, placesIn(*nonzero, first, count), rate, W);
    else
        descendOuterProduct<S>(dOut, h, rate, W);
    if (first == 0) descendColumns<S>(dOut, shares, rate, this->bias());
}

template<class S>
std::unique_ptr<Layer<float>> Dense<S>::copyAs(std::type_identity<float>) const {
    return std::make_unique<Dense<float>>(inputs_, outputs_);
}

template<class S>
std::unique_ptr<Layer<double>> Dense<S>::copyAs(std::type_identity<double>) const {
    return std::make_unique<Dense<double>>(inputs_, outputs_);
}

template class Dense<float>;
template class Dense<double>;

} // namespace kappascope
