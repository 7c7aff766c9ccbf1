// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace kappascope {

/// A counter-based stream of random numbers: number i is a hash of (key, i) (SplitMix64's finalizer; Steele,
/// Lea, Flood, OOPSLA 2014). The same key gives the same numbers on every machine and thread; its whole state
/// is the counter. One stream for each purpose, so that drawing more of one never moves another.
class RandomStream {
public:
    /// `purpose` names what the numbers are for ("weights", "batches"); `index` tells streams of one purpose
    /// apart.
    RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t index = 0);

    std::uint64_t bits();                    ///< 64 uniform bits
    double uniform();                        ///< [0, 1), 53 bits
    double uniform(double low, double high); ///< [low, high)
    double normal();                         ///< N(0, 1), Box-Muller, one number a call
    std::uint64_t below(std::uint64_t n);    ///< {0, ..., n-1} without bias; n > 0

    /// Fisher-Yates, in place.
    void shuffle(std::span<int> items);

    std::uint64_t counter() const { return counter_; }

private:
    std::uint64_t key_;
    std::uint64_t counter_ = 0;
};

} // namespace kappascope
