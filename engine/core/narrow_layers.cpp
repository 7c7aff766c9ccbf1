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
#pragma GCC unroll 10
    for (int j = 0; j < columns; ++j)
        sums[j] = hn::MulAdd(first, hn::Set(d, b[j * stride]), start);
    for (Index k = 1; k < terms; ++k) {
        b += termStride;
        const V factor = hn::LoadU(d, a + k * rows);
#pragma GCC unroll 10
        for (int j = 0; j < columns; ++j)
            sums[j] = hn::MulAdd(factor, hn::Set(d, b[j * stride]), sums[j]);
    }
#if HWY_TARGET != HWY_SCALAR
    if constexpr (columns > 1 && hn::MaxLanes(D()) < hn::MaxLanes(hn::ScalableTag<S>())) {
        const hn::Twice<D> twice;
#pragma GCC unroll 10
        for (int j = 0; j < columns; j += 2)
            write(twice, (column + j) * rows, hn::Combine(twice, sums[j + 1], sums[j]));
        return;
    }
#endif
#pragma GCC unroll 10
    for (int j = 0; j < columns; ++j)
        write(d, (column + j) * rows, sums[j]);
}

/// Columns j and on in tiles of `columns`, what is left in smaller ones; `write` gets (d, where, values).
template<int columns, int... smaller, class D, class S, class Write>
HWY_INLINE void computeTiles(D d, const NarrowProduct<S>& product, const S* c, Index j, const Write& write) {
    for (; j + columns <= product.columns; j += columns)
        computeTile<columns>(d, product, c, j, write);
    if constexpr (sizeof...(smaller) > 0)
        if (j < product.columns) computeTiles<smaller...>(d, product, c, j, write);
}

/// All columns, as many at a time as leave registers even where there are 16: counting terms then takes
/// little beside the multiply-adds.
template<class D, class S, class Write>
HWY_INLINE void computeColumns(D d, const NarrowProduct<S>& product, const S* c, const Write& write) {
    computeTiles<10, 8, 4, 2, 1>(d, product, c, 0, write);
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

/// Calls f(G) with the activation of a link.
template<class S, class F>
HWY_INLINE void withActivation(const NarrowLink<S>& link, const F& f) {
    if (link.g == NarrowPasses<S>::Activation::Tanh)
        f(Tanh());
    else
        f(Relu());
}

template<class S>
void forwardChain(const NarrowChain<S>& chain) {
    const S* in = chain.x;
    Index stride = chain.stride;
    for (std::size_t l = 0; l < chain.links.size(); ++l) {
        const NarrowLink<S>& link = chain.links[l];
        const S* biases = link.theta + link.rows * link.inputs;
        withActivation(link, [&](auto g) HWY_ATTR {
            forward<decltype(g)>({link.theta, in, 1, stride, link.inputs, chain.n}, link.rows, biases, link.a,
                                 link.h);
        });
        in = link.h;
        stride = link.rows;
    }
}

template<class S>
void backwardChain(const NarrowChain<S>& chain, const NarrowProduct<S>& last) {
    NarrowProduct<S> product = last; // dL/dh
    for (std::size_t l = chain.links.size(); l-- > 0;) {
        const NarrowLink<S>& link = chain.links[l];
        withActivation(link,
                       [&](auto g) HWY_ATTR { backward<decltype(g)>(product, link.rows, link.h, link.d); });
        const S* in = l > 0 ? chain.links[l - 1].h : chain.x;
        gradient({link.d, in, l > 0 ? link.inputs : chain.stride, 1, chain.n, link.inputs}, link.rows,
                 link.gradient, link.gradient + link.rows * link.inputs);
        product = {link.rows > 1 ? link.transposed : link.theta, link.d, 1, link.rows, link.rows, chain.n};
    }
}

template<class S>
NarrowLayers<S> layers() {
    using Activation = typename NarrowPasses<S>::Activation;
    return {{Activation::Tanh, forward<Tanh, S>, backward<Tanh, S>},
            {Activation::Relu, forward<Relu, S>, backward<Relu, S>},
            forwardChain<S>,
            backwardChain<S>,
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
