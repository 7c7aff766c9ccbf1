// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/csv_table.h"

#include "engine/data/data_catalog.h"
#include "engine/data/readers/csv_dialect.h"
#include "tests/support/files.h"
#include "tests/support/input_errors.h"

#include <QTest>

using namespace kappascope;
using kappascope::test::inputErrorOf;

namespace {

Dataset table(const std::string& text, const CsvChoices& choices = {}, const CsvOptions& options = {}) {
    return csvDataset(CsvFile::parse(text, "f", options), choices);
}

CsvChoices withMissing(const std::string& missing) {
    CsvChoices choices;
    choices.missing = missing;
    return choices;
}

CsvChoices withTask(const std::string& task) {
    CsvChoices choices;
    choices.task = task;
    return choices;
}

const std::string fruit = "weight,kind,length\n1,pear,4\n2,apple,5\n3,pear,6\n4,fig,7\n";

} // namespace

class CsvTableTest : public QObject {
    Q_OBJECT
private slots:
    void theLastColumnIsTheTarget() {
        const Dataset data = table("a,b,c\n1,2,x\n3,4,y\n");
        QCOMPARE(data.x.dense(), (Matrix<double>{{1, 3}, {2, 4}}));
        QCOMPARE(data.featureNames, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(data.labels, (std::vector<int>{0, 1}));
    }

    void theTargetIsChosenByNameOrNumber() {
        for (const char* target : {"kind", "2"}) {
            CsvChoices choices;
            choices.target = target;
            const Dataset data = table(fruit, choices);
            QCOMPARE(data.featureNames, (std::vector<std::string>{"weight", "length"}));
            QCOMPARE(data.classNames, (std::vector<std::string>{"apple", "fig", "pear"})); // by the alphabet
            QCOMPARE(data.labels, (std::vector<int>{2, 0, 2, 1}));
        }
    }

    void columnsCanBeIgnored() {
        CsvChoices choices;
        choices.ignore = "kind";
        QCOMPARE(table(fruit, choices).features(), Index(1));
        choices.ignore = "weight, 3"; // the last of those left is the target
        QCOMPARE(inputErrorOf([&] { table(fruit, choices); }),
                 QString("data.ignore: no column is left as a feature. Ignore fewer columns."));
    }

    void columnsWithoutAHeaderAreNumbered() {
        QCOMPARE(table("1,2,a\n3,4,b\n").featureNames, (std::vector<std::string>{"column 1", "column 2"}));
    }

    void fewWholeNumbersAreClassesInTheirOrder() {
        const Dataset data = table("1,10\n2,9\n3,10\n4,9\n");
        QCOMPARE(data.task, Task::Classification);
        QCOMPARE(data.classNames, (std::vector<std::string>{"9", "10"})); // by size, not by the alphabet
        QCOMPARE(data.labels, (std::vector<int>{1, 0, 1, 0}));
    }

    void manyOrFractionalNumbersAreARegression() {
        QCOMPARE(table("1,10\n2,9\n3,8\n").task, Task::Regression); // each but once
        QCOMPARE(table("1,0.5\n2,1\n3,0.5\n4,1\n").task, Task::Regression);
        std::string many;
        for (int i = 0; i < 84; ++i)
            many += "0," + std::to_string(i % 21) + "\n";
        QCOMPARE(table(many).task, Task::Regression);
        const Dataset data = table("1,10\n2,9\n3,8\n");
        QCOMPARE(data.y, (Matrix<double>{{10, 9, 8}}));
        QVERIFY(data.labels.empty() && data.classNames.empty());
    }

    void theTaskCanBeChosen() {
        QCOMPARE(table("1,10\n2,9\n3,10\n4,9\n", withTask("regression")).y, (Matrix<double>{{10, 9, 10, 9}}));
        const Dataset data = table("1,0.5\n2,1\n3,0.25\n", withTask("classification"));
        QCOMPARE(data.classNames, (std::vector<std::string>{"0.25", "0.5", "1"}));
        QCOMPARE(data.labels, (std::vector<int>{1, 2, 0}));
    }

    void rowsWithMissingValuesCanBeDropped() {
        const Dataset data = table("1,2,a\nNA,3,b\n4,5,?\n6,7,b\n", withMissing("drop_rows"));
        QCOMPARE(data.x.dense(), (Matrix<double>{{1, 6}, {2, 7}}));
        QCOMPARE(data.labels, (std::vector<int>{0, 1}));
    }

    void missingValuesCanBecomeTheMeanOfTheirColumn() {
        const Dataset data = table("1,2,a\n,4,b\n4,,a\n9,9,\n", withMissing("mean"));
        QCOMPARE(data.x.dense(),
                 (Matrix<double>{{1, 2.5, 4}, {2, 4, 3}})); // the row without a target is gone
        QCOMPARE(data.labels, (std::vector<int>{0, 1, 0}));
    }

    void missingValuesOfIgnoredColumnsDoNotMatter() {
        CsvChoices choices;
        choices.ignore = "1";
        QCOMPARE(table("NA,2,a\n1,3,b\n", choices).samples(), Index(2));
    }

    void classNamesAreUtf8() { QCOMPARE(table("1,\xE9t\xE9\n2,x\n").classNames.back(), std::string("été")); }

    void aFileThroughTheCatalog() {
        const test::Folder folder;
        DataSpec spec;
        spec.set = "csv";
        spec.path = folder.write("fruit.csv",
                                 "weight;kind;length\r\n1;\"pear\";4\r\n2;apple;5\r\n3;pear;6\r\n4;fig;\r\n");
        spec.testFraction = 0;
        spec.scale = {10};
        spec.parameters.set("target", std::string("kind"));
        spec.parameters.set("missing", std::string("drop_rows"));
        const Dataset data = loadData(spec, 1).train;
        QCOMPARE(data.name, std::string("fruit.csv"));
        QCOMPARE(data.source, spec.path);
        QCOMPARE(data.classNames, (std::vector<std::string>{"apple", "pear"}));
        QCOMPARE(data.x.dense().sum(), 10.0 * (1 + 2 + 3 + 4 + 5 + 6));

        spec.parameters.set("separator", std::string("comma"));
        QVERIFY(inputErrorOf([&] { loadData(spec, 1); }).contains("column 1: this is the only column"));
        spec.parameters.set("separator", std::string("dash"));
        QVERIFY(inputErrorOf([&] {
                    loadData(spec, 1);
                }).startsWith("data.separator: 'dash' is unknown, expected"));
    }

    void separatorAndHeaderCanBeChosen() {
        const test::Folder folder;
        DataSpec spec;
        spec.set = "csv";
        spec.path = folder.write("years.csv", "2019 2020\n1 5\n2 5\n3 6\n4 6\n");
        QCOMPARE(loadData(spec, 1).train.samples() + loadData(spec, 1).test.samples(), Index(5));
        spec.parameters.set("header", std::string("yes"));
        spec.parameters.set("separator", std::string("space"));
        QCOMPARE(loadData(spec, 1).train.featureNames, std::vector<std::string>{"2019"});
        QCOMPARE(loadData(spec, 1).train.classNames, (std::vector<std::string>{"5", "6"}));
    }

    void everySeparatorCanBeChosen() {
        const test::Folder folder;
        DataSpec spec;
        spec.set = "csv";
        for (const char separator : csvSeparators) {
            std::string text = "1-a\n2-b\n3-a\n";
            std::ranges::replace(text, '-', separator);
            spec.path = folder.write("table.txt", text);
            for (const std::string& choice : {separatorName(separator), std::string("auto")}) {
                spec.parameters.set("separator", choice);
                QCOMPARE(loadData(spec, 1).train.classNames, (std::vector<std::string>{"a", "b"}));
            }
        }
    }

    void decimalCommasAreReadOrRefused() {
        const test::Folder folder;
        DataSpec spec;
        spec.set = "csv";
        spec.path = folder.write("german.csv", "x;y\n1,5;0,5\n1.234,5;1,25\n-2;2,75\n");
        spec.testFraction = 0;
        const Dataset data = loadData(spec, 1).train;
        QCOMPARE(data.task, Task::Regression);
        QCOMPARE(data.x.dense().sum(), 1.5 + 1234.5 - 2);
        QCOMPARE(data.y.sum(), 0.5 + 1.25 + 2.75);
        spec.parameters.set("decimal", std::string("point"));
        QVERIFY(inputErrorOf([&] {
                    loadData(spec, 1);
                }).contains("line 2, column 1 (x): '1,5' is not a number. It has a decimal comma"));
        spec.path = folder.write("english.csv", "x;y\n1.5;0\n2.5;1\n");
        spec.parameters.set("decimal", std::string("comma"));
        QVERIFY(
            inputErrorOf([&] { loadData(spec, 1); })
                .endsWith(
                    "line 2, column 1 (x): '1.5' is not a number. It has a decimal point: write all numbers "
                    "with commas, or all with points and set data.decimal to 'point'."));
    }

    void unusableTablesAreRefused_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("choice"); // "key=value"
        QTest::addColumn<QString>("error");
        const auto add = [](const char* what, const char* text, const char* choice, const char* error) {
            QTest::newRow(what) << QByteArray(text) << QString(choice) << QString(error);
        };
        const char* const numbers = "x,y\n1,0\n2,1\n3,0\n4,1\n";
        add("one column", "x\n1\n2\n", "",
            "f, column 1 (x): this is the only column, expected at least one feature and a target. Choose "
            "the separator "
            "with data.separator.");
        add("a text among the features", "x,y\n1,0\nred,1\n", "",
            "f, line 3, column 1 (x): 'red' is not a number. Turn texts into numbers, or leave the column "
            "out with "
            "data.ignore.");
        add("an infinity", "1,0\ninf,1\n", "",
            "f, line 2, column 1: 'inf' is not a number. Turn texts into numbers, or leave the column out "
            "with "
            "data.ignore.");
        const char* const oneSign =
            "It has a decimal comma: write all numbers with points, or all with commas and "
            "set data.decimal to 'comma'.";
        add("a decimal comma beside a point", "x;z;y\n1,5;2.5;a\n2,5;3.5;b\n", "",
            (std::string("f, line 2, column 1 (x): '1,5' is not a number. ") + oneSign).c_str());
        add("a decimal comma in the target", "x;y\n1.5;1,5\n2;2,5\n", "",
            (std::string("f, line 2, column 2 (y): '1,5' is not a number. ") + oneSign).c_str());
        add("a missing value", "x,y\n1,0\n,1\n3,\n", "",
            "f, line 3, column 1 (x): the value is missing (2 in all). Fill it in, or set data.missing to "
            "'drop_rows' or "
            "'mean'.");
        add("a missing target", "x,y\n1,a\n2,NA\n", "",
            "f, line 3, column 2 (y): the value is missing (1 in all). Fill it in, or set data.missing to "
            "'drop_rows' or "
            "'mean'.");
        add("an empty feature", "x,y,z\n1,,0\n2,,1\n", "",
            "f, column 2 (y): the column has no values. Leave it out with data.ignore.");
        add("an empty target", "1,2,\n3,4,\n", "",
            "f, column 3: the column has no values. Choose another data.target.");
        add("nothing left", "x,y\n1,NA\nNA,2\n", "missing=drop_rows",
            "f, column 2 (y): every row has a missing value. Set data.missing to 'mean', or leave columns "
            "out with "
            "data.ignore.");
        add("values only without a target", "x,z,y\n1,5,NA\nNA,6,2\n", "missing=mean",
            "f, column 1 (x): the column has no values in rows with a target. Leave it out with "
            "data.ignore.");
        add("an unknown target", numbers, "target=z",
            "data.target: there is no column 'z'. Did you mean 'x'?");
        add("a target out of range", "1,2\n3,4\n", "target=3",
            "data.target: there is no column '3'. Give its number, 1 to 2.");
        add("an unknown column to ignore", numbers, "ignore=q",
            "data.ignore: there is no column 'q'. Did you mean 'x'?");
        add("the target ignored", "x,z,y\n1,0,1\n2,1,1\n", "ignore=3,target=y",
            "data.ignore: the target 'y' is among the columns to ignore.");
        add("a regression of texts", "x,y\n1,a\n2,b\n", "task=regression",
            "f, line 2, column 2 (y): 'a' is not a number. Set data.task to 'classification', or choose "
            "another "
            "data.target.");
        add("a single class", "x,y\n1,a\n2,a\n", "",
            "f, column 2 (y): all samples are of one class, 'a'. Choose another data.target.");
    }

    void unusableTablesAreRefused() {
        QFETCH(QByteArray, text);
        QFETCH(QString, choice);
        QFETCH(QString, error);
        CsvChoices choices;
        for (const QString& part : choice.split(',', Qt::SkipEmptyParts)) {
            const std::string key = part.section('=', 0, 0).toStdString(),
                              value = part.section('=', 1).toStdString();
            (key == "target"   ? choices.target
             : key == "ignore" ? choices.ignore
             : key == "task"   ? choices.task
                               : choices.missing) = value;
        }
        QCOMPARE(inputErrorOf([&] { table(text.toStdString(), choices); }), error);
    }

    void tooManyClassesAreRefused() {
        std::string numbers, texts;
        for (int i = 0; i < 1500; ++i) {
            numbers += "0," + std::to_string(i) + "\n";
            texts += "0,t" + std::to_string(i) + "\n";
        }
        QCOMPARE(
            inputErrorOf([&] { table(numbers, withTask("classification")); }),
            QString("f, column 2: more than 1000 different values, too many for classes. Set data.task to "
                    "'regression'."));
        QCOMPARE(inputErrorOf([&] { table(texts); }),
                 QString("f, column 2: more than 1000 different values, too many for classes. Choose another "
                         "data.target."));
    }
};

QTEST_APPLESS_MAIN(CsvTableTest)
#include "csv_table_test.moc"
