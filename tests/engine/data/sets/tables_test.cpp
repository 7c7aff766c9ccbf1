// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"

#include <QTest>

#include <cmath>

using namespace kappascope;

namespace {

Dataset all(const std::string& set) {
    DataSpec spec;
    spec.set = set;
    spec.testFraction = 0;
    return loadData(spec, 1).train;
}

std::vector<int> classCounts(const Dataset& data) {
    std::vector<int> counts(static_cast<std::size_t>(data.classes()));
    for (const int label : data.labels)
        ++counts[static_cast<std::size_t>(label)];
    return counts;
}

/// The mean of the feature named `name`.
double meanOf(const Dataset& data, const std::string& name) {
    const auto at = std::ranges::find(data.featureNames, name);
    return at == data.featureNames.end() ? std::numeric_limits<double>::quiet_NaN()
                                         : featureMoments(data.x).mean[at - data.featureNames.begin()];
}

/// The documented means have this many digits.
bool near(double value, double expected, double digits = 5e-4) {
    return std::abs(value - expected) <= digits;
}

} // namespace

/// Against the numbers that the data sets' documentation and the statistics literature give.
class TablesTest : public QObject {
    Q_OBJECT
private slots:
    void iris() {
        const Dataset data = all("iris");
        QCOMPARE(data.features(), Index(4));
        QCOMPARE(classCounts(data), (std::vector<int>{50, 50, 50}));
        QCOMPARE(data.classNames, (std::vector<std::string>{"setosa", "versicolor", "virginica"}));
        QVERIFY(near(meanOf(data, "sepal length (cm)"), 5.8433));
        QVERIFY(near(meanOf(data, "sepal width (cm)"), 3.0573)); // Fisher's values; 3.054 with the two slips
        QVERIFY(near(meanOf(data, "petal length (cm)"), 3.7580));
        QVERIFY(near(meanOf(data, "petal width (cm)"), 1.1993));
    }

    void wineIsRaw() {
        const Dataset data = all("wine");
        QCOMPARE(data.features(), Index(13));
        QCOMPARE(classCounts(data), (std::vector<int>{59, 71, 48}));
        QVERIFY(near(meanOf(data, "alcohol"), 13.0006));
        QVERIFY(near(meanOf(data, "hue"), 0.9574));
        QVERIFY(near(meanOf(data, "proline"), 746.8933));
        QVERIFY(covarianceConditionNumber(data.x) > 1e6);
    }

    void breastCancerIsRaw() {
        const Dataset data = all("breast_cancer");
        QCOMPARE(data.features(), Index(30));
        QCOMPARE(classCounts(data), (std::vector<int>{212, 357}));
        QCOMPARE(data.classNames, (std::vector<std::string>{"malignant", "benign"}));
        QVERIFY(near(meanOf(data, "mean radius"), 14.1273));
        QVERIFY(near(meanOf(data, "worst area"), 880.5831));
        QVERIFY(near(meanOf(data, "error of fractal dimension"), 0.003795, 5e-7));
    }

    void digitsAreImages() {
        const Dataset data = all("digits");
        QCOMPARE(data.samples(), Index(1797));
        QVERIFY(data.image == (ImageShape{1, 8, 8}));
        QCOMPARE(classCounts(data), (std::vector<int>{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}));
        const Matrix<double> x = data.x.dense();
        QCOMPARE(x.minCoeff(), 0.0);
        QCOMPARE(x.maxCoeff(), 16.0);
        QVERIFY(near(x.mean(), 4.8842));
    }

    void theFirstDigitLooksLikeAZero() {
        DataSpec spec;
        spec.set = "digits";
        RandomStream unused(0, "unused");
        const Dataset data = dataCatalog().at("digits").load(checked(spec), unused, nullptr).samples;
        QCOMPARE(data.labels.front(), 0);
        const Matrix<double> image = data.x.dense().col(0).reshaped(8, 8).transpose(); // row by row
        const Matrix<double> middle{{0, 4, 12, 0, 0, 8, 8, 0}}; // its fourth row: two strokes, a hole between
        QVERIFY(image.row(3) == middle);
    }

    void sourcesAreNamedWithTheirLicence() {
        for (const char* set : {"iris", "wine", "breast_cancer", "digits"})
            QVERIFY2(all(set).source.find("CC BY 4.0") != std::string::npos, set);
    }
};

QTEST_APPLESS_MAIN(TablesTest)
#include "tables_test.moc"
