// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <set>

using namespace kappascope;

namespace {

/// Every set that needs no file: what can be loaded anywhere.
std::vector<DataEntry> loadable() {
    std::vector<DataEntry> entries;
    for (const auto& entry : dataCatalog().entries())
        if (!entry.fromFiles && !entry.takesPath) entries.push_back(entry);
    return entries;
}

DataSpec specOf(const DataEntry& entry) {
    DataSpec spec;
    spec.set = entry.key;
    return spec;
}

void isWellFormed(const Dataset& data, const DataEntry& entry) {
    const auto samples = static_cast<std::size_t>(data.samples());
    QCOMPARE(data.name, entry.key);
    QCOMPARE(data.task, entry.task);
    QVERIFY(data.x.dense().allFinite());
    QVERIFY(data.featureNames.empty() ||
            data.featureNames.size() == static_cast<std::size_t>(data.features()));
    if (data.image)
        QCOMPARE(data.features(), Index(data.image->channels * data.image->height * data.image->width));
    if (data.task == Task::Regression) {
        QCOMPARE(data.y.cols(), data.samples());
        QVERIFY(data.y.rows() >= 1 && data.y.allFinite());
        QVERIFY(data.labels.empty() && data.classNames.empty());
        return;
    }
    QCOMPARE(data.labels.size(), samples);
    QCOMPARE(data.y.size(), Index(0));
    QVERIFY(data.classes() >= 2);
    for (const int label : data.labels)
        QVERIFY(label >= 0 && label < data.classes());
    const std::set<std::string> names(data.classNames.begin(), data.classNames.end());
    QCOMPARE(names.size(), data.classNames.size());
}

void isBalanced(const Dataset& data) {
    std::vector<int> counts(static_cast<std::size_t>(data.classes()));
    for (const int label : data.labels)
        ++counts[static_cast<std::size_t>(label)];
    const auto [least, most] = std::ranges::minmax(counts);
    QVERIFY(most - least <= 1);
}

ParameterValue extremeOf(const Parameter& parameter, bool largest) {
    const double bound = largest ? parameter.maximum : parameter.minimum;
    if (parameter.kind == Parameter::Kind::Integer) return static_cast<std::int64_t>(bound);
    return bound;
}

} // namespace

class DataSetsTest : public QObject {
    Q_OBJECT
private slots:
    void entriesDescribeThemselves() {
        static const QRegularExpression snakeCase(QStringLiteral("^[a-z][a-z0-9_]*$"));
        std::set<std::string> keys, labels;
        for (const auto& entry : dataCatalog().entries()) {
            const auto key = QString::fromStdString(entry.key);
            QVERIFY2(snakeCase.match(key).hasMatch(), qPrintable(key));
            QVERIFY2(keys.insert(entry.key).second, qPrintable(key));
            QVERIFY2(labels.insert(entry.label).second, qPrintable(key));
            QVERIFY2(entry.help.ends_with('.'), qPrintable(key));
            QVERIFY2(!entry.generated || entry.help.find("noise is") != std::string::npos, qPrintable(key));
            for (const auto& parameter : entry.parameters) {
                QVERIFY2(snakeCase.match(QString::fromStdString(parameter.key)).hasMatch(), qPrintable(key));
                QVERIFY2(parameter.help.ends_with('.'), qPrintable(key));
                parameter.check(parameter.standard, "default"); // throws when out of its own range
            }
        }
        QVERIFY(keys.size() >= 21);
    }

    void parametersDoNotTakeTheNamesOfTheCommonDials() {
        for (const auto& entry : dataCatalog().entries())
            for (const auto& parameter : entry.parameters) {
                QVERIFY(parameter.key != "set" && parameter.key != "path");
                QVERIFY(parameter.key != "augmentation");
                for (const auto& dial : dataDials())
                    QVERIFY(parameter.key != dial.key);
            }
    }

    void theDialsStandAtTheDefaultsOfASpec() {
        for (const auto& dial : dataDials())
            dial.check(dial.standard, dial.key);
        QCOMPARE(dataDials().size(), std::size_t(9));
        checked(DataSpec{});
    }

    void everySetIsWellFormed() {
        for (const auto& entry : loadable()) {
            const Split split = loadData(specOf(entry), 5);
            isWellFormed(split.train, entry);
            isWellFormed(split.test, entry);
            QVERIFY(split.test.samples() > 0);
            QCOMPARE(split.train.features(), split.test.features());
            QCOMPARE(split.train.classNames, split.test.classNames);
            QVERIFY2(entry.images == split.train.image.has_value(), entry.key.c_str());
        }
    }

    void generatedSetsHaveTheirSizeAndBalance() {
        for (const auto& entry : loadable()) {
            if (!entry.generated) continue;
            DataSpec spec = specOf(entry);
            spec.testFraction = 0;
            for (const int samples : {50, 101, 1000}) {
                spec.samples = samples;
                const Dataset data = loadData(spec, 5).train;
                QCOMPARE(data.samples(), Index(samples));
                if (data.task == Task::Classification) isBalanced(data);
            }
        }
    }

    void theSameSeedGivesTheSameBits() {
        for (const auto& entry : loadable()) {
            const Split one = loadData(specOf(entry), 5), same = loadData(specOf(entry), 5);
            const Split other = loadData(specOf(entry), 6);
            QVERIFY2(one.train.x.dense() == same.train.x.dense(), entry.key.c_str());
            QVERIFY2(one.test.x.dense() == same.test.x.dense(), entry.key.c_str());
            QCOMPARE(one.train.labels, same.train.labels);
            QVERIFY2(one.train.y == same.train.y, entry.key.c_str());
            QVERIFY2(one.train.x.dense() != other.train.x.dense(), entry.key.c_str());
        }
    }

    void noiseMovesSomething() {
        for (const auto& entry : loadable()) {
            DataSpec quiet = specOf(entry), loud = quiet;
            quiet.noise = 0;
            loud.noise = 0.5;
            const Dataset a = loadData(quiet, 5).train, b = loadData(loud, 5).train;
            const bool moved = a.x.dense() != b.x.dense() || a.y != b.y;
            QVERIFY2(moved == entry.generated, entry.key.c_str());
        }
    }

    void everyEndOfEveryRangeWorks() {
        for (const auto& entry : loadable())
            for (const auto& parameter : entry.parameters)
                for (const bool largest : {false, true}) {
                    DataSpec spec = specOf(entry);
                    spec.parameters.set(parameter.key, extremeOf(parameter, largest));
                    const Split split = loadData(spec, 5);
                    QVERIFY2(split.train.x.dense().allFinite(), entry.key.c_str());
                    QCOMPARE(split.train.samples() + split.test.samples(), Index(spec.samples));
                }
    }
};

QTEST_APPLESS_MAIN(DataSetsTest)
#include "data_sets_test.moc"
