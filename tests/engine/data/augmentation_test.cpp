// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/augmentation.h"

#include "engine/core/random.h"

#include "tests/support/allocations.h"
#include "tests/support/input_errors.h"
#include "tests/support/small_data.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace kappascope;
using kappascope::test::firstSamples;
using kappascope::test::inputErrorOf;

namespace {

constexpr ImageShape shape{2, 4, 5};
constexpr Index pixels = 2 * 4 * 5;
constexpr int images = 300;

/// Random images; every byte is at least 1, so that black is what has come from outside.
Dataset randomImages() {
    RandomStream stream(3, "test");
    std::vector<std::uint8_t> bytes(pixels * images);
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(1 + stream.below(255));
    Dataset data;
    data.name = "images";
    data.image = shape;
    data.x = Features(pixels, std::move(bytes), 1.0);
    return data;
}

Matrix<double> augmented(const Dataset& data, const AugmentationSpec& spec, std::int64_t step,
                         std::span<const int> samples, std::uint64_t seed = 7) {
    const Augmentation augmentation(spec, shape, seed);
    auto workspace = augmentation.workspace();
    Matrix<double> out(data.features(), static_cast<Index>(samples.size()));
    augmentation.gather<double>(data.x, samples, step, out, workspace);
    return out;
}

/// The image moved by hand: padded and cut out, shifted with its edge repeated, mirrored.
Vector<double> moved(const Vector<double>& image, int cropDown, int cropRight, int shiftDown, int shiftRight,
                     bool flip) {
    const auto at = [](const Vector<double>& of, int c, int y, int x) {
        return of[(c * shape.height + y) * shape.width + x];
    };
    const auto made = [](const auto& value) {
        Vector<double> out(pixels);
        for (int c = 0; c < shape.channels; ++c)
            for (int y = 0; y < shape.height; ++y)
                for (int x = 0; x < shape.width; ++x)
                    out[(c * shape.height + y) * shape.width + x] = value(c, y, x);
        return out;
    };
    const Vector<double> cropped = made([&](int c, int y, int x) {
        const int fromY = y - cropDown, fromX = x - cropRight;
        const bool inside = fromY >= 0 && fromY < shape.height && fromX >= 0 && fromX < shape.width;
        return inside ? at(image, c, fromY, fromX) : 0.0;
    });
    const Vector<double> shifted = made([&](int c, int y, int x) {
        return at(cropped, c, std::clamp(y - shiftDown, 0, shape.height - 1),
                  std::clamp(x - shiftRight, 0, shape.width - 1));
    });
    return flip ? made([&](int c, int y, int x) { return at(shifted, c, y, shape.width - 1 - x); }) : shifted;
}

struct Moves {
    int cropDown, cropRight, shiftDown, shiftRight;
    bool flip;
    auto operator<=>(const Moves&) const = default;
};

/// All changes within the bounds of `spec` that make `out` of `image`.
std::vector<Moves> explanations(const Vector<double>& image, const Vector<double>& out,
                                const AugmentationSpec& spec) {
    std::vector<Moves> found;
    for (int a = -spec.crop; a <= spec.crop; ++a)
        for (int b = -spec.crop; b <= spec.crop; ++b)
            for (int c = -spec.shift; c <= spec.shift; ++c)
                for (int d = -spec.shift; d <= spec.shift; ++d)
                    for (int flip = 0; flip <= (spec.flip ? 1 : 0); ++flip)
                        if (moved(image, a, b, c, d, flip) == out) found.push_back({a, b, c, d, flip == 1});
    return found;
}

} // namespace

class AugmentationTest : public QObject {
    Q_OBJECT
private slots:
    void everyImageIsOneOfThoseThatTheBoundsAllow() {
        const Dataset data = randomImages();
        const auto samples = firstSamples(40);
        for (const AugmentationSpec& spec : {AugmentationSpec{1, 0, false}, AugmentationSpec{0, 2, false},
                                             AugmentationSpec{0, 0, true}, AugmentationSpec{1, 1, true}}) {
            const Matrix<double> out = augmented(data, spec, 5, samples);
            for (const int n : samples)
                QVERIFY(!explanations(data.x.dense().col(n), out.col(n), spec).empty());
        }
    }

    void allMovesComeAboutEquallyOften() {
        const Dataset data = randomImages();
        const auto samples = firstSamples(images);
        for (const AugmentationSpec& spec : {AugmentationSpec{1, 0, true}, AugmentationSpec{0, 1, true}}) {
            std::map<Moves, int> counts;
            for (std::int64_t step = 0; step < 6; ++step) {
                const Matrix<double> out = augmented(data, spec, step, samples);
                for (const int n : samples) {
                    const auto found = explanations(data.x.dense().col(n), out.col(n), spec);
                    QCOMPARE(found.size(), std::size_t(1));
                    ++counts[found.front()];
                }
            }
            QCOMPARE(counts.size(), std::size_t(18)); // 3 x 3 moves, flipped or not: 100 each on average
            for (const auto& [move, count] : counts)
                QVERIFY2(count > 60 && count < 140, std::to_string(count).c_str()); // four deviations
        }
    }

    void theSameStepIsTheSameAndOthersDiffer() {
        const Dataset data = randomImages();
        const auto samples = firstSamples(30);
        const AugmentationSpec spec{1, 1, true};
        const Matrix<double> once = augmented(data, spec, 9, samples);
        QVERIFY(once == augmented(data, spec, 9, samples));
        QVERIFY(once != augmented(data, spec, 10, samples));
        QVERIFY(once != augmented(data, spec, 9, samples, 8)); // another seed
    }

    void oneKindOfChangeDoesNotMoveAnother() {
        const Dataset data = randomImages();
        const auto samples = firstSamples(60);
        const Matrix<double> x = data.x.dense(), flips = augmented(data, {0, 0, true}, 3, samples),
                             both = augmented(data, {1, 0, true}, 3, samples);
        for (const int n : samples) {
            const bool flipped = flips.col(n) != x.col(n);
            const auto found = explanations(x.col(n), both.col(n), {1, 0, true});
            QCOMPARE(found.front().flip, flipped);
        }
    }

    void paddingIsBlackWhateverTheInputsAreScaledTo() {
        const Dataset data = randomImages();
        const auto samples = firstSamples(50);
        const AugmentationSpec spec{2, 1, true};
        const Matrix<double> plain = augmented(data, spec, 2, samples);
        Dataset scaled = data;
        const Vector<double> factor = Vector<double>::LinSpaced(pixels, 0.5, 2);
        const Vector<double> addend = Vector<double>::LinSpaced(pixels, -300, 100);
        scaled.x = data.x.mapped(factor, addend);
        const Matrix<double> expected =
            (plain.array().colwise() * factor.array()).colwise() + addend.array(); // of where a pixel arrives
        QVERIFY((augmented(scaled, spec, 2, samples) - expected).cwiseAbs().maxCoeff() <= 1e-12);
        QVERIFY((plain.array() == 0).any());
    }

    void nothingToChangeIsPlainGathering() {
        const Dataset data = randomImages();
        const std::vector<int> samples{7, 1, 7};
        Matrix<double> expected(pixels, 3);
        data.x.gather<double>(samples, expected);
        QVERIFY(augmented(data, {}, 4, samples) == expected);
        QVERIFY(!Augmentation().any());
    }

    void gatheringDoesNotAllocate() {
        const Dataset data = randomImages();
        const auto samples = firstSamples(10);
        const Augmentation augmentation({1, 1, true}, shape, 1);
        auto workspace = augmentation.workspace();
        Matrix<float> out(pixels, 10);
        const long allocations = kappascope::test::countAllocations(
            [&] { augmentation.gather<float>(data.x, samples, 1, out, workspace); });
        QVERIFY(allocations <= 0); // -1: not counted, under a sanitizer
    }

    void whatCannotBeMovedIsRefused() {
        const Dataset data = randomImages();
        const auto errorOf = [&](const AugmentationSpec& spec, const Dataset& train) {
            return inputErrorOf([&] { checkAugmentation(spec, train); });
        };
        QCOMPARE(errorOf({3, 3, true}, data), QString());
        QCOMPARE(errorOf({4, 0, false}, data),
                 "data.augmentation.crop: 4 pixels for images of 5 x 4, expected at most 3. Nothing of them "
                 "would be left.");
        QVERIFY(errorOf({0, 5, false}, data).startsWith("data.augmentation.shift: 5 pixels"));
        const Dataset table = test::classification(2, 5, 6);
        QCOMPARE(errorOf({}, table), QString());
        QCOMPARE(errorOf({0, 0, true}, table),
                 "data.augmentation: the samples of 'labels' are not images. Leave it out.");
    }
};

QTEST_APPLESS_MAIN(AugmentationTest)
#include "augmentation_test.moc"
