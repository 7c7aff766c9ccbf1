// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/pooling_kernels.h"

#include <algorithm>
#include <stdexcept>

#include "engine/core/vector_targets.h" // before Highway
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/network/pooling_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// What of one window lies on the map: rows x columns values of a channel, the first one `first` numbers
/// behind the map's beginning.
struct Taps {
    Index first, rows, columns;
};

/// Calls f(d, out, taps) for every vector of channels of every window, with the place of its result, the
/// channels left over in shorter vectors.
template<class D, class F>
HWY_INLINE void forWindows(D d, Index channel, const Pooling& pooling, const F& f) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    const MapShape in = pooling.in, out = pooling.out();
    const WindowRule rule = pooling.rule;
    const Index whole = channel + (in.channels - channel) / lanes * lanes;
    if (channel < whole)
        for (Index y = 0; y < out.height; ++y) {
            const Index top = y * rule.strideY - rule.paddingY, firstY = std::max<Index>(0, top);
            const Index rows = std::min(top + rule.height, in.height) - firstY;
            for (Index x = 0; x < out.width; ++x) {
                const Index left = x * rule.strideX - rule.paddingX, firstX = std::max<Index>(0, left);
                const Index columns = std::min(left + rule.width, in.width) - firstX;
                Taps taps{(firstY * in.width + firstX) * in.channels, rows, columns};
                const Index at = (y * out.width + x) * in.channels;
                for (Index c = channel; c < whole; c += lanes)
                    f(d, at + c, Taps{taps.first + c, rows, columns});
            }
        }
    if constexpr (hn::MaxLanes(D()) > 1)
        if (whole < in.channels) forWindows(hn::Half<D>(), whole, pooling, f);
}

/// Calls f(place) for the values of a window, row by row.
template<class F>
HWY_INLINE void forTaps(const Taps& taps, const Pooling& pooling, const F& f) {
    const Index rowStride = pooling.in.width * pooling.in.channels;
    for (Index y = 0; y < taps.rows; ++y)
        for (Index x = 0; x < taps.columns; ++x)
            f(taps.first + y * rowStride + x * pooling.in.channels);
}

/// Windows of 2 x 2 that all lie on the map, the usual ones: without loops over their values.
bool smallWindows(const Pooling& pooling) {
    const WindowRule& rule = pooling.rule;
    return rule.height == 2 && rule.width == 2 && rule.paddingY == 0 && rule.paddingX == 0;
}

/// Windows that neither overlap nor leave out anything of the map.
bool tiles(const Pooling& pooling) {
    const WindowRule& rule = pooling.rule;
    const MapShape out = pooling.out();
    return rule.paddingY == 0 && rule.paddingX == 0 && rule.strideY == rule.height &&
           rule.strideX == rule.width && out.height * rule.height == pooling.in.height &&
           out.width * rule.width == pooling.in.width;
}

/// The larger one, `before` of equal ones; what is no number stays, once found.
template<class V>
HWY_INLINE V larger(V before, V value) {
    return hn::IfThenElse(hn::Or(hn::Gt(value, before), hn::Ne(value, value)), value, before);
}

template<class S>
void largestOf(const Pooling& pooling, const S* in, S* out) {
    const bool small = smallWindows(pooling);
    const Index right = pooling.in.channels, below = pooling.in.width * pooling.in.channels;
    forWindows(hn::ScalableTag<S>(), 0, pooling, [&](auto d, Index at, const Taps& taps) HWY_ATTR {
        const S* first = in + taps.first;
        auto most = hn::LoadU(d, first);
        if (small)
            most = larger(larger(most, hn::LoadU(d, first + right)),
                          larger(hn::LoadU(d, first + below), hn::LoadU(d, first + below + right)));
        else
            forTaps(taps, pooling,
                    [&](Index place) HWY_ATTR { most = larger(most, hn::LoadU(d, in + place)); });
        hn::StoreU(most, d, out + at);
    });
}

template<class S>
void choose(const Pooling& pooling, const S* in, const S* out, const S* in2, S* out2) {
    forWindows(hn::ScalableTag<S>(), 0, pooling, [&](auto d, Index at, const Taps& taps) HWY_ATTR {
        const auto most = hn::LoadU(d, out + at);
        auto chosen = hn::Zero(d);
        auto open = hn::Eq(most, most); // lanes whose place is not found
        forTaps(taps, pooling, [&](Index place) HWY_ATTR {
            const auto found = hn::And(open, hn::Eq(hn::LoadU(d, in + place), most));
            chosen = hn::IfThenElse(found, hn::LoadU(d, in2 + place), chosen);
            open = hn::AndNot(found, open);
        });
        hn::StoreU(chosen, d, out2 + at);
    });
}

template<class S>
void giveBack(const Pooling& pooling, const S* in, const S* out, const S* delta, S* dIn) {
    const bool once = tiles(pooling); // every place receives from one window
    if (!once) std::fill_n(dIn, pooling.in.features(), S(0));
    forWindows(hn::ScalableTag<S>(), 0, pooling, [&](auto d, Index at, const Taps& taps) HWY_ATTR {
        const auto most = hn::LoadU(d, out + at);
        auto left = hn::LoadU(d, delta + at); // 0 where it has been given
        forTaps(taps, pooling, [&](Index place) HWY_ATTR {
            const auto found = hn::Eq(hn::LoadU(d, in + place), most);
            auto received = hn::IfThenElseZero(found, left);
            if (!once) received = hn::Add(hn::LoadU(d, dIn + place), received);
            hn::StoreU(received, d, dIn + place);
            left = hn::IfThenZeroElse(found, left);
        });
    });
}

template<class S>
void add(const Pooling& pooling, S factor, const S* in, S* out) {
    forWindows(hn::ScalableTag<S>(), 0, pooling, [&](auto d, Index at, const Taps& taps) HWY_ATTR {
        auto sum = hn::Zero(d);
        forTaps(taps, pooling, [&](Index place) HWY_ATTR { sum = hn::Add(sum, hn::LoadU(d, in + place)); });
        hn::StoreU(hn::Mul(hn::Set(d, factor), sum), d, out + at);
    });
}

template<class S>
void spread(const Pooling& pooling, S factor, const S* delta, S* dIn) {
    forWindows(hn::ScalableTag<S>(), 0, pooling, [&](auto d, Index at, const Taps& taps) HWY_ATTR {
        const auto share = hn::Mul(hn::Set(d, factor), hn::LoadU(d, delta + at));
        forTaps(taps, pooling, [&](Index place) HWY_ATTR {
            hn::StoreU(hn::Add(hn::LoadU(d, dIn + place), share), d, dIn + place);
        });
    });
}

PoolingKernels<float> floatPooling() {
    return {largestOf<float>, choose<float>, giveBack<float>, add<float>, spread<float>};
}
PoolingKernels<double> doublePooling() {
    return {largestOf<double>, choose<double>, giveBack<double>, add<double>, spread<double>};
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kappascope {

void requirePooling(const Pooling& pooling) {
    const WindowRule& rule = pooling.rule;
    if (!rule.fits(pooling.in)) throw std::logic_error("a pooling layer's windows do not fit on its map");
    if (2 * rule.paddingY > rule.height || 2 * rule.paddingX > rule.width)
        throw std::logic_error("a pooling layer's padding is more than half of its windows");
}

HWY_EXPORT(floatPooling);
HWY_EXPORT(doublePooling);

template<>
const PoolingKernels<float>& poolingKernels() {
    static const PoolingKernels<float> chosen = HWY_DYNAMIC_DISPATCH(floatPooling)();
    return chosen;
}

template<>
const PoolingKernels<double>& poolingKernels() {
    static const PoolingKernels<double> chosen = HWY_DYNAMIC_DISPATCH(doublePooling)();
    return chosen;
}

} // namespace kappascope
#endif
