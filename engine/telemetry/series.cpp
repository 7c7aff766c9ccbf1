// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/series.h"

#include <limits>

namespace kappascope {

namespace {

/// Below this s^k no longer changes 1 - s^k; set to zero before it becomes denormal, which is slow.
constexpr double negligiblePower = 1e-20;

} // namespace

void Series::Smoother::compareWithStart(double minimum, double maximum) {
    if (!started) start = minimum;
    started = true;
    constant = constant && minimum == start && maximum == start;
}

double Series::Smoother::next(double value) {
    if (!std::isfinite(value)) return value;
    compareWithStart(value, value);
    mean = weight * mean + (1 - weight) * value; // m <- s m + (1 - s) x
    power = power < negligiblePower ? 0 : power * weight;
    return constant ? value : mean / (1 - power);
}

/// The same as `count` values that are all the block's mean.
Series::Block Series::Smoother::next(const Block& block) {
    if (block.count == 0) return block;
    compareWithStart(block.minimum, block.maximum);
    if (block.count != blockCount) { // blocks of one ring are of one length, and pow is slow
        blockCount = block.count;
        blockDecay = std::pow(weight, block.count);
    }
    mean = blockDecay * mean + (1 - blockDecay) * block.mean;
    power = power < negligiblePower ? 0 : power * blockDecay;
    Block smoothed = block;
    smoothed.mean = constant ? block.mean : mean / (1 - power);
    smoothed.front = smoothed.back = smoothed.minimum = smoothed.maximum = smoothed.mean;
    return smoothed;
}

Series::Series(std::size_t capacity) : values_(capacity) {}

void Series::push(std::int64_t step, double value) {
    values_.push(step, value);
    if (smoothed_) smoothed_->push(step, smoother_.next(value));
}

void Series::clear() {
    values_.clear();
    if (smoothed_) smoothed_->clear();
    smoother_ = Smoother{.weight = smoother_.weight};
}

std::int64_t Series::lastStep() const {
    return empty() ? -1 : values_.values().back().step;
}

double Series::lastValue() const {
    return empty() ? std::numeric_limits<double>::quiet_NaN() : values_.values().back().value;
}

void Series::query(std::int64_t from, std::int64_t to, int width, std::vector<Block>& out) const {
    values_.query(from, to, width, out);
}

Series::Block Series::at(std::int64_t step) const {
    return values_.at(step);
}

std::int64_t Series::raw(std::int64_t first, std::vector<std::int64_t>& steps,
                         std::vector<double>& values) const {
    const auto& kept = values_.values();
    const std::int64_t oldest = size() - static_cast<std::int64_t>(kept.size());
    const std::int64_t delivered = std::clamp(first, oldest, size());
    steps.clear();
    values.clear();
    for (std::int64_t i = delivered; i < size(); ++i) {
        const auto& value = kept[static_cast<std::size_t>(i - oldest)];
        steps.push_back(value.step);
        values.push_back(value.value);
    }
    return delivered;
}

void Series::setSmoothing(double s) {
    smoother_ = Smoother{.weight = s};
    if (s == 0) {
        smoothed_.reset();
        return;
    }
    if (!smoothed_) smoothed_.emplace(values_.capacity());
    values_.map(
        *smoothed_, [this](const Block& block) { return smoother_.next(block); },
        [this](double value) { return smoother_.next(value); });
}

void Series::querySmoothed(std::int64_t from, std::int64_t to, int width, std::vector<Block>& out) const {
    (smoothed_ ? *smoothed_ : values_).query(from, to, width, out);
}

void Series::halve() {
    values_.halve();
    if (smoothed_) smoothed_->halve();
}

std::size_t Series::bytes() const {
    return values_.bytes() + (smoothed_ ? smoothed_->bytes() : 0);
}

} // namespace kappascope
