// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace kappascope {

/// At which steps a run measures what costs more than the step's own loss: norms and the like, which cost
/// about as much as a small step, and evaluations, which look at all of the data. A value; any thread.
class MeasureCadence {
public:
    /// Both at the multiples of `every` >= 1.
    MeasureCadence(std::int64_t every)
        : norms_(every), evaluations_(every) {} // NOLINT: a number is a cadence

    /// The cadence at which evaluations cost at most about a tenth of the training: the smallest of 1, 2, 5,
    /// 10, 20, 50, ... that does. Where they become rare, norms stay at every tenth step, and some
    /// evaluations come earlier: at the numbers of that series from a fiftieth of the cadence on, so that
    /// the first numbers do not stand for long (the first cadence then costs three evaluations more). From
    /// sizes alone, not from clocks, so that the same experiment measures at the same steps everywhere.
    static MeasureCadence automatic(std::int64_t trainSamples, std::int64_t testSamples,
                                    std::int64_t batchSize);

    /// As an experiment asks for it: norms at every `norms`-th step and evaluations at every
    /// `evaluations`-th. 0 leaves the latter to the former (evaluations are due with the norms), and both
    /// 0, or norms alone, to automatic().
    static MeasureCadence asked(std::int64_t norms, std::int64_t evaluations,
                                const MeasureCadence& automatic);

    /// Norms at every step, evaluations at none.
    static MeasureCadence normsAlone() { return {1, none}; }
    /// Nothing but the steps' own losses.
    static MeasureCadence nothing() { return {none, none}; }

    bool normsDue(std::int64_t step) const {
        return (norms_ != none && step % norms_ == 0) || evaluationDue(step);
    }
    bool evaluationDue(std::int64_t step) const {
        if (evaluations_ == none) return false;
        return step % evaluations_ == 0 || (early_ && step < evaluations_ && isEarly(step));
    }
    /// Steps between evaluations, once they are regular; 0: there are none.
    std::int64_t evaluationsEvery() const { return evaluations_; }

    bool operator==(const MeasureCadence&) const = default;

private:
    static constexpr std::int64_t none = 0;
    MeasureCadence(std::int64_t norms, std::int64_t evaluations) : norms_(norms), evaluations_(evaluations) {}
    bool isEarly(std::int64_t step) const;

    std::int64_t norms_, evaluations_;
    bool early_ = false;
};

} // namespace kappascope
