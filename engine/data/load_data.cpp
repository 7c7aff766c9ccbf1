// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/augmentation.h"
#include "engine/data/data_catalog.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace kappascope {

namespace {

/// Training and test samples, both in a random order. Over the samples sorted by class, sample i is held out
/// where floor((i+1) f) passes floor(i f): round(f N) in all, and of every class its share to within one.
struct Parts {
    std::vector<int> train, test;
};

Parts chooseParts(const Dataset& data, double testFraction, RandomStream stream) {
    const int n = static_cast<int>(data.samples());
    std::vector<int> shuffled(static_cast<std::size_t>(n));
    std::iota(shuffled.begin(), shuffled.end(), 0);
    stream.shuffle(shuffled);

    std::vector<int> byClass = shuffled;
    if (!data.labels.empty())
        std::ranges::stable_sort(byClass, {},
                                 [&](int i) { return data.labels[static_cast<std::size_t>(i)]; });
    const std::int64_t held = std::clamp<std::int64_t>(std::llround(testFraction * n), 0, n - 1);
    std::vector<bool> isTest(shuffled.size());
    for (std::int64_t i = 0; i < n; ++i)
        isTest[static_cast<std::size_t>(byClass[static_cast<std::size_t>(i)])] =
            (i + 1) * held / n > i * held / n;

    Parts parts;
    for (const int sample : shuffled)
        (isTest[static_cast<std::size_t>(sample)] ? parts.test : parts.train).push_back(sample);
    return parts;
}

/// Gives round(share N) training samples another class; of a regression, their targets change places.
void replaceLabels(Dataset& train, double share, RandomStream stream) {
    const auto n = static_cast<std::size_t>(train.samples());
    std::vector<int> chosen(n);
    std::iota(chosen.begin(), chosen.end(), 0);
    stream.shuffle(chosen);
    chosen.resize(static_cast<std::size_t>(std::llround(share * static_cast<double>(n))));

    if (train.task == Task::Regression) {
        const Matrix<double> targets = train.y;
        for (std::size_t k = 0; k < chosen.size(); ++k) // each takes its successor's
            train.y.col(chosen[k]) = targets.col(chosen[(k + 1) % chosen.size()]);
        return;
    }
    const auto classes = static_cast<std::uint64_t>(train.classes());
    if (classes < 2) return;
    for (const int sample : chosen) {
        int& label = train.labels[static_cast<std::size_t>(sample)];
        label =
            static_cast<int>((static_cast<std::uint64_t>(label) + 1 + stream.below(classes - 1)) % classes);
    }
}

/// One number for every feature of a dial that has none, one for all, or one each.
Vector<double> perFeature(const std::vector<double>& dial, Index features, double standard,
                          const std::string& place) {
    if (dial.empty()) return Vector<double>::Constant(features, standard);
    if (dial.size() == 1) return Vector<double>::Constant(features, dial.front());
    if (static_cast<Index>(dial.size()) != features)
        throw InputError(
            place, std::to_string(dial.size()) + " numbers for " + std::to_string(features) + " features",
            "Give none, one for all, or one for each feature.");
    return Eigen::Map<const Vector<double>>(dial.data(), features);
}

/// Mean and biased deviation over all pixels and images of each channel, of black 0 and white 1.
FeatureMoments channelMoments(const Features& unit, const ImageShape& shape, const Cancelled* cancelled) {
    const FeatureMoments pixels = featureMoments(unit, cancelled);
    const Index plane = unit.rows() / shape.channels;
    FeatureMoments channels{Vector<double>(shape.channels), Vector<double>(shape.channels)};
    for (Index c = 0; c < shape.channels; ++c) {
        const auto mean = pixels.mean.segment(c * plane, plane).array();
        const auto deviation = pixels.deviation.segment(c * plane, plane).array();
        channels.mean[c] = mean.mean();
        channels.deviation[c] =
            std::sqrt((deviation.square() + (mean - channels.mean[c]).square()).mean()); // within + between
    }
    return channels;
}

/// DataSpec::pixels for both parts, by the training part's moments. The images stay in bytes.
void scalePixels(Split& split, PixelScaling scaling, const Cancelled* cancelled) {
    if (scaling == PixelScaling::Given) return;
    const Dataset& train = split.train;
    if (!train.image || !train.x.inBytes())
        throw InputError("data.pixels", "the samples of '" + train.name + "' are not images",
                         "Leave it at 'given'; standardize does for all data.");
    const Index rows = train.features(), plane = rows / train.image->channels;
    Vector<double> scale = Vector<double>::Constant(rows, 1.0 / train.white);
    Vector<double> offset = Vector<double>::Zero(rows);
    if (scaling == PixelScaling::Centred) {
        scale *= 2;
        offset.setConstant(-1);
    } else if (scaling == PixelScaling::PerChannel) {
        const FeatureMoments moments =
            channelMoments(train.x.withByteMap(scale, offset), *train.image, cancelled);
        for (Index c = 0; c < moments.mean.size(); ++c) {
            const double divisor = moments.deviation[c] > 0 ? moments.deviation[c] : 1;
            scale.segment(c * plane, plane) /= divisor;
            offset.segment(c * plane, plane).setConstant(-moments.mean[c] / divisor);
        }
    }
    for (Dataset* part : {&split.train, &split.test})
        if (part->samples() > 0) part->x = part->x.withByteMap(scale, offset);
}

/// In each of the planes (0,1), (2,3), ...: (x, y) -> (x cos - y sin, x sin + y cos).
Features rotated(const Features& x, double degrees) {
    Matrix<double> values = x.dense();
    const double angle = degrees * std::numbers::pi / 180;
    const Eigen::Matrix2d rotation{{std::cos(angle), -std::sin(angle)}, {std::sin(angle), std::cos(angle)}};
    for (Index j = 0; j + 1 < values.rows(); j += 2)
        values.middleRows(j, 2) = (rotation * values.middleRows(j, 2)).eval();
    return Features(std::move(values));
}

/// x -> R diag(scale) x + offset. Images stay in bytes unless they are rotated.
Features conditioned(const Features& x, const DataSpec& spec) {
    const Vector<double> scale = perFeature(spec.scale, x.rows(), 1, "data.scale");
    const Vector<double> offset = perFeature(spec.offset, x.rows(), 0, "data.offset");
    if (spec.scale.empty() && spec.offset.empty() && spec.rotation == 0) return x;
    if (spec.rotation == 0) return x.mapped(scale, offset);
    const Vector<double> zeros = Vector<double>::Zero(x.rows()), ones = Vector<double>::Ones(x.rows());
    return rotated(x.mapped(scale, zeros), spec.rotation).mapped(ones, offset);
}

/// Deviations to divide by: 1 for features that do not vary beyond rounding, which then become 0.
Vector<double> divisors(const FeatureMoments& moments) {
    constexpr double rounding = 1e-12;
    Vector<double> divisor = moments.deviation;
    for (Index j = 0; j < divisor.size(); ++j)
        if (divisor[j] <= rounding * std::abs(moments.mean[j])) divisor[j] = 1;
    return divisor;
}

Split splitUp(RawData raw, const DataSpec& spec, std::uint64_t seed, const Cancelled* cancelled) {
    if (raw.test) return {std::move(raw.samples), std::move(*raw.test)};
    const Parts parts = chooseParts(raw.samples, spec.testFraction, RandomStream(seed, "split"));
    stopIfCancelled(cancelled);
    Dataset train = raw.samples.select(parts.train);
    stopIfCancelled(cancelled);
    return {std::move(train), raw.samples.select(parts.test)};
}

} // namespace

Split loadData(const DataSpec& given, std::uint64_t seed, const Cancelled* cancelled) {
    const DataSpec spec = checked(given);
    const DataEntry& entry = dataCatalog().at(spec.set, "data.set");
    RandomStream samples(seed, "data");
    RawData raw = entry.load(spec, samples, cancelled);
    if (raw.samples.name.empty()) raw.samples.name = entry.key;

    stopIfCancelled(cancelled);
    Split split = splitUp(std::move(raw), spec, seed, cancelled);
    if (spec.labelNoise > 0) replaceLabels(split.train, spec.labelNoise, RandomStream(seed, "label noise"));
    scalePixels(split, spec.pixels, cancelled);
    checkAugmentation(spec.augmentation, split.train);
    for (Dataset* part : {&split.train, &split.test}) {
        stopIfCancelled(cancelled);
        part->x = conditioned(part->x, spec);
    }
    if (spec.standardize) {
        const FeatureMoments moments = featureMoments(split.train.x, cancelled);
        const Vector<double> divisor = divisors(moments);
        for (Dataset* part : {&split.train, &split.test})
            part->x = part->x.standardized(moments.mean, divisor);
    }
    return split;
}

} // namespace kappascope
