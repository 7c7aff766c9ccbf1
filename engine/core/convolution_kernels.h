// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

namespace kappascope {

/// What a convolution reads of one sample at each of its positions, rows x columns of them: a window of
/// blocks of terms. A block is contiguous (with channels-last maps: all channels of all taps of one row of
/// the kernel), so that the windows are the columns of a matrix that nobody has to write down.
template<class S>
struct Windows {
    const S* in;         ///< where the first window begins
    const Index* blocks; ///< how far behind a window's beginning its blocks stand
    Index blockCount, blockLength;
    Index columnStride, rowStride; ///< from one window to the next
    Index columns, rows;

    Index terms() const { return blockCount * blockLength; }
};

/// One output map of a sample: position (y, x) at data + y * rowStride + x * columnStride, its channels
/// contiguous. S may be const.
template<class S>
struct MapView {
    S* data;
    Index columnStride, rowStride;
};

/// Where the rows of windows and those of the map follow each other without a gap, they are one long row.
template<class S, class T>
void joinRows(Windows<S>& windows, const MapView<T>& map) {
    if (windows.rowStride != windows.columns * windows.columnStride) return;
    if (map.rowStride != windows.columns * map.columnStride) return;
    windows.columns *= windows.rows;
    windows.rows = 1;
}

/// The passes of a convolution as products with windows that are read where they stand ("implicit im2col"),
/// in tiles that stay in registers. What convolution_kernels.cpp compiles for each instruction set. Sums run
/// over the terms, or over the positions, in their order, whatever else is computed. Any thread.
template<class S>
struct ConvolutionKernels {
    Index vector; ///< numbers in one: what is read as a whole may reach so far behind its end

    /// Room that pack() needs for a matrix of weights with so many rows and columns.
    Index (*packedSize)(Index channels, Index terms);
    /// W: channels x terms with columns `stride` apart, and the bias, null for 0, as convolve() reads them.
    void (*pack)(const S* W, Index stride, const S* bias, Index channels, Index terms, S* packed);
    /// out(channel, position) = bias + sum over the terms of W(channel, term) window(term, position).
    void (*convolve)(const Windows<S>& windows, const S* packed, Index channels, const MapView<S>& out);
    /// G(channel, term) += sum over the positions of D(channel, position) window(term, position), for the
    /// terms first, ..., first + count - 1. The columns of G lie `stride` apart, the first one for term 0. D
    /// and G are read and written in whole vectors.
    void (*correlate)(const Windows<S>& windows, const MapView<const S>& D, Index channels, Index first,
                      Index count, S* G, Index stride);
    /// sums(channel) += sum over so many columns, `stride` apart, of D(channel, column); whole vectors, too.
    void (*sum)(const S* D, Index stride, Index columns, Index channels, S* sums);
};

/// Chosen once, for the machine's instruction set.
template<class S>
const ConvolutionKernels<S>& convolutionKernels();

} // namespace kappascope
