// SPDX-License-Identifier: GPL-3.0-or-later
// The gradient of a convolution's weights:
//   dL/dW(o, tap, c) = sum over samples and positions of dL/da(o, y, x) h(c, window), dL/db = sum of dL/da.
#include "engine/network/conv2d.h"

namespace kappascope {

template<class S>
void Conv2d<S>::backward(ConstMatrixRef<S> in, ConstMatrixRef<S>, MatrixRef<S> dOut, MatrixRef<S>* dIn) {
    gradientOf(in, dOut, gradient_);
    if (!dIn) return;
    prepare(dOut.cols());
    propagatePart(dOut, *dIn, dOut.cols(), 0);
}

template<class S>
Index Conv2d<S>::heightOfSum() const {
    const Index vector = convolutionKernels<S>().vector;
    return (unitsOfGroup() + vector - 1) / vector * vector;
}

namespace {

/// Samples of the sum `sum` of so many.
template<class S>
Columns<S> samplesOf(const Columns<S>& batch, Index sum, Index sums) {
    const Index first = sum * batch.cols / sums;
    return batch.middleCols(first, (sum + 1) * batch.cols / sums - first);
}

} // namespace

template<class S>
void Conv2d<S>::gradientOf(const ConstColumns<S>& in, const ConstColumns<S>& dOut, S* gradient) {
    const Index sums = sumsOf(in.cols);
    for (Index sum = 0; sum < sums; ++sum)
        correlate(samplesOf(in, sum, sums), samplesOf(dOut, sum, sums), 0, this->fanIn(), sum, room(0));
    collect(sums, 0, this->fanIn(), gradient);
}

template<class S>
void Conv2d<S>::setGradientPart(const ConstColumns<S>& in, const ConstColumns<S>& dOut, int part, int parts) {
    const auto share = [part, parts](Index all) {
        const Index first = part * all / parts;
        return std::pair(first, (part + 1) * all / parts - first);
    };
    if (sharedSums_ == 1) {
        const auto [first, count] = share(this->fanIn());
        if (count == 0) return;
        correlate(in, dOut, first, count, 0, room(part));
        return collect(1, first, count, gradient_);
    }
    const Index sums = sumsOf(in.cols);
    const auto [first, count] = share(sums);
    if (count == 0) return;
    for (Index sum = first; sum < first + count; ++sum)
        correlate(samplesOf(in, sum, sums), samplesOf(dOut, sum, sums), 0, this->fanIn(), sum, room(part));
    if (finishedSums_.fetch_add(count, std::memory_order_acq_rel) + count < sums) return;
    finishedSums_.store(0, std::memory_order_relaxed);
    collect(sums, 0, this->fanIn(), gradient_);
}

/// Sets the terms first, ..., first + count - 1 of a sum, and with first = 0 also the bias.
template<class S>
void Conv2d<S>::correlate(const ConstColumns<S>& in, const ConstColumns<S>& dOut, Index first, Index count,
                          Index sum, S* room) {
    const auto& kernels = convolutionKernels<S>();
    const Index units = unitsOfGroup(), height = heightOfSum(), channels = out_.channels;
    S* copy = room + CacheLines<S>::whole(framedIn_.size());
    const bool overhangs = units != height; // what is read behind the last sample may belong to nobody
    framedIn_.clear(room);
    for (Index g = 0; g < this->groups(); ++g) {
        S* G = sums_.data() + sum * CacheLines<S>::whole(sizeOfSum()) + g * height * (this->fanIn() + 1);
        S* bias = G + height * this->fanIn();
        std::fill_n(G + first * height, count * height, S(0));
        if (first == 0) std::fill_n(bias, height, S(0));
        for (Index n = 0; n < in.cols; ++n) {
            const S* sample = dOut.data + n * dOut.stride;
            if (overhangs && n == in.cols - 1) {
                std::fill_n(std::copy_n(sample, out_.features(), copy), kernels.vector, S(0));
                sample = copy;
            }
            const MapView<const S> map{sample + g * units, channels, out_.width * channels};
            Windows<S> windows = windowsOn(framedIn_.place(in.data + n * in.stride, room));
            windows.in += g * channelsOfGroup();
            joinRows(windows, map);
            kernels.correlate(windows, map, units, first, count, G, height);
            if (first == 0) kernels.sum(map.data, channels, out_.positions(), units, bias);
        }
    }
}

/// The gradient of the same parameters from all sums, in their order.
template<class S>
void Conv2d<S>::collect(Index sums, Index first, Index count, S* gradient) {
    const Index units = unitsOfGroup(), height = heightOfSum(), fanIn = this->fanIn();
    VectorMap<S> total(sums_.data(), sizeOfSum());
    for (Index sum = 1; sum < sums; ++sum) // all parameters: only then are there several
        total += VectorMap<S>(sums_.data() + sum * CacheLines<S>::whole(sizeOfSum()), sizeOfSum());
    for (Index g = 0; g < this->groups(); ++g) {
        const S* G = sums_.data() + g * height * (fanIn + 1);
        for (Index k = first; k < first + count; ++k)
            std::copy_n(G + k * height, units, gradient + g * units + k * out_.channels);
        if (first == 0) std::copy_n(G + fanIn * height, units, gradient + g * units + fanIn * out_.channels);
    }
}

#define INSTANTIATE(S)                                                                                       \
    template void Conv2d<S>::backward(ConstMatrixRef<S>, ConstMatrixRef<S>, MatrixRef<S>, MatrixRef<S>*);    \
    template Index Conv2d<S>::heightOfSum() const;                                                           \
    template void Conv2d<S>::gradientOf(const ConstColumns<S>&, const ConstColumns<S>&, S*);                 \
    template void Conv2d<S>::setGradientPart(const ConstColumns<S>&, const ConstColumns<S>&, int, int);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
