// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

#include <cstdint>

namespace kappascope {

/// A B + c 1^T with A: rows x terms, column-major, and the result: rows x columns, column-major. B's element
/// (k, j) stands at b[k * termStride + j * columnStride], so that B may be a matrix or the transpose of one.
/// c may be null, for 0; with a cStride it is a matrix, added as such. The result goes to out; or, with a
/// rate that is not 0, out -= rate * result.
template<class S>
struct Product {
    const S* a;
    Index aStride;
    const S* b;
    Index termStride, columnStride;
    const S* c;
    Index cStride;
    S* out;
    Index outStride;
    Index terms;
    S rate = 0;
    bool inOrder = false; ///< every sum in the order of the terms, whatever rows and columns there are
    /// Within the kernels: where the terms, or the columns, stand that are counted by `terms` or `columns`.
    const std::int32_t* places = nullptr;
};

/// Some of a product's terms or columns, in ascending order: those at places[i] - first.
struct Places {
    const std::int32_t* places;
    Index count, first = 0;
};

/// out = A^T B + c 1^T with A: terms x rows, B: terms x columns, out: rows x columns, all column-major. c may
/// be null.
template<class S>
struct Dots {
    const S* a;
    Index aStride;
    const S* b;
    Index bStride;
    const S* c;
    S* out;
    Index outStride;
    Index terms;
};

/// What product_kernels.cpp compiles for each instruction set.
template<class S>
struct ProductKernels {
    void (*product)(const Product<S>&, Index rows, Index columns);
    /// product(), to the same bits where B's numbers are 0 for all terms but `some` and A's are finite.
    void (*productOfTerms)(const Product<S>&, Places some, Index rows, Index columns);
    /// product() with a rate, to the same bits where B's numbers are 0 for all columns but `some` and A's are
    /// finite.
    void (*productOfColumns)(const Product<S>&, Places some, Index rows, Index columns);
    /// Writes which rows of A are not 0 in all columns, counted from `first`, and returns how many.
    Index (*nonzeroRows)(const S* a, Index stride, Index rows, Index columns, Index first,
                         std::int32_t* places);
    void (*dots)(const Dots<S>&, Index rows, Index columns);
    /// t = A^T, t without gaps between its columns; A: rows x columns, its columns `stride` apart.
    void (*transpose)(const S* a, Index stride, Index rows, Index columns, S* t);
    /// sums[i] = sum_j A(i, j), or sums -= rate * that where the rate is not 0.
    void (*sumRows)(const S* a, Index stride, Index rows, Index columns, S rate, S* sums);
    /// The largest |A(i, j)|; infinite or not a number when one is.
    S (*largest)(const S* a, Index stride, Index rows, Index columns);
    /// theta -= rate * g, n numbers: a multiply-add each, as product() does it.
    void (*descend)(const S* g, S rate, Index n, S* theta);
};

/// Chosen once, for the machine's instruction set.
template<class S>
const ProductKernels<S>& productKernels();

} // namespace kappascope
