// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <limits>
#include <string>

namespace kappascope {

/// A measured number with its status: plots draw gaps and marks from it, never a false zero.
struct Reading {
    enum class Status {
        NotComputed,  ///< not measured (yet)
        Computed,     ///< exact to rounding
        Estimated,    ///< stochastic or iterative; `error` is its standard error or residual
        NotDefined,   ///< has no meaning here; `why` says so
        NotConverged, ///< an iteration ran out; `value` is the last iterate
        NotFinite     ///< overflowed or not a number
    };

    double value = std::numeric_limits<double>::quiet_NaN();
    Status status = Status::NotComputed;
    double error = 0;
    std::string why;

    static Reading computed(double value) {
        return {value, std::isfinite(value) ? Status::Computed : Status::NotFinite, 0, {}};
    }
    static Reading notDefined(std::string why) {
        Reading reading;
        reading.status = Status::NotDefined;
        reading.why = std::move(why);
        return reading;
    }
    /// Not defined for `why`, but that it lies above `bound`: where rounding hides how far.
    static Reading above(double bound, std::string why) {
        Reading reading = notDefined(std::move(why));
        reading.value = bound;
        return reading;
    }
    /// `value` is what above() was given.
    bool isBound() const { return status == Status::NotDefined && !std::isnan(value); }
    bool usable() const { return status == Status::Computed || status == Status::Estimated; }
};

} // namespace kappascope
