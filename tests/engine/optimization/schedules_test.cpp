// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/schedule.h"

#include <QTest>

#include <cmath>

using namespace kappascope;

namespace {

constexpr double rounding = 1e-15;

double factor(const char* key, std::initializer_list<std::pair<const char*, ParameterValue>> changed,
              std::int64_t step) {
    const auto& entry = scheduleCatalog().at(key);
    Parameters values(entry);
    for (const auto& [name, value] : changed) {
        entry.find(name)->check(value, name);
        values.set(name, value);
    }
    return entry.factor(step, values);
}

void near(double found, double expected) {
    QVERIFY2(std::abs(found - expected) < rounding,
             qPrintable(QString("%1, expected %2").arg(found).arg(expected)));
}

} // namespace

class SchedulesTest : public QObject {
    Q_OBJECT

private slots:
    void constantStays() {
        near(factor("constant", {}, 0), 1);
        near(factor("constant", {}, 1'000'000'000'000), 1);
    }

    void stepFallsAtMultiples() {
        const auto at = [](std::int64_t step) {
            return factor("step", {{"every", std::int64_t{10}}, {"factor", 0.5}}, step);
        };
        near(at(0), 1);
        near(at(9), 1);
        near(at(10), 0.5);
        near(at(19), 0.5);
        near(at(30), 0.125);
    }

    void cosineFallsToItsFloorAndStays() {
        const auto at = [](std::int64_t step) {
            return factor("cosine", {{"steps", std::int64_t{100}}, {"floor", 0.2}}, step);
        };
        near(at(0), 1);
        near(at(25), 0.2 + 0.8 * (1 + std::sqrt(0.5)) / 2);
        near(at(50), 0.6);
        near(at(100), 0.2);
        near(at(1000), 0.2);
    }

    void warmupRisesToOneThenStays() {
        const auto at = [](std::int64_t step) {
            return factor("warmup", {{"steps", std::int64_t{4}}}, step);
        };
        near(at(0), 0.25);
        near(at(2), 0.75);
        near(at(3), 1);
        near(at(4), 1);
        near(at(1'000'000), 1);
    }

    void warmupThenCosineStartsFromTheTop() {
        const auto at = [](std::int64_t step) {
            return factor("warmup",
                          {{"steps", std::int64_t{4}},
                           {"then", std::string("cosine")},
                           {"decay_steps", std::int64_t{10}},
                           {"floor", 0.1}},
                          step);
        };
        near(at(1), 0.5);
        near(at(4), 1);
        near(at(9), 0.55);
        near(at(14), 0.1);
        near(at(500), 0.1);
    }
};

QTEST_APPLESS_MAIN(SchedulesTest)
#include "schedules_test.moc"
