// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/json.h"

#include "engine/core/random.h"
#include "tests/support/input_errors.h"

#include <QtTest>

#include <bit>
#include <limits>

using namespace kappascope;

class JsonTest : public QObject {
    Q_OBJECT
private slots:
    void syntaxErrorsNameLineAndColumn_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("error");
        QTest::newRow("empty") << ""
                               << "f.kappa: not JSON at line 1, column 1: ";
        QTest::newRow("brace") << "{"
                               << "f.kappa: not JSON at line 1, column 2: ";
        QTest::newRow("word") << "{\n  \"a\": nul\n}"
                              << "f.kappa: not JSON at line 2, column 11: ";
        QTest::newRow("comma") << "{\n \"a\": 1,\n}"
                               << "f.kappa: not JSON at line 3, column 1: ";
        QTest::newRow("after") << "{}\n{}"
                               << "f.kappa: not JSON at line 2, column 1: ";
        QTest::newRow("huge") << "{\"a\": 1e999}"
                              << "f.kappa: not JSON: number overflow";
        QTest::newRow("twice") << "{\"a\": 1, \"b\": {\"a\": 2}, \"a\": 3}"
                               << "f.kappa: the key 'a' stands twice in one object. Remove one of them.";
        QTest::newRow("deep") << QString(100, '[') << "f.kappa: nested deeper than 64 levels.";
    }
    void syntaxErrorsNameLineAndColumn() {
        QFETCH(QString, text);
        QFETCH(QString, error);
        const QString found = test::inputErrorOf([&] { parseJson(text.toStdString(), "f.kappa"); });
        QVERIFY2(found.startsWith(error), qPrintable(found));
    }

    void invalidUtf8IsRefused() {
        const QString found = test::inputErrorOf([] { parseJson("{\"a\": \"\xff\"}", "f"); });
        QVERIFY2(found.startsWith("f: not JSON at line 1, column 8: "), qPrintable(found));
    }

    void equalKeysInDifferentObjectsAreFine() {
        QCOMPARE(parseJson("[{\"a\": 1}, {\"a\": 2}]", "f").size(), std::size_t{2});
    }

    void whatFitsOnALineStandsOnOne() {
        const Json value{{"name", "x"},
                         {"small", {{"a", 1}, {"list", {1.0, 100.0, 0.5}}}},
                         {"empty", Json::array()},
                         {"long", std::string(90, 'l')},
                         {"wide", {{"k", std::string(60, 'a')}, {"l", std::string(60, 'b')}}}};
        const std::string text = "{\n"
                                 "  \"name\": \"x\",\n"
                                 "  \"small\": { \"a\": 1, \"list\": [1, 100, 0.5] },\n"
                                 "  \"empty\": [],\n"
                                 "  \"long\": \"" +
                                 std::string(90, 'l') +
                                 "\",\n"
                                 "  \"wide\": {\n"
                                 "    \"k\": \"" +
                                 std::string(60, 'a') +
                                 "\",\n"
                                 "    \"l\": \"" +
                                 std::string(60, 'b') +
                                 "\"\n"
                                 "  }\n"
                                 "}\n";
        QCOMPARE(QString::fromStdString(formatJson(value)), QString::fromStdString(text));
    }

    void noLineIsLongerThanAHundredColumnsWhereItCanBeBroken() {
        Json list = Json::array();
        for (int i = 0; i < 200; ++i)
            list.push_back({{"number", i}, {"text", "some words"}});
        for (const QString& line : QString::fromStdString(formatJson(list)).split('\n'))
            QVERIFY(line.size() <= 100);
    }

    void doublesReadBackAsTheSameBits() {
        RandomStream random(1, "json");
        std::vector<double> values{
            0.1, 1.0 / 3, -0.0, 1e300, 5e-324, 123456789012345680.0, std::numeric_limits<double>::max(),
            1e-7};
        while (values.size() < 20'000) {
            const double value = std::bit_cast<double>(random.bits());
            if (std::isfinite(value)) values.push_back(value);
        }
        const Json back = parseJson(formatJson(Json(values)), "f");
        for (std::size_t i = 0; i < values.size(); ++i)
            QCOMPARE(std::bit_cast<std::uint64_t>(back[i].get<double>()),
                     std::bit_cast<std::uint64_t>(values[i]));
    }

    void findingsAreDescribed() {
        QCOMPARE(describe(Json("a\"b")), std::string("the text \"a\\\"b\""));
        QCOMPARE(describe(Json(1.0)), std::string("the number 1"));
        QCOMPARE(describe(Json(-3)), std::string("the number -3"));
        QCOMPARE(describe(Json(nullptr)), std::string("null"));
        QCOMPARE(describe(Json(true)), std::string("true"));
        QCOMPARE(describe(Json::array()), std::string("a list"));
        QCOMPARE(describe(Json::object()), std::string("an object"));
    }
};

QTEST_APPLESS_MAIN(JsonTest)
#include "json_test.moc"
