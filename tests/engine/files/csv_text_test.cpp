// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/csv_text.h"

#include "engine/core/random.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <limits>

using namespace kappascope;

class CsvTextTest : public QObject {
    Q_OBJECT
private slots:
    void oddNamesAreQuoted() {
        QCOMPARE(csvField("a,b"), std::string("\"a,b\""));
        QCOMPARE(csvField("say \"hi\""), std::string("\"say \"\"hi\"\"\""));
        QCOMPARE(csvField("two\nlines"), std::string("\"two\nlines\""));
        QCOMPARE(csvField("BNP κ"), std::string("BNP κ"));
    }

    void valuesReadBackAsTheSameBits() {
        RandomStream random(1, "csv");
        for (int i = 0; i < 20'000; ++i) {
            const double value = std::bit_cast<double>(random.bits());
            if (!std::isfinite(value)) continue;
            QCOMPARE(std::bit_cast<std::uint64_t>(std::strtod(formatNumber(value, 17).c_str(), nullptr)),
                     std::bit_cast<std::uint64_t>(value));
            const auto single = std::bit_cast<float>(static_cast<std::uint32_t>(random.bits()));
            if (!std::isfinite(single)) continue;
            QCOMPARE(std::bit_cast<std::uint32_t>(std::strtof(formatNumber(single, 9).c_str(), nullptr)),
                     std::bit_cast<std::uint32_t>(single));
        }
    }

    void valuesThatAreNotFiniteAreSpelled() {
        const double infinity = std::numeric_limits<double>::infinity();
        QCOMPARE(formatNumber(infinity, 17), std::string("inf"));
        QCOMPARE(formatNumber(-infinity, 17), std::string("-inf"));
        QCOMPARE(formatNumber(std::numeric_limits<double>::quiet_NaN(), 9), std::string("nan"));
        QCOMPARE(formatNumber(-0.0, 17), std::string("-0"));
        QCOMPARE(formatNumber(0.1, 17), std::string("0.10000000000000001"));
        QCOMPARE(formatNumber(0.1f, 9), std::string("0.100000001"));
    }
};

QTEST_APPLESS_MAIN(CsvTextTest)
#include "csv_text_test.moc"
