// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace kappascope {

/// FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv): a fingerprint of bits, not a secret.
class FnvHash {
public:
    FnvHash() = default;
    explicit FnvHash(std::uint64_t value) : value_(value) {} ///< goes on from there

    void add(const void* bytes, std::size_t count) {
        const auto* byte = static_cast<const unsigned char*>(bytes);
        for (std::size_t i = 0; i < count; ++i)
            value_ = (value_ ^ byte[i]) * prime;
    }
    void add(std::uint64_t bits) { add(&bits, sizeof bits); }
    /// All that are not a number count as one.
    void add(double number) {
        add(std::bit_cast<std::uint64_t>(std::isnan(number) ? std::numeric_limits<double>::quiet_NaN()
                                                            : number));
    }

    std::uint64_t value() const { return value_; }

private:
    static constexpr std::uint64_t prime = 0x100000001B3;
    std::uint64_t value_ = 0xCBF29CE484222325;
};

} // namespace kappascope
