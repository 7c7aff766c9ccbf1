// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/moments.h"

#include <algorithm>
#include <type_traits>

#include "engine/core/vector_targets.h" // before Highway
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/core/moments.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Where some vectors of features begin: one behind the other, but the last one so early that it ends with
/// the last feature. Features that two of them share are computed twice, to the same bits.
template<int vectors>
struct Block {
    static constexpr int count = vectors;
    Index begin[vectors];

    Block(Index first, Index lanes, Index rows) {
        for (int v = 0; v < vectors; ++v)
            begin[v] = std::min(first + v * lanes, rows - lanes);
    }
};

/// Calls f(d, block) for all features. Two to four chains of sums, to hide the latency of an addition: with
/// single vectors for what a matrix of 100 rows leaves over, batch normalization took half as long again.
/// (And a vector that begins early is never alone, since f may write where others read.)
template<class D, class F>
HWY_INLINE void forBlocks(D d, Index rows, const F& f) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    if constexpr (hn::MaxLanes(D()) > 1)
        if (rows < lanes) return forBlocks(hn::Half<D>(), rows, f);
    for (Index first = 0; first < rows;) {
        const Index left = (rows - first + lanes - 1) / lanes;
        const auto take = [&](auto vectors) HWY_ATTR {
            f(d, Block<vectors>(first, lanes, rows));
            first += vectors * lanes;
        };
        if (left == 1)
            take(std::integral_constant<int, 1>());
        else if (left == 2)
            take(std::integral_constant<int, 2>());
        else if (left == 3 || left == 5)
            take(std::integral_constant<int, 3>());
        else
            take(std::integral_constant<int, 4>());
    }
}

/// Mean and variance of `vectors` vectors of features.
template<int vectors, class D>
HWY_INLINE void measure(D d, const Block<vectors>& block, const hn::TFromD<D>* h, Index stride, Index n,
                        hn::Vec<D>* mean, hn::Vec<D>* variance) {
    using V = hn::Vec<D>;
    using S = hn::TFromD<D>;
    const V count = hn::Set(d, static_cast<S>(n));
    V mu[vectors], rest[vectors], squares[vectors];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v)
        mu[v] = rest[v] = squares[v] = hn::Zero(d);
    for (Index j = 0; j < n; ++j)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            const auto* next = h + block.begin[v] + j * stride;
            mu[v] = hn::Add(mu[v], hn::LoadU(d, next));
            __builtin_prefetch(next + vectors * hn::Lanes(d)); // of the next block: strides are long
        }
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v)
        mu[v] = hn::Div(mu[v], count);
    for (Index j = 0; j < n; ++j)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            const V deviation = hn::Sub(hn::LoadU(d, h + block.begin[v] + j * stride), mu[v]);
            rest[v] = hn::Add(rest[v], deviation);
            squares[v] = hn::MulAdd(deviation, deviation, squares[v]);
        }
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) {
        rest[v] = hn::Div(rest[v], count);
        const V sigma2 = hn::NegMulAdd(rest[v], rest[v], hn::Div(squares[v], count));
        mean[v] = hn::Add(mu[v], rest[v]);
        variance[v] = hn::IfThenElse(hn::Lt(sigma2, hn::Zero(d)), hn::Zero(d), sigma2);
    }
}

template<class S>
void measureAll(ConstColumns<S> H, S* mean, S* variance) {
    forBlocks(hn::ScalableTag<S>(), H.rows, [&](auto d, const auto& block) HWY_ATTR {
        constexpr int vectors = std::decay_t<decltype(block)>::count;
        hn::Vec<decltype(d)> mu[vectors], sigma2[vectors];
        measure<vectors>(d, block, H.data, H.stride, H.cols, mu, sigma2);
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            hn::StoreU(mu[v], d, mean + block.begin[v]);
            hn::StoreU(sigma2[v], d, variance + block.begin[v]);
        }
    });
}

/// What moments.h calls gamma, beta, mean and scale, of `vectors` vectors of features.
template<int vectors, class D>
struct Normalizer {
    hn::Vec<D> gamma[vectors], beta[vectors], mu[vectors], scale[vectors];

    HWY_INLINE Normalizer(D d, const Block<vectors>& block, const BatchNormalization<hn::TFromD<D>>& at) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            gamma[v] = hn::LoadU(d, at.gamma + block.begin[v]);
            beta[v] = hn::LoadU(d, at.beta + block.begin[v]);
            mu[v] = hn::LoadU(d, at.mean + block.begin[v]);
            scale[v] = hn::LoadU(d, at.scale + block.begin[v]);
        }
    }
};

/// gamma x^ + beta of all samples of H.
template<int vectors, class D, class S>
HWY_INLINE void normalizeBlock(D d, const Block<vectors>& block, const Normalizer<vectors, D>& by,
                               ConstColumns<S> H, Columns<S> out) {
    for (Index j = 0; j < H.cols; ++j)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            const Index i = block.begin[v];
            const auto deviation = hn::Sub(hn::LoadU(d, H.data + i + j * H.stride), by.mu[v]);
            const auto normalized = hn::Mul(deviation, by.scale[v]);
            hn::StoreU(hn::MulAdd(normalized, by.gamma[v], by.beta[v]), d, out.data + i + j * out.stride);
        }
}

template<class S>
void applyNormalizationTo(ConstColumns<S> H, const BatchNormalization<S>& at, Columns<S> out) {
    forBlocks(hn::ScalableTag<S>(), H.rows, [&](auto d, const auto& block) HWY_ATTR {
        constexpr int vectors = std::decay_t<decltype(block)>::count;
        normalizeBlock(d, block, Normalizer<vectors, decltype(d)>(d, block, at), H, out);
    });
}

template<class S>
void normalizeAll(ConstColumns<S> H, S epsilon, const BatchNormalization<S>& at, Columns<S> out) {
    forBlocks(hn::ScalableTag<S>(), H.rows, [&](auto d, const auto& block) HWY_ATTR {
        constexpr int vectors = std::decay_t<decltype(block)>::count;
        hn::Vec<decltype(d)> mu[vectors], sigma2[vectors];
        measure<vectors>(d, block, H.data, H.stride, H.cols, mu, sigma2);
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            const Index i = block.begin[v];
            const auto scale = hn::Div(hn::Set(d, S(1)), hn::Sqrt(hn::Add(sigma2[v], hn::Set(d, epsilon))));
            hn::StoreU(mu[v], d, at.mean + i);
            hn::StoreU(sigma2[v], d, at.variance + i);
            hn::StoreU(scale, d, at.scale + i);
        }
        if (out.data) normalizeBlock(d, block, Normalizer<vectors, decltype(d)>(d, block, at), H, out);
    });
}

/// dIn of all samples of H and D, some of n; products and sums: dGamma and dBeta.
template<int vectors, class D, class S>
HWY_INLINE void propagateBlock(D d, const Block<vectors>& block, ConstColumns<S> H, ConstColumns<S> given,
                               const BatchNormalization<S>& at, const hn::Vec<D>* products,
                               const hn::Vec<D>* sums, Index n, Columns<S> dIn) {
    const Normalizer<vectors, D> by(d, block, at);
    hn::Vec<D> factor[vectors];
    const auto share = hn::Set(d, S(1) / static_cast<S>(n));
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v)
        factor[v] = hn::Mul(by.gamma[v], by.scale[v]);
    for (Index j = 0; j < given.cols; ++j) {
        hn::Vec<D> centred[vectors];
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            const Index i = block.begin[v];
            const auto deviation = hn::Sub(hn::LoadU(d, H.data + i + j * H.stride), by.mu[v]);
            const auto mean = hn::MulAdd(hn::Mul(deviation, by.scale[v]), products[v], sums[v]);
            centred[v] = hn::NegMulAdd(share, mean, hn::LoadU(d, given.data + i + j * given.stride));
        }
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) // last, since dIn may be D
            hn::StoreU(hn::Mul(factor[v], centred[v]), d, dIn.data + block.begin[v] + j * dIn.stride);
    }
}

template<class S>
void propagateAll(ConstColumns<S> H, ConstColumns<S> D, const BatchNormalization<S>& at, S* dGamma, S* dBeta,
                  Columns<S> dIn) {
    forBlocks(hn::ScalableTag<S>(), D.rows, [&](auto d, const auto& block) HWY_ATTR {
        constexpr int vectors = std::decay_t<decltype(block)>::count;
        hn::Vec<decltype(d)> products[vectors], sums[vectors], mu[vectors], scale[vectors];
        const auto normalized = [&](int v, Index j) HWY_ATTR {
            return hn::Mul(hn::Sub(hn::LoadU(d, H.data + block.begin[v] + j * H.stride), mu[v]), scale[v]);
        };
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            products[v] = sums[v] = hn::Zero(d);
            mu[v] = hn::LoadU(d, at.mean + block.begin[v]);
            scale[v] = hn::LoadU(d, at.scale + block.begin[v]);
        }
        for (Index j = 0; j < D.cols; ++j)
#pragma GCC unroll 4
            for (int v = 0; v < vectors; ++v) {
                const Index i = block.begin[v];
                const auto delta = hn::LoadU(d, D.data + i + j * D.stride);
                products[v] = hn::MulAdd(delta, normalized(v, j), products[v]);
                sums[v] = hn::Add(sums[v], delta);
            }
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            hn::StoreU(products[v], d, dGamma + block.begin[v]);
            hn::StoreU(sums[v], d, dBeta + block.begin[v]);
        }
        if (dIn.data) propagateBlock(d, block, H, D, at, products, sums, D.cols, dIn);
    });
}

template<class S>
void applyPropagationTo(ConstColumns<S> H, ConstColumns<S> D, const BatchNormalization<S>& at,
                        const S* dGamma, const S* dBeta, Index n, Columns<S> dIn) {
    forBlocks(hn::ScalableTag<S>(), D.rows, [&](auto d, const auto& block) HWY_ATTR {
        constexpr int vectors = std::decay_t<decltype(block)>::count;
        hn::Vec<decltype(d)> products[vectors], sums[vectors];
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            products[v] = hn::LoadU(d, dGamma + block.begin[v]);
            sums[v] = hn::LoadU(d, dBeta + block.begin[v]);
        }
        propagateBlock(d, block, H, D, at, products, sums, n, dIn);
    });
}

/// Features `first` and on of one sample; returns their part of the dot product.
template<class D>
hn::TFromD<D> standardizeFrom(D d, Index first, const hn::TFromD<D>* h, const hn::TFromD<D>* shift,
                              const hn::TFromD<D>* scale, Index rows, hn::TFromD<D>* out) {
    using S = hn::TFromD<D>;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    const auto next = [&](Index i, hn::Vec<D>& sum) HWY_ATTR {
        const auto mu = hn::LoadU(d, shift + i);
        const auto value = hn::Mul(hn::Sub(hn::LoadU(d, h + i), mu), hn::LoadU(d, scale + i));
        hn::StoreU(value, d, out + i);
        sum = hn::MulAdd(mu, value, sum);
    };
    hn::Vec<D> even = hn::Zero(d), odd = hn::Zero(d);
    for (; first + 2 * lanes <= rows; first += 2 * lanes) {
        next(first, even);
        next(first + lanes, odd);
    }
    for (; first + lanes <= rows; first += lanes)
        next(first, even);
    S dot = hn::GetLane(hn::SumOfLanes(d, hn::Add(even, odd)));
    if constexpr (hn::MaxLanes(D()) > 1)
        if (first < rows) dot += standardizeFrom(hn::Half<D>(), first, h, shift, scale, rows, out);
    return dot;
}

template<class S>
void standardizeAll(ConstColumns<S> H, const S* shift, const S* scale, Columns<S> out, S* dots) {
    for (Index j = 0; j < H.cols; ++j)
        dots[j] = standardizeFrom(hn::ScalableTag<S>(), 0, H.data + j * H.stride, shift, scale, H.rows,
                                  out.data + j * out.stride);
}

template<class S>
BatchPasses<S> passes() {
    return {measureAll<S>,   normalizeAll<S>,       applyNormalizationTo<S>,
            propagateAll<S>, applyPropagationTo<S>, standardizeAll<S>};
}
BatchPasses<float> floatPasses() {
    return passes<float>();
}
BatchPasses<double> doublePasses() {
    return passes<double>();
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kappascope {

HWY_EXPORT(floatPasses);
HWY_EXPORT(doublePasses);

template<>
const BatchPasses<float>& batchPasses() {
    static const BatchPasses<float> chosen = HWY_DYNAMIC_DISPATCH(floatPasses)();
    return chosen;
}

template<>
const BatchPasses<double>& batchPasses() {
    static const BatchPasses<double> chosen = HWY_DYNAMIC_DISPATCH(doublePasses)();
    return chosen;
}

} // namespace kappascope
#endif
