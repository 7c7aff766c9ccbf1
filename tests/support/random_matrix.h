// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/random.h"
#include "engine/core/types.h"

namespace kappascope::test {

/// Standard normal numbers from a stream of the tests' own; the same for the same seed.
template<class S>
Matrix<S> randomMatrix(Index rows, Index cols, std::uint64_t seed) {
    RandomStream stream(seed, "tests");
    Matrix<S> matrix(rows, cols);
    for (Index j = 0; j < cols; ++j)
        for (Index i = 0; i < rows; ++i)
            matrix(i, j) = static_cast<S>(stream.normal());
    return matrix;
}

template<class S>
Vector<S> randomVector(Index size, std::uint64_t seed) {
    return randomMatrix<S>(size, 1, seed);
}

} // namespace kappascope::test
