// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

#include <span>

namespace kappascope {

/// A B + c 1^T. A: rows x terms, without gaps; B's element (k, j) stands at b[k * termStride + j *
/// columnStride]; the result: rows x columns, without gaps.
template<class S>
struct NarrowProduct {
    const S* a;
    const S* b;
    Index termStride, columnStride;
    Index terms, columns;
};

/// Passes through a dense layer and the activation g next to it whose rows fill one vector, or a half or a
/// quarter of one: up to 16 floats or 8 doubles. What one of several calls would write for the next one to
/// read stays in registers, or comes in time: in a small step, most of the time goes by in waiting for that.
/// With a product, then an activation, 2-8-8-8-1 at batch 10 took a fifth longer. To the same bits.
template<class S>
struct NarrowPasses {
    enum class Activation { Tanh, Relu };
    Activation g = Activation::Tanh;
    /// values = A B + c 1^T, h = g(values).
    void (*forward)(const NarrowProduct<S>&, Index rows, const S* c, S* values, S* h) = nullptr;
    /// d = (A B) .* g'(values), given h = g(values).
    void (*backward)(const NarrowProduct<S>&, Index rows, const S* h, S* d) = nullptr;
};

/// A narrow dense layer with its activation. Matrices lie without gaps.
template<class S>
struct NarrowLink {
    typename NarrowPasses<S>::Activation g;
    Index inputs, rows;
    const S* theta;      ///< weights, rows x inputs, then biases
    S* gradient;         ///< of the same
    const S* transposed; ///< the weights' transpose; not looked at in the first link, or with a single row
    S *a, *h, *d;        ///< rows x n: what the layer gives, h = g(a), and dL/da
};

/// Links each of which receives what the one before gives, the first x, whose n columns lie `stride` apart.
template<class S>
struct NarrowChain {
    std::span<const NarrowLink<S>> links;
    const S* x;
    Index stride, n;
};

/// Those of the most usual activations, and what all have.
template<class S>
struct NarrowLayers {
    NarrowPasses<S> tanh, relu;
    /// The passes of all links, to the same bits as one by one: forward; and back, dL/dh of the last link
    /// given as a product, with the gradients, which do not wait for each other and so fill the time in which
    /// deltas do. 2-8-8-8-1 at batch 10: 0.82 of the time.
    void (*forward)(const NarrowChain<S>&);
    void (*backward)(const NarrowChain<S>&, const NarrowProduct<S>& last);
    /// G = A B; sums, unless null: those of A's rows.
    void (*gradient)(const NarrowProduct<S>&, Index rows, S* G, S* sums);
    Index vector; ///< numbers in one
};

/// Chosen once, for the machine's instruction set.
template<class S>
const NarrowLayers<S>& narrowLayers();

/// Whether the passes are for so many rows.
template<class S>
bool isNarrow(Index rows) {
    const Index vector = narrowLayers<S>().vector;
    return rows == vector || (2 * rows == vector && rows > 1) || (4 * rows == vector && rows > 1);
}

} // namespace kappascope
