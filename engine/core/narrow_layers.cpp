// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/narrow_layers.h"

#include "engine/core/vector_targets.h" // before Highway
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/core/narrow_layers.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "engine/core/elementary-inl.h"

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

struct Tanh {
    template<class D>
    static HWY_INLINE hn::Vec<D> value(D d, hn::Vec<D> a) {
        return tanhOf(d, a);
    }
    template<class D>
    static HWY_INLINE hn::Vec<D> timesSlope(D d, hn::Vec<D> h, hn::Vec<D> delta) {
        return hn::Mul(delta, hn::NegMulAdd(h, h, hn::Set(d, hn::TFromD<D>(1))));
    }
};

struct Relu {
    template<class D>
    static HWY_INLINE hn::Vec<D> value(D d, hn::Vec<D> a) { // what is no number stays so
        return hn::IfThenElse(hn::Lt(a, hn::Zero(d)), hn::Zero(d), a);
    }
    template<class D>
    static HWY_INLINE hn::Vec<D> timesSlope(D d, hn::Vec<D> h, hn::Vec<D> delta) {
        return hn::IfThenElse(hn::Gt(h, hn::Zero(d)), delta, hn::Zero(d));
    }
};

/// Some columns of A B + c 1^T to `write`, two at a time as one vector of twice the length where there is
/// one: a load of a long vector that was stored in two halves waits for both of them to reach the cache.
template<int columns, class D, class S, class Write>
HWY_INLINE void computeTile(D d, const NarrowProduct<S>& product, const S* c, Index column,
                            const Write& write) {
    using V = hn::Vec<D>;
    const Index rows = static_cast<Index>(hn::Lanes(d)), terms = product.terms;
    const Index termStride = product.termStride, stride = product.columnStride;
    V sums[columns];
    const V start = c ? hn::LoadU(d, c) : hn::Zero(d);
    const S* a = product.a;
    const S* b = product.b + column * stride;
    const V first = hn::LoadU(d, a);
#pragma GCC unroll 4
    for (int j = 0; j < columns; ++j)
        sums[j] = hn::MulAdd(first, hn::Set(d, b[j * stride]), start);
    for (Index k = 1; k < terms; ++k) {
        b += termStride;
        const V factor = hn::LoadU(d, a + k * rows);
#pragma GCC unroll 4
        for (int j = 0; j < columns; ++j)
            sums[j] = hn::MulAdd(factor, hn::Set(d, b[j * stride]), sums[j]);
    }
#if HWY_TARGET != HWY_SCALAR
    if constexpr (columns > 1 && hn::MaxLanes(D()) < hn::MaxLanes(hn::ScalableTag<S>())) {
        const hn::Twice<D> twice;
#pragma GCC unroll 4
        for (int j = 0; j < columns; j += 2)
            write(twice, (column + j) * rows, hn::Combine(twice, sums[j + 1], sums[j]));
        return;
    }
#endif
#pragma GCC unroll 4
    for (int j = 0; j < columns; ++j)
        write(d, (column + j) * rows, sums[j]);
}

/// All columns; `write` gets (d, where, values).
template<class D, class S, class Write>
HWY_INLINE void computeColumns(D d, const NarrowProduct<S>& product, const S* c, const Write& write) {
    Index j = 0;
    for (; j + 4 <= product.columns; j += 4)
        computeTile<4>(d, product, c, j, write);
    if (j + 2 <= product.columns) {
        computeTile<2>(d, product, c, j, write);
        j += 2;
    }
    if (j < product.columns) computeTile<1>(d, product, c, j, write);
}

template<class G, class D, class S>
void forwardIn(D d, const NarrowProduct<S>& product, const S* c, S* values, S* h) {
    computeColumns(d, product, c, [=](auto wide, Index i, auto sums) HWY_ATTR {
        hn::StoreU(sums, wide, values + i);
        hn::StoreU(G::value(wide, sums), wide, h + i);
    });
}

template<class G, class D, class S>
void backwardIn(D d, const NarrowProduct<S>& product, const S* h, S* deltas) {
    const S* none = nullptr;
    computeColumns(d, product, none, [=](auto wide, Index i, auto sums) HWY_ATTR {
        hn::StoreU(G::timesSlope(wide, hn::LoadU(wide, h + i), sums), wide, deltas + i);
    });
}

template<class D, class S>
void gradientIn(D d, const NarrowProduct<S>& product, S* G, S* sums) {
    const S* none = nullptr;
    computeColumns(d, product, none,
                   [=](auto wide, Index i, auto values) HWY_ATTR { hn::StoreU(values, wide, G + i); });
    if (!sums) return;
    auto sum = hn::Zero(d);
    for (Index k = 0; k < product.terms; ++k)
        sum = hn::Add(sum, hn::LoadU(d, product.a + k * static_cast<Index>(hn::Lanes(d))));
    hn::StoreU(sum, d, sums);
}

/// Calls f(d) with the vector that has so many lanes: a whole one, a half or a quarter.
template<class S, class F>
HWY_INLINE void inVectorOf(Index rows, const F& f) {
    const hn::ScalableTag<S> whole;
    const Index lanes = static_cast<Index>(hn::Lanes(whole));
    if (rows == lanes) return f(whole);
    if constexpr (hn::MaxLanes(hn::ScalableTag<S>()) > 2)
        if (2 * rows == lanes) return f(hn::Half<decltype(whole)>());
    if constexpr (hn::MaxLanes(hn::ScalableTag<S>()) > 4) f(hn::Half<hn::Half<decltype(whole)>>());
}

template<class G, class S>
void forward(const NarrowProduct<S>& product, Index rows, const S* c, S* values, S* h) {
    inVectorOf<S>(rows, [&](auto d) HWY_ATTR { forwardIn<G>(d, product, c, values, h); });
}

template<class G, class S>
void backward(const NarrowProduct<S>& product, Index rows, const S* h, S* d) {
    inVectorOf<S>(rows, [&](auto tag) HWY_ATTR { backwardIn<G>(tag, product, h, d); });
}

template<class S>
void gradient(const NarrowProduct<S>& product, Index rows, S* G, S* sums) {
    inVectorOf<S>(rows, [&](auto d) HWY_ATTR { gradientIn(d, product, G, sums); });
}

template<class S>
NarrowLayers<S> layers() {
    return {{forward<Tanh, S>, backward<Tanh, S>},
            {forward<Relu, S>, backward<Relu, S>},
            gradient<S>,
            static_cast<Index>(hn::Lanes(hn::ScalableTag<S>()))};
}
NarrowLayers<float> floatLayers() {
    return layers<float>();
}
NarrowLayers<double> doubleLayers() {
    return layers<double>();
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kappascope {

HWY_EXPORT(floatLayers);
HWY_EXPORT(doubleLayers);

template<>
const NarrowLayers<float>& narrowLayers() {
    static const NarrowLayers<float> chosen = HWY_DYNAMIC_DISPATCH(floatLayers)();
    return chosen;
}

template<>
const NarrowLayers<double>& narrowLayers() {
    static const NarrowLayers<double> chosen = HWY_DYNAMIC_DISPATCH(doubleLayers)();
    return chosen;
}

} // namespace kappascope
#endif
