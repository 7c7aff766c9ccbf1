// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"

#include <QTest>
#include <numeric>
#include <vector>

using namespace kappascope;

namespace {

std::vector<int> counting(std::size_t n) {
    std::vector<int> numbers(n);
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

/// {0, ..., n-1} by the processor's division; a number below 2^64 mod n is one of an incomplete last round.
std::uint64_t belowByDivision(RandomStream& stream, std::uint64_t n) {
    for (;;)
        if (const std::uint64_t drawn = stream.bits(); drawn >= (0 - n) % n) return drawn % n;
}

/// Fisher-Yates, number by number.
void shuffleSlowly(RandomStream& stream, std::vector<int>& items) {
    for (std::size_t i = items.size(); i > 1; --i)
        std::swap(items[i - 1], items[static_cast<std::size_t>(belowByDivision(stream, i))]);
}

constexpr std::uint64_t golden = 0x9E3779B97F4A7C15ULL;

/// SplitMix64's finalizer, and backwards: the multipliers are odd, so each has its inverse modulo 2^64.
std::uint64_t mix(std::uint64_t z) {
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
    return z ^ z >> 31;
}
std::uint64_t unmix(std::uint64_t z) {
    z = (z ^ z >> 31 ^ z >> 62) * 0x319642B2D24D8EC3ULL;
    z = (z ^ z >> 27 ^ z >> 54) * 0x96DE1B173F119089ULL;
    return z ^ z >> 30 ^ z >> 60;
}

/// A stream whose number `place` (from 1) is `value`: one of the 2^64 indices is that of the right key.
RandomStream streamThatDraws(std::uint64_t value, std::uint64_t place) {
    const std::uint64_t key = unmix(value) - place * golden;
    return {0, "", unmix(mix(golden) ^ unmix(key)) - golden};
}

} // namespace

class RandomTest : public QObject {
    Q_OBJECT
private slots:
    void shufflesAsNumberByNumber() {
        for (const std::size_t n : {0UL, 1UL, 2UL, 3UL, 63UL, 64UL, 65UL, 66UL, 128UL, 129UL, 600UL, 60'000UL,
                                    (1UL << 20) - 1, (1UL << 20) + 70})
            for (const std::uint64_t seed : {1UL, 2UL, 77UL}) {
                RandomStream stream(seed, "shuffle", n), slow = stream;
                std::vector<int> items = counting(n), expected = items;
                stream.shuffle(items);
                shuffleSlowly(slow, expected);
                QVERIFY(items == expected);
                QCOMPARE(stream.counter(), slow.counter());
            }
    }

    /// Numbers so small are drawn once in 10^13 shuffles of a thousand.
    void drawsAgainWhereANumberWouldFavourSmallResults() {
        for (const std::size_t n : {2UL, 3UL, 65UL, 100UL, 1000UL, (1UL << 20) + 70})
            for (const std::uint64_t place : {1UL, 2UL, 50UL, 64UL, 65UL, 90UL})
                for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{n - 1}}) {
                    if (place >= n) continue;
                    RandomStream stream = streamThatDraws(value, place), slow = stream, drawn = stream;
                    for (std::uint64_t i = 1; i < place; ++i)
                        drawn.bits();
                    QCOMPARE(drawn.bits(), value);
                    std::vector<int> items = counting(n), expected = items;
                    stream.shuffle(items);
                    shuffleSlowly(slow, expected);
                    QVERIFY(items == expected);
                    QCOMPARE(stream.counter(), slow.counter());
                    const std::uint64_t left = n - place + 1; // at that place
                    if (value < (0 - left) % left) QVERIFY(stream.counter() > n - 1);
                }
        RandomStream stream = streamThatDraws(0, 1), slow = stream; // 2^64 mod 3 = 1: 0 is no third
        QCOMPARE(stream.below(3), belowByDivision(slow, 3));
        QCOMPARE(stream.counter(), std::uint64_t{2});
    }

    void goesOnAfterAShuffle() {
        RandomStream stream(3, "shuffle"), slow = stream;
        std::vector<int> items = counting(100), expected = items;
        for (int i = 0; i < 50; ++i) {
            stream.shuffle(items);
            shuffleSlowly(slow, expected);
            QCOMPARE(stream.bits(), slow.bits());
        }
        QVERIFY(items == expected);
    }
};

QTEST_GUILESS_MAIN(RandomTest)
#include "random_test.moc"
