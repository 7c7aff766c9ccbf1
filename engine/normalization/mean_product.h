// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

namespace kappascope {

/// Mean over the columns of a times b, element by element. For tangents: allocates.
template<class S, class A, class B>
Vector<S> meanProduct(const A& a, const B& b) {
    return a.cwiseProduct(b).rowwise().mean();
}

} // namespace kappascope
