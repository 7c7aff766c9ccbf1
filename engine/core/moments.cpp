// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/moments.h"

// See product_kernels.cpp.
#define HWY_DISABLED_TARGETS (HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/core/moments.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// `vectors` vectors of features from `first` on.
template<int vectors, class D>
void measure(D d, const hn::TFromD<D>* h, Index stride, Index n, hn::TFromD<D>* mean,
             hn::TFromD<D>* variance) {
    using V = hn::Vec<D>;
    using S = hn::TFromD<D>;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    const V count = hn::Set(d, static_cast<S>(n));
    V mu[vectors], rest[vectors], squares[vectors];
    for (int v = 0; v < vectors; ++v)
        mu[v] = rest[v] = squares[v] = hn::Zero(d);
    for (Index j = 0; j < n; ++j)
        for (int v = 0; v < vectors; ++v)
            mu[v] = hn::Add(mu[v], hn::LoadU(d, h + v * lanes + j * stride));
    for (int v = 0; v < vectors; ++v)
        mu[v] = hn::Div(mu[v], count);
    for (Index j = 0; j < n; ++j)
        for (int v = 0; v < vectors; ++v) {
            const V deviation = hn::Sub(hn::LoadU(d, h + v * lanes + j * stride), mu[v]);
            rest[v] = hn::Add(rest[v], deviation);
            squares[v] = hn::MulAdd(deviation, deviation, squares[v]);
        }
    for (int v = 0; v < vectors; ++v) {
        rest[v] = hn::Div(rest[v], count);
        const V sigma2 = hn::NegMulAdd(rest[v], rest[v], hn::Div(squares[v], count));
        hn::StoreU(hn::Add(mu[v], rest[v]), d, mean + v * lanes);
        hn::StoreU(hn::IfThenElse(hn::Lt(sigma2, hn::Zero(d)), hn::Zero(d), sigma2), d, variance + v * lanes);
    }
}

/// In vectors of D, what is left over in shorter ones.
template<class D>
void measureFrom(D d, Index first, const hn::TFromD<D>* h, Index stride, Index rows, Index n,
                 hn::TFromD<D>* mean, hn::TFromD<D>* variance) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    constexpr int together = 4; // chains of sums, to hide the latency of an addition
    for (; first + together * lanes <= rows; first += together * lanes)
        measure<together>(d, h + first, stride, n, mean + first, variance + first);
    for (; first + lanes <= rows; first += lanes)
        measure<1>(d, h + first, stride, n, mean + first, variance + first);
    if constexpr (hn::MaxLanes(D()) > 1)
        if (first < rows) measureFrom(hn::Half<D>(), first, h, stride, rows, n, mean, variance);
}

void measureFloats(const float* h, Index stride, Index rows, Index n, float* mean, float* variance) {
    measureFrom(hn::ScalableTag<float>(), 0, h, stride, rows, n, mean, variance);
}

void measureDoubles(const double* h, Index stride, Index rows, Index n, double* mean, double* variance) {
    measureFrom(hn::ScalableTag<double>(), 0, h, stride, rows, n, mean, variance);
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kappascope {

HWY_EXPORT(measureFloats);
HWY_EXPORT(measureDoubles);

template<>
void measureMoments<float>(ConstMatrixRef<float> H, VectorRef<float> mean, VectorRef<float> variance) {
    HWY_DYNAMIC_DISPATCH(measureFloats)
    (H.data(), H.outerStride(), H.rows(), H.cols(), mean.data(), variance.data());
}

template<>
void measureMoments<double>(ConstMatrixRef<double> H, VectorRef<double> mean, VectorRef<double> variance) {
    HWY_DYNAMIC_DISPATCH(measureDoubles)
    (H.data(), H.outerStride(), H.rows(), H.cols(), mean.data(), variance.data());
}

} // namespace kappascope
#endif
