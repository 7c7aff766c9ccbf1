// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/history.h"

#include <limits>

namespace kappascope {

namespace {

/// Of a series at first: enough for any plot, and little enough to be smoothed at once.
constexpr std::size_t fullCapacity = std::size_t{1} << 18;

} // namespace

History::History(std::size_t memoryBound) : memoryBound_(memoryBound) {}

void History::push(const SeriesKey& key, std::span<const Sample> samples) {
    const std::lock_guard lock(mutex_);
    Series& series = series_.try_emplace(key, fullCapacity).first->second;
    const std::size_t before = series.bytes();
    for (const Sample& sample : samples)
        series.push(sample.step, sample.value);
    bytes_ += series.bytes() - before;
    keepWithinBound();
}

void History::setMemoryBound(std::size_t memoryBound) {
    const std::lock_guard lock(mutex_);
    memoryBound_ = memoryBound;
    keepWithinBound();
}

void History::keepWithinBound() {
    while (bytes_ > memoryBound_) {
        Series* largest = nullptr;
        for (auto& [key, series] : series_)
            if (series.canHalve() && (!largest || series.bytes() > largest->bytes())) largest = &series;
        if (!largest) return; // many series in little memory: each keeps the least
        const std::size_t before = largest->bytes();
        largest->halve();
        bytes_ -= before - largest->bytes();
    }
}

void History::clear() {
    const std::lock_guard lock(mutex_);
    series_.clear();
    bytes_ = 0;
}

void History::assign(const History& other) {
    if (&other == this) return;
    const std::scoped_lock lock(mutex_, other.mutex_);
    series_ = other.series_;
    memoryBound_ = other.memoryBound_;
    bytes_ = 0;
    for (const auto& [key, series] : series_)
        bytes_ += series.bytes(); // copies have no room to grow
    keepWithinBound();
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
    Series& series = found->second;
    if (series.smoothing() != s) {
        const std::size_t before = series.bytes();
        series.setSmoothing(s);
        bytes_ += series.bytes() - before;
        keepWithinBound();
    }
    series.querySmoothed(from, to, width, out);
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
    return bytes_;
}

} // namespace kappascope
