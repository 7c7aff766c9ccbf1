// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/studies/tuned_comparison.h"

namespace kappascope {

// How numbers become findings. Differences are between runs of the same seed, with 95 % intervals.

/// Two accuracies this far apart count as comparable: half a per cent point, our choice.
inline constexpr double comparableShare = 0.005;

/// `a` reads at most comparableShare fewer test images right than `b`, in the mean over the seeds.
Finding notWorse(const TunedComparison& comparison, const std::string& a, const std::string& b,
                 const std::string& setting);
/// `a` reads more test images right than `b`: the whole interval lies above 0.
Finding better(const TunedComparison& comparison, const std::string& a, const std::string& b,
               const std::string& setting);
/// `a` ends at a lower training loss than `b`: the whole interval of the ratio lies below 1.
Finding fitsBetter(const TunedComparison& comparison, const std::string& a, const std::string& b,
                   const std::string& setting);

} // namespace kappascope
