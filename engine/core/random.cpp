// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace kappascope {

namespace {

constexpr std::uint64_t golden = 0x9E3779B97F4A7C15ULL; // 2^64 / golden ratio, odd

std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

/// Up to so many, remainder() finds exactly.
constexpr std::int64_t mostDivisor = std::int64_t{1} << 20;

/// x mod n for 1 <= n <= mostDivisor, without the processor's division of 64 bits, and in a form that the
/// compiler may do for several numbers at once: both halves of x in double, whose 53 bits hold every integer
/// that occurs, so that a quotient is wrong by one at most. (A shuffle takes two fifths of the time.)
inline std::int64_t remainder(std::uint64_t x, std::int64_t n) {
    const double inverse = 1.0 / static_cast<double>(n);
    const auto high = static_cast<std::int64_t>(x >> 32), low = static_cast<std::int64_t>(x & 0xFFFFFFFFU);
    const auto without = [=](std::int64_t all) { // in [-n, n]
        return all - static_cast<std::int64_t>(static_cast<double>(all) * inverse) * n;
    };
    const std::int64_t rest = without((without(high) << 32) + low);
    return rest < 0 ? rest + n : rest >= n ? rest - n : rest;
}

} // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t index)
    : key_(mix(seed + golden)) {
    for (const char letter : purpose)
        key_ = mix(key_ ^ static_cast<unsigned char>(letter)) + golden;
    key_ = mix(key_ ^ mix(index + golden));
}

std::uint64_t RandomStream::bits() {
    return mix(key_ + ++counter_ * golden);
}

double RandomStream::uniform() {
    return static_cast<double>(bits() >> 11) * 0x1p-53;
}

double RandomStream::uniform(double low, double high) {
    return low + (high - low) * uniform();
}

double RandomStream::normal() {
    const double radius = std::sqrt(-2.0 * std::log1p(-uniform())); // 1 - u is in (0, 1]
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::uint64_t RandomStream::below(std::uint64_t n) {
    // Numbers below 2^64 mod n would favour small results. They are below n, too: hardly ever is it necessary
    // to divide in order to know.
    std::uint64_t drawn = bits();
    while (drawn < n && drawn < (0 - n) % n)
        drawn = bits();
    return drawn % n;
}

void RandomStream::shuffle(std::span<int> items) {
    std::size_t left = items.size();
    for (; left > static_cast<std::size_t>(mostDivisor); --left)
        std::swap(items[left - 1], items[below(left)]);
    std::array<std::uint64_t, 64> drawn;
    std::array<std::int64_t, 64> chosen;
    while (left > 1) {
        const std::size_t count = std::min(drawn.size(), left - 1);
        const auto n = static_cast<std::int64_t>(left);
        std::uint64_t least = ~std::uint64_t{0};
        for (std::size_t k = 0; k < count; ++k) {
            drawn[k] = mix(key_ + (counter_ + 1 + k) * golden);
            least = std::min(least, drawn[k]);
        }
        if (least < left) { // below() may draw again; once in 10^13 shuffles of a thousand
            std::swap(items[left - 1], items[below(left)]);
            --left;
            continue;
        }
        for (std::size_t k = 0; k < count; ++k)
            chosen[k] = remainder(drawn[k], n - static_cast<std::int64_t>(k));
        for (std::size_t k = 0; k < count; ++k, --left)
            std::swap(items[left - 1], items[static_cast<std::size_t>(chosen[k])]);
        counter_ += count;
    }
}

} // namespace kappascope
