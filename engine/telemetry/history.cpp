// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/history.h"

#include <limits>

namespace kappascope {

namespace {

/// The largest capacity whose bound fits into `bytes`; the smallest there is when none does.
std::size_t capacityWithin(std::size_t bytes) {
    std::size_t low = 0, high = bytes / sizeof(double);
    while (low < high) {
        const std::size_t middle = high - (high - low) / 2;
        if (Series::bytesAtMost(middle) <= bytes)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

} // namespace

History::History(std::size_t memoryBound, std::size_t expectedSeries)
    : capacity_(capacityWithin(memoryBound / std::max<std::size_t>(expectedSeries, 1))) {}

void History::push(const SeriesKey& key, std::span<const Sample> samples) {
    const std::lock_guard lock(mutex_);
    Series& series = series_.try_emplace(key, capacity_).first->second;
    for (const Sample& sample : samples)
        series.push(sample.step, sample.value);
}

void History::clear() {
    const std::lock_guard lock(mutex_);
    series_.clear();
}

void History::assign(const History& other) {
    if (&other == this) return;
    const std::scoped_lock lock(mutex_, other.mutex_);
    series_ = other.series_;
    capacity_ = other.capacity_;
}

const Series* History::find(const SeriesKey& key) const {
    const auto found = series_.find(key);
    return found == series_.end() ? nullptr : &found->second;
}

std::vector<SeriesKey> History::keys() const {
    const std::lock_guard lock(mutex_);
    std::vector<SeriesKey> keys;
    for (const auto& [key, series] : series_)
        keys.push_back(key);
    return keys;
}

void History::query(const SeriesKey& key, std::int64_t from, std::int64_t to, int width,
                    std::vector<Series::Block>& out) const {
    const std::lock_guard lock(mutex_);
    out.clear();
    if (const Series* series = find(key)) series->query(from, to, width, out);
}

void History::querySmoothed(const SeriesKey& key, std::int64_t from, std::int64_t to, int width, double s,
                            std::vector<Series::Block>& out) {
    const std::lock_guard lock(mutex_);
    out.clear();
    const auto found = series_.find(key);
    if (found == series_.end()) return;
    if (found->second.smoothing() != s) found->second.setSmoothing(s);
    found->second.querySmoothed(from, to, width, out);
}

Series::Block History::at(const SeriesKey& key, std::int64_t step) const {
    const std::lock_guard lock(mutex_);
    const Series* series = find(key);
    return series ? series->at(step) : Series::Block{};
}

std::int64_t History::raw(const SeriesKey& key, std::int64_t first, std::vector<std::int64_t>& steps,
                          std::vector<double>& values) const {
    const std::lock_guard lock(mutex_);
    if (const Series* series = find(key)) return series->raw(first, steps, values);
    steps.clear();
    values.clear();
    return first;
}

std::int64_t History::lastStep(const SeriesKey& key) const {
    const std::lock_guard lock(mutex_);
    const Series* series = find(key);
    return series ? series->lastStep() : -1;
}

double History::lastValue(const SeriesKey& key) const {
    const std::lock_guard lock(mutex_);
    const Series* series = find(key);
    return series ? series->lastValue() : std::numeric_limits<double>::quiet_NaN();
}

std::int64_t History::size(const SeriesKey& key) const {
    const std::lock_guard lock(mutex_);
    const Series* series = find(key);
    return series ? series->size() : 0;
}

std::size_t History::bytes() const {
    const std::lock_guard lock(mutex_);
    std::size_t bytes = 0;
    for (const auto& [key, series] : series_)
        bytes += series.bytes();
    return bytes;
}

} // namespace kappascope
