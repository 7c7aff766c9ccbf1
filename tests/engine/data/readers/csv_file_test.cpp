// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/csv_file.h"

#include "tests/support/files.h"
#include "tests/support/input_errors.h"

#include <QTest>

using namespace kappascope;
using kappascope::test::inputErrorOf;

namespace {

using Rows = std::vector<std::vector<std::string>>;
using Kind = CsvColumn::Kind;

Rows recordsOf(const std::string& text, char separator = ',') {
    CsvRecords records(text, separator, "f");
    Rows rows;
    while (records.next())
        rows.emplace_back(records.fields().begin(), records.fields().end());
    return rows;
}

CsvFile parsed(const std::string& text, const CsvOptions& options = {}) {
    return CsvFile::parse(text, "f", options);
}

std::vector<std::string> namesOf(const CsvFile& file) {
    std::vector<std::string> names;
    for (const auto& column : file.columns())
        names.push_back(column.name);
    return names;
}

} // namespace

class CsvFileTest : public QObject {
    Q_OBJECT
private slots:
    void recordsAreCutAtSeparatorsAndLineEnds() {
        const Rows expected{{"1", "2"}, {"3", ""}, {"", "4"}};
        QCOMPARE(recordsOf("1,2\n3,\n,4\n"), expected);
        QCOMPARE(recordsOf("1,2\r\n3,\r\n,4"), expected);
        QCOMPARE(recordsOf("1,2\r3,\r,4\r"), expected);
        QCOMPARE(recordsOf("\n \n1 , 2\n\n 3\t, \n\t, 4\n\n"), expected); // blank lines, blanks around fields
        QCOMPARE(recordsOf("1;2\n3;\n;4", ';'), expected);
        QCOMPARE(recordsOf("1\t2\n3\t\n\t4", '\t'), expected);
        QCOMPARE(recordsOf(""), Rows());
    }

    void anyNumberOfBlanksSeparatesWhereABlankDoes() {
        QCOMPARE(recordsOf("  1 2\n3   4  \n5 \t 6\n", ' '), (Rows{{"1", "2"}, {"3", "4"}, {"5", "6"}}));
    }

    void quotesProtectWhatTheyHold() {
        QCOMPARE(recordsOf("\"a,b\",\"c \"\"d\"\" e\",\"\"\n\"two\nlines\" , \" blank \"\n"),
                 (Rows{{"a,b", "c \"d\" e", ""}, {"two\nlines", " blank "}}));
        QCOMPARE(recordsOf("5\" pipe,\"\"\"\"\n"), (Rows{{"5\" pipe", "\""}}));
    }

    void linesAreCountedThroughQuotesAndBlankLines() {
        const std::string text = "a,b\r\n\r\n\"x\r\ny\",1\r\nc,2\r\n";
        CsvRecords records(text, ',', "f");
        std::vector<std::size_t> lines;
        while (records.next())
            lines.push_back(records.line());
        QCOMPARE(lines, (std::vector<std::size_t>{1, 3, 5}));
    }

    void numbersAreReadWhole() {
        QCOMPARE(parseNumber("-1.5e3"), std::optional(-1500.0));
        QCOMPARE(parseNumber("+7"), std::optional(7.0));
        QCOMPARE(parseNumber(".5"), std::optional(0.5));
        QCOMPARE(parseNumber("1e-400"), std::optional(0.0));
        for (const char* text :
             {"", "1x", "x", "1,5", "--1", "+-1", "inf", "-Infinity", "1e400", "0x10", "1 2", "+"})
            QVERIFY2(!parseNumber(text), text);
    }

    void decimalCommasAreRead() {
        const auto number = [](const char* text) { return parseNumber(text, DecimalSign::Comma); };
        QCOMPARE(number("1,5"), std::optional(1.5));
        QCOMPARE(number("-1.234,5"), std::optional(-1234.5));
        QCOMPARE(number("+1.234.567"), std::optional(1234567.0));
        QCOMPARE(number(",5e-3"), std::optional(5e-4));
        QCOMPARE(number("12"), std::optional(12.0));
        for (const char* text : {"1.5", "0.123", "1.23,4", "12345.678", "1.234.56", "1,2,3", "1,", "1,2.3",
                                 "a,5", "1.2345", "1..234", "1,-5", ".234"})
            QVERIFY2(!number(text), text);
        QVERIFY(hasDecimalComma("1,5") && hasDecimalComma("-1.234,5"));
        QVERIFY(!hasDecimalComma("1.5") && !hasDecimalComma("a,5") && !hasDecimalComma("1,2,3"));
        QVERIFY(hasDecimalPoint("1.5") && hasDecimalPoint("0.123"));
        QVERIFY(!hasDecimalPoint("1.234") && !hasDecimalPoint("1,5") && !hasDecimalPoint("a.5"));
    }

    void theDecimalSignIsFound() {
        using Sign = DecimalSign;
        const CsvFile comma = parsed("1,5;a\n2;b\n1.234,25;NA\n");
        QCOMPARE(comma.decimalSign(), Sign::Comma);
        QVERIFY(!comma.hasHeader());
        QCOMPARE(comma.columns()[0].kind, Kind::Numbers);
        QVERIFY(!comma.columns()[0].wholeNumbers);
        QCOMPARE(comma.number("1.234,25"), std::optional(1234.25));
        QCOMPARE(parsed("x\ty\n1,5\t2\n3\t4\n").decimalSign(), Sign::Comma);
        QCOMPARE(parsed("1.5;2\n3;4\n").decimalSign(), Sign::Point);
        QCOMPARE(parsed("1,5;2.5\n3;4\n").decimalSign(), Sign::Point); // both: whoever reads on says where
        QCOMPARE(parsed("1,5\n3,4\n").decimalSign(), Sign::Point);     // two columns
        QCOMPARE(parsed("1;2\n3;4\n").decimalSign(), Sign::Point);
        QCOMPARE(parsed("1.234;a\n5.678;b\n", {.decimal = Sign::Comma}).number("1.234"),
                 std::optional(1234.0));
        QCOMPARE(parsed("1,5;a\n2;b\n", {.decimal = Sign::Point}).columns()[0].kind, Kind::Text);
    }

    void readingCanBeCancelled() {
        const Cancelled cancelled = true;
        const test::Folder folder;
        const auto file = folder.write("a.csv", "1,2\n3,4\n");
        QVERIFY_THROWS_EXCEPTION(WorkCancelled, CsvFile::parse("1,2\n3,4\n", "f", {}, &cancelled));
        QVERIFY_THROWS_EXCEPTION(WorkCancelled, CsvFile::read(file, {}, &cancelled));
        QVERIFY_THROWS_EXCEPTION(WorkCancelled, previewCsv(file, {}, 20, &cancelled));
    }

    void missingValuesHaveManyNames() {
        for (const char* text : {"", "?", "NA", "na", "N/A", "NaN", "nan", "null", "NULL"})
            QVERIFY2(isMissing(text), text);
        for (const char* text : {"0", "n", "none", "nano", "-"})
            QVERIFY2(!isMissing(text), text);
    }

    void theSeparatorIsFound() {
        QCOMPARE(parsed("1,2,a\n3,4,b\n").separator(), ',');
        QCOMPARE(parsed("1;2;a\n3;4;b\n").separator(), ';');
        QCOMPARE(parsed("1,5;2,5;a\n3,5;4,5;b\n").separator(), ';'); // decimal commas
        QCOMPARE(parsed("1\t2\ta b\n3\t4\tc d\n").separator(), '\t');
        QCOMPARE(parsed("1  2 a\n3 4  b\n").separator(), ' ');
        QCOMPARE(parsed("1, 2, a\n3, 4, b\n").separator(), ',');
        QCOMPARE(parsed("x,label\n1,\"a;b;c\"\n2,\"d;e\"\n").separator(), ',');
        QCOMPARE(parsed("1|2|a\n3|4|b\n").separator(), '|');
        QCOMPARE(parsed("1,5|2,5|a\n3,5|4,5|b\n").separator(), '|');
        QCOMPARE(parsed("1:2:a\n3:4:b\n").separator(), ':');
        QCOMPARE(parsed("1,5:2,5\n3,5:4,5\n").separator(), ':');
        QCOMPARE(parsed("12:30,5,6\n12:45,7,8\n").separator(), ','); // times of day
        QCOMPARE(parsed("2024-01-01 12:30:00,5,6\n2024-01-01 12:45:00,7,8\n").separator(), ',');
        QCOMPARE(parsed("a b|5\nc d|6\n").separator(), '|');
        QCOMPARE(parsed("1\t \t2 \t a\n3 4\tb\n").separator(), ' '); // runs of blanks and tabs
        QCOMPARE(parsed("1\n2\n").separator(), ',');

        CsvOptions options;
        options.separator = ';';
        QCOMPARE(parsed("1,2\n3,4\n", options).columns().size(), std::size_t(1));
    }

    void theHeaderIsFound() {
        const CsvFile named = parsed("length, width ,\"kind, of\"\n1,2,a\n3,4,b\n");
        QVERIFY(named.hasHeader());
        QCOMPARE(namesOf(named), (std::vector<std::string>{"length", "width", "kind, of"}));
        QCOMPARE(named.rows(), std::size_t(2));

        const CsvFile plain = parsed("1,2,a\n3,4,b\n");
        QVERIFY(!plain.hasHeader());
        QCOMPARE(plain.rows(), std::size_t(2));
        QVERIFY(plain.columns()[0].name.empty());
        QVERIFY(!parsed("a,b\nc,d\n").hasHeader()); // nothing but texts: no line stands out
        QVERIFY(parsed(",x\n1,2\n").hasHeader());   // an index column without a name

        CsvOptions options;
        options.header = CsvOptions::Header::Yes;
        QCOMPARE(namesOf(parsed("2019,2020\n1,2\n", options)), (std::vector<std::string>{"2019", "2020"}));
        options.header = CsvOptions::Header::No;
        QCOMPARE(parsed("x,y\n1,2\n", options).rows(), std::size_t(2));
    }

    void columnsAreSurveyed() {
        const CsvFile file = parsed("a,b,c,d,e\n1,0.5,red,,1e300\nNA,2,blue,?,2\n3,2,red,nan,oops\n");
        const auto& columns = file.columns();
        QCOMPARE(columns[0].kind, Kind::Numbers);
        QVERIFY(columns[0].wholeNumbers);
        QCOMPARE(columns[0].missing, std::size_t(1));
        QCOMPARE(columns[0].firstMissing, std::size_t(3));
        QCOMPARE(columns[1].kind, Kind::Numbers);
        QVERIFY(!columns[1].wholeNumbers);
        QCOMPARE(columns[1].distinct, std::size_t(2));
        QCOMPARE(columns[2].kind, Kind::Text);
        QCOMPARE(columns[2].distinct, std::size_t(2));
        QCOMPARE(columns[3].kind, Kind::Empty);
        QCOMPARE(columns[3].missing, std::size_t(3));
        QCOMPARE(columns[4].kind, Kind::Text);
        QCOMPARE(columns[4].firstText, std::string("oops"));
        QCOMPARE(columns[4].firstTextLine, std::size_t(4));
    }

    void distinctValuesAreCountedUpToABound() {
        std::string text;
        for (int i = 0; i < 5000; ++i)
            text += std::to_string(i) + "," + std::to_string(i % 3) + "\n";
        const CsvFile file = parsed(text);
        QCOMPARE(file.columns()[0].distinct, CsvColumn::mostDistinct);
        QCOMPARE(file.columns()[1].distinct, std::size_t(3));
    }

    void byteOrderMarksAndLatin1AreUnderstood() {
        QCOMPARE(namesOf(parsed("\xEF\xBB\xBFx,y\n1,2\n")), (std::vector<std::string>{"x", "y"}));
        QCOMPARE(namesOf(parsed("Gr\xF6\xDF"
                                "e,y\n1,2\n"))
                     .front(),
                 std::string("Größe"));
        QCOMPARE(namesOf(parsed("Größe,y\n1,2\n")).front(), std::string("Größe"));
    }

    void columnsAreNamedOrNumbered() {
        const CsvFile file = parsed("first,3,x y\n1,2,3\n", {.header = CsvOptions::Header::Yes});
        QCOMPARE(file.columnNamed("first", "p"), std::size_t(0));
        QCOMPARE(file.columnNamed("x y", "p"), std::size_t(2));
        QCOMPARE(file.columnNamed("2", "p"), std::size_t(1));
        QCOMPARE(file.columnNamed("3", "p"), std::size_t(1)); // a name goes before a number
        QCOMPARE(inputErrorOf([&] { file.columnNamed("4", "p"); }),
                 QString("p: there is no column '4'. Did you mean '3'?"));
        QCOMPARE(inputErrorOf([&] { file.columnNamed("x z", "p"); }),
                 QString("p: there is no column 'x z'. Did you mean 'x y'?"));
        QCOMPARE(inputErrorOf([&] { parsed("1,2\n").columnNamed("x", "p"); }),
                 QString("p: there is no column 'x'. Give its number, 1 to 2."));
        QCOMPARE(inputErrorOf([&] { parsed("a,a\n1,2\n").columnNamed("a", "p"); }),
                 QString("p: more than one column is named 'a'. Give the column's number, from 1."));
    }

    void rowsComeInOrderWithTheirLines() {
        std::string seen;
        parsed("x,y\n1,2\n\n3,4\n")
            .forEachRow([&](std::size_t line, std::span<const std::string_view> fields) {
                seen += std::to_string(line) + ":" + std::string(fields[1]) + " ";
            });
        QCOMPARE(seen, std::string("2:2 4:4 "));
    }

    void malformedFilesAreRefused_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("error");
        const auto add = [](const char* what, const std::string& file, const QString& error) {
            QTest::newRow(what) << QByteArray::fromStdString(file) << error;
        };
        add("empty", "", "f: the file is empty.");
        add("blank", "\n  \n\r\n", "f: the file is empty.");
        add("short row", "x,y\n1,2\n3\n",
            "f, line 3: 1 field, expected 2 as in the first line. Columns are separated by a comma here; "
            "text that "
            "holds one needs quotes.");
        add("long row", "1;2\n3;4\n\n5;6;7\n",
            "f, line 4: 3 fields, expected 2 as in the first line. Columns are separated by a semicolon "
            "here; text that "
            "holds one needs quotes.");
        add("quote without partner", "x,y\n1,2\n\"3,4\n5,6\n",
            "f, line 3: a quote is opened and never closed. Close it, or double the quotes that belong to "
            "the text.");
        add("text behind a quote", "x,y\n1,\"a\"b\n",
            "f, line 2: text behind a closing quote, expected a separator. Double the quotes that belong to "
            "the text.");
        add("UTF-16",
            std::string("\xFF\xFE"
                        "1\0,\0",
                        6),
            "f: the text is UTF-16, expected UTF-8. Save it as UTF-8.");
        add("spreadsheet", std::string("PK\x03\x04..."),
            "f: this is a spreadsheet or a zip archive, expected text. Export the sheet as CSV.");
        add("binary", std::string("1,2\n\0,4\n", 8),
            "f: this is no text file: it has a zero byte. Export the data as CSV.");
    }

    void malformedFilesAreRefused() {
        QFETCH(QByteArray, file);
        QFETCH(QString, error);
        QCOMPARE(inputErrorOf([&] { parsed(file.toStdString()); }), error);
    }

    void aHeaderAloneIsNoData() {
        QCOMPARE(inputErrorOf([] { parsed("x,y\n", {.header = CsvOptions::Header::Yes}); }),
                 QString("f: the file has a header and no data."));
    }

    void aPreviewShowsTheFirstRows() {
        const test::Folder folder;
        std::string text = "x,kind\n";
        for (int i = 0; i < 50; ++i)
            text += std::to_string(i) + (i % 2 == 0 ? ",ev\xE9n\n" : ",NA\n");
        const CsvPreview preview = previewCsv(folder.write("a.csv.gz", test::gzipped(text)), {}, 3);
        QCOMPARE(preview.rows, (Rows{{"0", "evén"}, {"1", "NA"}, {"2", "evén"}}));
        QCOMPARE(preview.samples, std::size_t(50));
        QVERIFY(preview.header);
        QCOMPARE(preview.separator, ',');
        QCOMPARE(preview.columns[1].name, std::string("kind"));
        QCOMPARE(preview.columns[1].missing, std::size_t(25));
        QVERIFY(preview.problem.empty());
    }

    void aPreviewShowsWhatItCanOfABadFile() {
        const test::Folder folder;
        const auto ragged = folder.write("ragged.csv", "x,y\n1,2\n3,4\n5\n");
        const CsvPreview preview = previewCsv(ragged);
        QCOMPARE(preview.rows.size(), std::size_t(3));
        QCOMPARE(preview.samples, std::size_t(2));
        QVERIFY(QString::fromStdString(preview.problem)
                    .startsWith(QString::fromStdString(ragged.string()) + ", line 4: 1 field"));
        const CsvPreview quote = previewCsv(folder.write("quote.csv", "1,2\n3,\"4\n"));
        QCOMPARE(quote.rows, (Rows{{"1", "2"}}));
        QVERIFY(quote.problem.find("line 2: a quote is opened") != std::string::npos);
        QVERIFY(!inputErrorOf([&] { previewCsv(folder.path() / "nowhere.csv"); }).isEmpty());
    }
};

QTEST_APPLESS_MAIN(CsvFileTest)
#include "csv_file_test.moc"
