// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/studies/sample_statistics.h"

#include <string>

namespace kappascope {

// Numbers as reports write them.

/// "0.0204 ± 0.0011": mean and sample deviation, in three significant digits of the mean.
std::string spreadText(const Spread& spread);
/// The same of shares in [0, 1], as per cent: "97.42 ± 0.08".
std::string percentText(const Spread& spread);
/// "+0.62 points (0.41 to 0.83)": a difference of shares in per cent points with its 95 % interval.
std::string pointsText(const Interval& difference);
/// "1.3e6": condition numbers, two significant digits from 1000 on.
std::string kappaText(double kappa);

} // namespace kappascope
