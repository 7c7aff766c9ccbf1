// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/convolution_kernels.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/vector_targets.h" // before Highway
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/core/convolution_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// How many sums a tile keeps in registers: 32 registers with AVX-512, 16 with AVX2 and SSE.
#if HWY_ARCH_X86 && HWY_TARGET > HWY_AVX3
constexpr int mostSums = 12;
#else
constexpr int mostSums = 28;
#endif

/// Calls f(d, vectors, first, valid) for panels of channels: one or two vectors high, the last one in the
/// shortest vector that covers what is left.
template<class D, class F>
HWY_INLINE void forPanels(D d, Index first, Index channels, const F& f) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    for (; first + 2 * lanes <= channels; first += 2 * lanes)
        f(d, std::integral_constant<int, 2>(), first, 2 * lanes);
    for (; first + lanes <= channels; first += lanes)
        f(d, std::integral_constant<int, 1>(), first, lanes);
    const Index left = channels - first;
    if (left == 0) return;
    if constexpr (hn::MaxLanes(D()) > 1)
        if (left <= lanes / 2) return forPanels(hn::Half<D>(), first, channels, f);
    f(d, std::integral_constant<int, 1>(), first, left);
}

template<class S>
Index packedSize(Index channels, Index terms) {
    Index size = 0;
    forPanels(hn::ScalableTag<S>(), 0, channels, [&](auto d, auto vectors, Index, Index) {
        size += vectors * static_cast<Index>(hn::Lanes(d)) * (terms + 1);
    });
    return size;
}

/// Panel after panel, of each the bias, then the columns of W, filled up with zeros to whole vectors.
template<class S>
void pack(const S* W, Index stride, const S* bias, Index channels, Index terms, S* packed) {
    forPanels(hn::ScalableTag<S>(), 0, channels, [&](auto d, auto vectors, Index first, Index valid) {
        const Index height = vectors * static_cast<Index>(hn::Lanes(d));
        for (Index k = -1; k < terms; ++k, packed += height) {
            const S* column = k < 0 ? bias : W + k * stride;
            if (column)
                std::fill(std::copy_n(column + first, valid, packed), packed + height, S(0));
            else
                std::fill_n(packed, height, S(0));
        }
    });
}

/// Stores the first `valid` lanes and touches nothing behind them, which belongs to another thread.
template<class D>
HWY_INLINE void storeFirst(D d, hn::Vec<D> values, Index valid, hn::TFromD<D>* out) {
#if HWY_MEM_OPS_MIGHT_FAULT
    HWY_ALIGN hn::TFromD<D> lanes[hn::MaxLanes(D())];
    hn::Store(values, d, lanes);
    std::copy_n(lanes, valid, out);
#else
    hn::BlendedStore(values, hn::FirstN(d, static_cast<std::size_t>(valid)), d, out);
#endif
}

/// Some columns of a row of positions: all channels of a panel of `vectors` vectors, of which `valid` are
/// wanted.
template<int vectors, int columns, class D>
void convolveTile(D d, const Windows<hn::TFromD<D>>& windows, const hn::TFromD<D>* in,
                  const hn::TFromD<D>* packed, Index valid, hn::TFromD<D>* out, Index outStride) {
    using S = hn::TFromD<D>;
    using V = hn::Vec<D>;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    V sums[vectors * columns];
#pragma GCC unroll 28
    for (int j = 0; j < columns; ++j)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; ++v)
            sums[j * vectors + v] = hn::LoadU(d, packed + v * lanes);
    packed += vectors * lanes;
    constexpr int groups = (columns + 3) / 4; // of columns, whose addresses the processor can make
    const Index columnStride = windows.columnStride, length = windows.blockLength;
    for (Index block = 0; block < windows.blockCount; ++block) {
        const S* b[groups];
        for (int g = 0; g < groups; ++g)
            b[g] = in + windows.blocks[block] + 4 * g * columnStride;
        for (Index k = 0; k < length; ++k, packed += vectors * lanes) {
            V factors[vectors];
#pragma GCC unroll 2
            for (int v = 0; v < vectors; ++v)
                factors[v] = hn::LoadU(d, packed + v * lanes);
#pragma GCC unroll 28
            for (int j = 0; j < columns; ++j) {
                const V factor = hn::Set(d, b[j / 4][j % 4 * columnStride]);
#pragma GCC unroll 2
                for (int v = 0; v < vectors; ++v)
                    sums[j * vectors + v] = hn::MulAdd(factors[v], factor, sums[j * vectors + v]);
            }
#pragma GCC unroll 8
            for (int g = 0; g < groups; ++g)
                ++b[g];
        }
    }
    const bool all = valid == vectors * lanes;
#pragma GCC unroll 28
    for (int j = 0; j < columns; ++j, out += outStride) {
        if (all) {
#pragma GCC unroll 2
            for (int v = 0; v < vectors; ++v)
                hn::StoreU(sums[j * vectors + v], d, out + v * lanes);
        } else { // one vector
            storeFirst(d, sums[j], valid, out);
        }
    }
}

template<int vectors, class D, int... columns>
HWY_INLINE constexpr auto convolveTiles(std::integer_sequence<int, columns...>) {
    using S = hn::TFromD<D>;
    using Tile = void (*)(D, const Windows<S>&, const S*, const S*, Index, S*, Index);
    return std::array<Tile, sizeof...(columns)>{convolveTile<vectors, columns + 1, D>...};
}

template<class S>
void convolve(const Windows<S>& windows, const S* packed, Index channels, const MapView<S>& out) {
    forPanels(
        hn::ScalableTag<S>(), 0, channels, [&](auto d, auto vectors, Index first, Index valid) HWY_ATTR {
            using D = decltype(d);
            constexpr int most = mostSums / vectors;
            static constexpr auto tiles = convolveTiles<vectors, D>(std::make_integer_sequence<int, most>());
            // Tiles as wide as each other: small ones do not hide the latency of a multiply-add.
            const Index count = (windows.columns + most - 1) / most;
            for (Index y = 0; y < windows.rows; ++y)
                for (Index tile = 0; tile < count; ++tile) {
                    const Index x = tile * windows.columns / count;
                    const Index width = (tile + 1) * windows.columns / count - x;
                    tiles[static_cast<std::size_t>(width - 1)](
                        d, windows, windows.in + y * windows.rowStride + x * windows.columnStride, packed,
                        valid, out.data + first + y * out.rowStride + x * out.columnStride, out.columnStride);
                }
            packed += vectors * static_cast<Index>(hn::Lanes(d)) * (windows.terms() + 1);
        });
}

/// Some columns of G, `width` terms from each of some blocks, for a panel of channels.
template<int vectors, int blocks, int width, class D>
void correlateTile(D d, const Windows<hn::TFromD<D>>& windows, const MapView<const hn::TFromD<D>>& map,
                   Index block, Index first, hn::TFromD<D>* G, Index stride) {
    using S = hn::TFromD<D>;
    using V = hn::Vec<D>;
    constexpr int columns = blocks * width;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    V sums[columns * vectors];
#pragma GCC unroll 28
    for (V& sum : sums)
        sum = hn::Zero(d);
    for (Index y = 0; y < windows.rows; ++y) {
        const S* b[blocks];
        for (int i = 0; i < blocks; ++i)
            b[i] = windows.in + windows.blocks[block + i] + first + y * windows.rowStride;
        const S* a = map.data + y * map.rowStride;
        for (Index x = 0; x < windows.columns; ++x, a += map.columnStride) {
            V factors[vectors];
#pragma GCC unroll 2
            for (int v = 0; v < vectors; ++v)
                factors[v] = hn::LoadU(d, a + v * lanes);
#pragma GCC unroll 28
            for (int j = 0; j < columns; ++j) {
                const V factor = hn::Set(d, b[j / width][j % width]);
#pragma GCC unroll 2
                for (int v = 0; v < vectors; ++v)
                    sums[j * vectors + v] = hn::MulAdd(factors[v], factor, sums[j * vectors + v]);
            }
#pragma GCC unroll 8
            for (int i = 0; i < blocks; ++i)
                b[i] += windows.columnStride;
        }
    }
    G += (block * windows.blockLength + first) * stride;
#pragma GCC unroll 28
    for (int j = 0; j < columns; ++j, G += stride)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; ++v)
            hn::StoreU(hn::Add(hn::LoadU(d, G + v * lanes), sums[j * vectors + v]), d, G + v * lanes);
}

template<int vectors, int blocks, class D, int... widths>
HWY_INLINE constexpr auto correlateTiles(std::integer_sequence<int, widths...>) {
    using S = hn::TFromD<D>;
    using Tile = void (*)(D, const Windows<S>&, const MapView<const S>&, Index, Index, S*, Index);
    return std::array<Tile, sizeof...(widths)>{correlateTile<vectors, blocks, widths + 1, D>...};
}

/// Whole blocks, where they are so short that several make a tile; returns how many.
template<int vectors, int blocks, class D>
Index correlateBlocks(D d, const Windows<hn::TFromD<D>>& windows, const MapView<const hn::TFromD<D>>& map,
                      Index block, Index whole, hn::TFromD<D>* G, Index stride) {
    if constexpr (blocks < 2) {
        return 0;
    } else {
        constexpr int widest = mostSums / vectors / blocks;
        static constexpr auto tiles =
            correlateTiles<vectors, blocks, D>(std::make_integer_sequence<int, widest>());
        if (whole < blocks || windows.blockLength > widest)
            return correlateBlocks<vectors, blocks - 1>(d, windows, map, block, whole, G, stride);
        tiles[static_cast<std::size_t>(windows.blockLength - 1)](d, windows, map, block, 0, G, stride);
        return blocks;
    }
}

template<class S>
void correlate(const Windows<S>& windows, const MapView<const S>& map, Index channels, Index from,
               Index count, S* G, Index stride) {
    forPanels(hn::ScalableTag<S>(), 0, channels,
              [&](auto d, auto vectors, Index firstChannel, Index) HWY_ATTR {
                  using D = decltype(d);
                  constexpr int most = mostSums / vectors;
                  static constexpr auto tiles =
                      correlateTiles<vectors, 1, D>(std::make_integer_sequence<int, most>());
                  const MapView<const S> D_{map.data + firstChannel, map.columnStride, map.rowStride};
                  const Index length = windows.blockLength, end = from + count;
                  for (Index term = from; term < end;) {
                      const Index block = term / length, first = term % length;
                      if (first == 0) {
                          const Index done = correlateBlocks<vectors, 5>(
                              d, windows, D_, block, (end - term) / length, G + firstChannel, stride);
                          term += done * length;
                          if (done > 0) continue;
                      }
                      const Index left = std::min(length - first, end - term); // of this block
                      const Index parts = (left + most - 1) / most;
                      for (Index part = 0; part < parts; ++part) {
                          const Index begin = part * left / parts, width = (part + 1) * left / parts - begin;
                          tiles[static_cast<std::size_t>(width - 1)](d, windows, D_, block, first + begin,
                                                                     G + firstChannel, stride);
                      }
                      term += left;
                  }
              });
}

/// In four chains, to hide the latency of an addition.
template<class S>
void sumColumns(const S* map, Index stride, Index columns, Index channels, S* sums) {
    constexpr int chains = 4;
    forPanels(hn::ScalableTag<S>(), 0, channels, [&](auto d, auto vectors, Index first, Index) HWY_ATTR {
        const Index lanes = static_cast<Index>(hn::Lanes(d));
        for (int v = 0; v < vectors; ++v) {
            const S* a = map + first + v * lanes;
            hn::Vec<decltype(d)> part[chains] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
            Index x = 0;
            for (; x + chains <= columns; x += chains, a += chains * stride)
#pragma GCC unroll 4
                for (int c = 0; c < chains; ++c)
                    part[c] = hn::Add(part[c], hn::LoadU(d, a + c * stride));
            for (; x < columns; ++x, a += stride)
                part[0] = hn::Add(part[0], hn::LoadU(d, a));
            const auto sum = hn::Add(hn::Add(part[0], part[1]), hn::Add(part[2], part[3]));
            S* at = sums + first + v * lanes;
            hn::StoreU(hn::Add(hn::LoadU(d, at), sum), d, at);
        }
    });
}

template<class S>
ConvolutionKernels<S> convolutions() {
    return {static_cast<Index>(hn::Lanes(hn::ScalableTag<S>())),
            packedSize<S>,
            pack<S>,
            convolve<S>,
            correlate<S>,
            sumColumns<S>};
}
ConvolutionKernels<float> floatConvolutions() {
    return convolutions<float>();
}
ConvolutionKernels<double> doubleConvolutions() {
    return convolutions<double>();
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kappascope {

HWY_EXPORT(floatConvolutions);
HWY_EXPORT(doubleConvolutions);

template<>
const ConvolutionKernels<float>& convolutionKernels() {
    static const ConvolutionKernels<float> chosen = HWY_DYNAMIC_DISPATCH(floatConvolutions)();
    return chosen;
}

template<>
const ConvolutionKernels<double>& convolutionKernels() {
    static const ConvolutionKernels<double> chosen = HWY_DYNAMIC_DISPATCH(doubleConvolutions)();
    return chosen;
}

} // namespace kappascope
#endif
