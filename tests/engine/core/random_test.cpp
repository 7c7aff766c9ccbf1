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

/// Fisher-Yates, number by number.
void shuffleSlowly(RandomStream& stream, std::vector<int>& items) {
    for (std::size_t i = items.size(); i > 1; --i)
        std::swap(items[i - 1], items[static_cast<std::size_t>(stream.below(i))]);
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
