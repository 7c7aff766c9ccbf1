// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"

#include "tests/support/input_errors.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace kappascope;
using kappascope::test::inputErrorOf;

namespace {

constexpr double rounding = 1e-12;

DataSpec specOf(const std::string& set) {
    DataSpec spec;
    spec.set = set;
    return spec;
}

/// Samples as comparable values: features, then the label.
std::multiset<std::vector<double>> samplesOf(const Dataset& data) {
    std::multiset<std::vector<double>> samples;
    const Matrix<double> x = data.x.dense();
    for (Index i = 0; i < data.samples(); ++i) {
        std::vector<double> sample(x.col(i).begin(), x.col(i).end());
        sample.push_back(data.labels[static_cast<std::size_t>(i)]);
        samples.insert(sample);
    }
    return samples;
}

std::map<int, int> countsOf(const std::vector<int>& labels) {
    std::map<int, int> counts;
    for (const int label : labels)
        ++counts[label];
    return counts;
}

double largestDifference(const Matrix<double>& a, const Matrix<double>& b) {
    return (a - b).cwiseAbs().maxCoeff();
}

} // namespace

class LoadDataTest : public QObject {
    Q_OBJECT
private slots:
    void partsShareNoSampleAndLoseNone() {
        DataSpec whole = specOf("moons");
        whole.testFraction = 0;
        for (const double share : {0.0, 0.1, 1.0 / 3, 0.5, 0.95}) {
            DataSpec spec = whole;
            spec.testFraction = share;
            const Split split = loadData(spec, 3);
            QCOMPARE(split.test.samples(), Index(std::lround(share * spec.samples)));
            auto all = samplesOf(split.train);
            all.merge(samplesOf(split.test));
            QCOMPARE(all, samplesOf(loadData(whole, 3).train)); // random reals: no two samples are alike
        }
    }

    void loadingCanBeCancelled() {
        const Cancelled cancelled = true;
        for (const char* set : {"moons", "wine"})
            QVERIFY_THROWS_EXCEPTION(WorkCancelled, loadData(specOf(set), 3, &cancelled));
    }

    void everyClassHasItsShareInBothParts() {
        DataSpec spec = specOf("wine"); // 59, 71, 48
        spec.testFraction = 0.25;
        const auto test = countsOf(loadData(spec, 3).test.labels);
        const std::map<int, int> all{{0, 59}, {1, 71}, {2, 48}};
        for (const auto& [label, count] : all)
            QVERIFY(std::abs(test.at(label) - 0.25 * count) <= 1);
    }

    void oneSampleAtLeastIsLeftToTrainOn() {
        DataSpec spec = specOf("moons");
        spec.samples = 2;
        spec.testFraction = 0.95;
        QCOMPARE(loadData(spec, 3).train.samples(), Index(1));
    }

    void theTrainingPartIsMixed() { // iris comes sorted by class
        const Split split = loadData(specOf("iris"), 3);
        const auto first = split.train.labels.begin();
        QCOMPARE(countsOf(std::vector<int>(first, first + 30)).size(), std::size_t(3));
    }

    void theSeedDecidesAll() {
        DataSpec spec = specOf("moons");
        spec.labelNoise = 0.1;
        const Split one = loadData(spec, 3), same = loadData(spec, 3), other = loadData(spec, 4);
        QVERIFY(one.train.x.dense() == same.train.x.dense());
        QCOMPARE(one.train.labels, same.train.labels);
        QVERIFY(one.test.x.dense() == same.test.x.dense());
        QVERIFY(one.train.x.dense() != other.train.x.dense());
        QVERIFY(loadData(specOf("iris"), 3).train.x.dense() != loadData(specOf("iris"), 4).train.x.dense());
    }

    void oneDialDoesNotMoveWhatAnotherDraws() {
        DataSpec spec = specOf("moons"), noisy = spec;
        noisy.labelNoise = 0.3;
        QVERIFY(loadData(spec, 3).train.x.dense() == loadData(noisy, 3).train.x.dense());
        DataSpec shared = spec;
        shared.testFraction = 0.5;
        auto all = samplesOf(loadData(shared, 3).train), before = samplesOf(loadData(spec, 3).train);
        all.merge(samplesOf(loadData(shared, 3).test));
        before.merge(samplesOf(loadData(spec, 3).test));
        QCOMPARE(all, before);
    }

    void labelNoiseReplacesItsShareOfTrainingLabelsOnly() {
        DataSpec spec = specOf("blobs"), noisy = spec;
        noisy.labelNoise = 0.25;
        const Split clean = loadData(spec, 3), dirty = loadData(noisy, 3);
        QCOMPARE(clean.train.samples(), Index(200));
        int replaced = 0;
        for (std::size_t i = 0; i < clean.train.labels.size(); ++i) {
            replaced += clean.train.labels[i] != dirty.train.labels[i];
            QVERIFY(dirty.train.labels[i] >= 0 && dirty.train.labels[i] < 3);
        }
        QCOMPARE(replaced, 50);
        QCOMPARE(clean.test.labels, dirty.test.labels);
    }

    void labelNoiseOfARegressionMakesTargetsChangePlaces() {
        DataSpec spec = specOf("plane"), noisy = spec;
        noisy.labelNoise = 0.25;
        const Split clean = loadData(spec, 3), dirty = loadData(noisy, 3);
        QCOMPARE((clean.train.y.array() != dirty.train.y.array()).count(), Index(50));
        std::vector<double> before(clean.train.y.reshaped().begin(), clean.train.y.reshaped().end());
        std::vector<double> after(dirty.train.y.reshaped().begin(), dirty.train.y.reshaped().end());
        std::ranges::sort(before);
        std::ranges::sort(after);
        QCOMPARE(before, after);
        QVERIFY(clean.test.y == dirty.test.y);
    }

    void scaleRotationAndOffsetFollowEachOther() {
        DataSpec spec = specOf("moons"), dialled = spec;
        dialled.scale = {2, 50};
        dialled.rotation = 30;
        dialled.offset = {-1, 10};
        const Split raw = loadData(spec, 3), made = loadData(dialled, 3);
        const double c = std::sqrt(3.0) / 2, s = 0.5; // 30 degrees
        for (const auto& [from, to] : {std::pair(raw.train.x.dense(), made.train.x.dense()),
                                       std::pair(raw.test.x.dense(), made.test.x.dense())}) {
            Matrix<double> expected(2, from.cols());
            expected.row(0) = ((2 * c) * from.row(0) - (50 * s) * from.row(1)).array() - 1;
            expected.row(1) = ((2 * s) * from.row(0) + (50 * c) * from.row(1)).array() + 10;
            QVERIFY(largestDifference(to, expected) <= 50 * rounding);
        }
        QCOMPARE(raw.train.labels, made.train.labels);
    }

    void oneNumberIsForAllFeatures() {
        DataSpec spec = specOf("iris"), dialled = spec;
        dialled.scale = {3};
        dialled.offset = {7};
        QVERIFY(largestDifference(loadData(dialled, 3).train.x.dense(),
                                  (loadData(spec, 3).train.x.dense() * 3).array() + 7) <= 100 * rounding);
    }

    void anOddFeatureIsNotTurned() {
        DataSpec spec = specOf("sine"), turned = spec;
        turned.rotation = 77;
        QVERIFY(loadData(spec, 3).train.x.dense() == loadData(turned, 3).train.x.dense());
    }

    void rotationCorrelatesScaledFeaturesAndKeepsTheConditionNumber() {
        DataSpec spec = specOf("xor");
        spec.scale = {1, 100};
        const double before = covarianceConditionNumber(loadData(spec, 3).train.x);
        spec.rotation = 45;
        const Features turned = loadData(spec, 3).train.x;
        QVERIFY(std::abs(covarianceConditionNumber(turned) / before - 1) <=
                1e-8); // 1e-16 times kappa = 1e4, with room
        const FeatureMoments moments = featureMoments(turned);
        QVERIFY(std::abs(moments.deviation[0] / moments.deviation[1] - 1) < 0.1); // the scales are hidden now
    }

    void imagesStayInBytesUnlessTheyAreTurned() {
        DataSpec spec = specOf("digits");
        spec.scale = {0.1};
        spec.offset = {3};
        spec.standardize = true;
        QVERIFY(loadData(spec, 3).train.x.inBytes());
        spec.rotation = 10;
        QVERIFY(!loadData(spec, 3).train.x.inBytes());
    }

    void pixelsBecomeInputsAsChosen() {
        DataSpec spec = specOf("digits"); // bytes 0 to 16
        const Split raw = loadData(spec, 3);
        const Matrix<double> bytes = raw.train.x.dense(), testBytes = raw.test.x.dense();
        spec.pixels = PixelScaling::Unit;
        QVERIFY(largestDifference(loadData(spec, 3).train.x.dense(), bytes / 16) <= rounding);
        spec.pixels = PixelScaling::Centred;
        QVERIFY(largestDifference(loadData(spec, 3).test.x.dense(), testBytes.array() / 8 - 1) <= rounding);
        spec.pixels = PixelScaling::PerChannel; // of the one channel: by the training images' moments
        const double mean = bytes.mean(), deviation = std::sqrt((bytes.array() - mean).square().mean());
        const Split standardized = loadData(spec, 3);
        QVERIFY(largestDifference(standardized.train.x.dense(), (bytes.array() - mean) / deviation) <=
                rounding);
        QVERIFY(largestDifference(standardized.test.x.dense(), (testBytes.array() - mean) / deviation) <=
                rounding);
        spec.offset = {7}; // the dials come after
        QVERIFY(largestDifference(loadData(spec, 3).train.x.dense(),
                                  standardized.train.x.dense().array() + 7) <= rounding);
    }

    void augmentationDoesNotTouchTheData() {
        DataSpec spec = specOf("digits");
        const Split plain = loadData(spec, 3);
        spec.augmentation = {2, 1, true};
        QVERIFY(loadData(spec, 3).train.x.dense() == plain.train.x.dense());
        QVERIFY(loadData(spec, 3).test.x.dense() == plain.test.x.dense());
    }

    void bytesAndNumbersAreConditionedAlike() {
        DataSpec spec = specOf("digits");
        const Matrix<double> raw = loadData(spec, 3).train.x.dense();
        spec.scale = {0.1};
        spec.offset = {3};
        QVERIFY(largestDifference(loadData(spec, 3).train.x.dense(), (raw * 0.1).array() + 3) <= rounding);
    }

    void standardizingUsesTheTrainingMomentsForBothParts() {
        for (const char* set : {"moons", "wine", "digits"}) {
            DataSpec spec = specOf(set);
            spec.offset = {5};
            const Split raw = loadData(spec, 3);
            spec.standardize = true;
            const Split split = loadData(spec, 3);
            const FeatureMoments before = featureMoments(raw.train.x), after = featureMoments(split.train.x);
            const Matrix<double> rawTest = raw.test.x.dense(), test = split.test.x.dense();
            for (Index j = 0; j < split.train.features(); ++j) {
                const bool varies = before.deviation[j] > 0; // corners of the digits do not
                QVERIFY(std::abs(after.mean[j]) <= 1e-9);
                QVERIFY(std::abs(after.deviation[j] - (varies ? 1 : 0)) <= 1e-9);
                const double divisor = varies ? before.deviation[j] : 1;
                QVERIFY(std::abs(test(j, 0) - (rawTest(j, 0) - before.mean[j]) / divisor) <= 1e-9);
            }
        }
    }

    void theSettingsOfTheDefaultExperimentCanBeSaid() {
        DataSpec spec = specOf("xor");
        spec.samples = 20000;
        spec.noise = 0.3;
        spec.scale = {1, 100};
        spec.offset = {10};
        spec.testFraction = 0;
        const FeatureMoments moments = featureMoments(loadData(spec, 3).train.x);
        const double deviation = std::sqrt(1 + 0.3 * 0.3),
                     error = 5 / std::sqrt(20000.0); // five standard errors
        QVERIFY(std::abs(moments.mean[0] - 10) <= error * deviation);
        QVERIFY(std::abs(moments.mean[1] - 10) <= error * deviation * 100);
        QVERIFY(std::abs(moments.deviation[0] / deviation - 1) <= error);
        QVERIFY(std::abs(moments.deviation[1] / (100 * deviation) - 1) <= error);
    }

    void leftOutParametersTakeTheirDefaults() {
        const DataSpec complete = checked(specOf("spirals"));
        QCOMPARE(complete.parameters.integer("arms"), std::int64_t(2));
        QCOMPARE(complete.parameters.real("turns"), 1.5);
    }

    void badSpecsAreRefusedWithTheirPlace_data() {
        QTest::addColumn<int>("number");
        QTest::addColumn<QString>("error");
        int number = 0;
        for (const QString& error : badSpecErrors())
            QTest::newRow(qPrintable(error)) << number++ << error;
    }

    void badSpecsAreRefusedWithTheirPlace() {
        QFETCH(int, number);
        QFETCH(QString, error);
        QCOMPARE(inputErrorOf([&] { loadData(badSpecs().at(static_cast<std::size_t>(number)), 1); }), error);
    }

private:
    static std::vector<DataSpec> badSpecs() {
        std::vector<DataSpec> specs(19, specOf("moons"));
        specs[0].set = "mons";
        specs[1].parameters.set("arms", std::int64_t{3});
        specs[2] = specOf("spirals");
        specs[2].parameters.set("arm", std::int64_t{3});
        specs[3] = specOf("spirals");
        specs[3].parameters.set("arms", std::int64_t{9});
        specs[4].samples = 1;
        specs[5].noise = -1;
        specs[6].scale = {1, 2, 3};
        specs[7].scale = {1, 0};
        specs[8].offset = {0, 0, 0};
        specs[9].rotation = std::numeric_limits<double>::quiet_NaN();
        specs[10].testFraction = 1;
        specs[11] = specOf("csv");
        specs[12] = specOf("linear_regression");
        specs[12].samples = 10;
        specs[13].pixels = PixelScaling::Centred;
        specs[14].augmentation.flip = true;
        for (std::size_t i = 15; i < specs.size(); ++i)
            specs[i] = specOf("digits");
        specs[15].augmentation.shift = -1;
        specs[16].augmentation.crop = 1001;
        specs[17].augmentation.crop = 8;
        specs[18].augmentation.flip = true;
        specs[18].rotation = 1;
        return specs;
    }
    static QStringList badSpecErrors() {
        return {
            "data.set: unknown data set 'mons'. Did you mean 'moons'?",
            "data.arms: data set 'moons' has no parameter 'arms'. It has no parameters.",
            "data.arm: data set 'spirals' has no parameter 'arm'. Did you mean 'arms'?",
            "data.arms: 9 is out of range, expected a whole number in [2, 5].",
            "data.samples: 1 is out of range, expected a whole number in [2, 1000000].",
            "data.noise: -1 is out of range, expected a number in [0, 10].",
            "data.scale: 3 numbers for 2 features. Give none, one for all, or one for each feature.",
            "data.scale: 0 is out of range, expected a list of numbers, each in (0, 1000000000].",
            "data.offset: 3 numbers for 2 features. Give none, one for all, or one for each feature.",
            "data.rotation: nan is out of range, expected a number in [-360, 360].",
            "data.test_fraction: 1 is out of range, expected a number in [0, 0.95].",
            "data.path: data set 'csv' needs a file. Give its path as data.path.",
            "data.samples: 10 samples cannot fix the covariance of 10 features, expected at least 11. Use "
            "more "
            "samples or fewer features.",
            "data.pixels: the samples of data set 'moons' are not images. Leave it at 'given'; standardize "
            "does "
            "for all data.",
            "data.augmentation: the samples of data set 'moons' are not images. Leave it out.",
            "data.augmentation.shift: -1 is out of range, expected a whole number in [0, 1000].",
            "data.augmentation.crop: 1001 is out of range, expected a whole number in [0, 1000].",
            "data.augmentation.crop: 8 pixels for images of 8 x 8, expected at most 7. Nothing of them would "
            "be "
            "left.",
            "data.augmentation: rotated inputs are pixels no more, so they cannot be moved. Set "
            "data.rotation to "
            "0, or leave the augmentation out.",
        };
    }
};

QTEST_APPLESS_MAIN(LoadDataTest)
#include "load_data_test.moc"
