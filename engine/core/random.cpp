// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"

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
    for (std::size_t i = items.size(); i > 1; --i)
        std::swap(items[i - 1], items[below(i)]);
}

} // namespace kappascope
