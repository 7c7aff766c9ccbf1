// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace kappascope {

/// Steps between measurements over the whole data so that they cost at most about a tenth of the training:
/// the smallest of 1, 2, 5, 10, 20, 50, ... that does. From sizes alone, not from clocks, so that the same
/// experiment measures at the same steps everywhere.
std::int64_t automaticCadence(std::int64_t trainSamples, std::int64_t testSamples, std::int64_t batchSize);

} // namespace kappascope
