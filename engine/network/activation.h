// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/core/narrow_layers.h"
#include "engine/core/types.h"

namespace kappascope {

/// A function applied to every element, h = g(a). Stateless: one instance may serve many layers and threads.
template<class S>
class Activation {
public:
    virtual ~Activation() = default;
    /// h = g(a); same shapes; h may be a.
    virtual void apply(const ConstColumns<S>& a, const Columns<S>& h) const = 0;
    /// d *= g'(a), given a and h = g(a).
    virtual void multiplyDerivative(const ConstColumns<S>& a, const ConstColumns<S>& h,
                                    const Columns<S>& d) const = 0;
    /// d *= g''(a), given a and h = g(a); 0 at a kink.
    virtual void multiplySecondDerivative(const ConstColumns<S>& a, const ConstColumns<S>& h,
                                          const Columns<S>& d) const = 0;
    /// apply() and multiplyDerivative() together with the passes of a narrow dense layer, where there are
    /// such.
    virtual NarrowPasses<S> narrowPasses() const { return {}; }
};

using ActivationEntry = Entry<Activation>;
const Catalog<ActivationEntry>& activationCatalog();

} // namespace kappascope
