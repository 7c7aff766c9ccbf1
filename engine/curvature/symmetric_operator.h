// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

#include <memory>

namespace kappascope {

/// A symmetric matrix known by its products. One thread at a time; other threads get clones.
class SymmetricOperator {
public:
    virtual ~SymmetricOperator() = default;
    virtual Index size() const = 0;
    /// product = A v; both of size(), not the same memory.
    virtual void apply(ConstVectorRef<double> v, VectorRef<double> product) = 0;
    virtual std::unique_ptr<SymmetricOperator> clone() const = 0;
};

} // namespace kappascope
