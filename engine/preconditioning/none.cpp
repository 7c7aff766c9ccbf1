// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/preconditioning/preconditioner.h"

namespace kappascope {

namespace {

template<class S>
class None final : public Preconditioning<S> {
public:
    explicit None(const Parameters&) {}
    std::unique_ptr<Preconditioner<S>> makeLayer(int) const override { return nullptr; }
};

} // namespace

namespace preconditioning {

PreconditioningEntry none() {
    return makeEntry<Preconditioning, None>(
        {"none", "None", "The optimizer gets the gradient as it is.", "", {}});
}

} // namespace preconditioning

} // namespace kappascope
