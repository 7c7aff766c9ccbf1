// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/telemetry/series.h"

#include <compare>
#include <map>
#include <mutex>
#include <span>
#include <string>

namespace kappascope {

/// Names one measured series: an instrument's key and the dense layer it belongs to, or wholeNetwork.
struct SeriesKey {
    static constexpr int wholeNetwork = -1;
    std::string metric; ///< "train_loss": key in the probe catalog
    int layer = wholeNetwork;
    auto operator<=>(const SeriesKey&) const = default;
};

/// Everything that one run has measured. Thread-safe: the run's thread pushes in batches, the window and the
/// command line read. Calls hold a lock for as long as they copy, microseconds.
class History {
public:
    /// `memoryBound` in bytes holds for all series together, smoothed curves included: when they outgrow it
    /// the largest one forgets, so that each has what it needs for as long as there is room.
    explicit History(std::size_t memoryBound = std::size_t{64} << 20);

    /// A value on its way into the history.
    struct Sample {
        std::int64_t step;
        double value;
    };
    /// The writer's side: pushes `samples` (steps not decreasing) to the series `key`.
    void push(const SeriesKey& key, std::span<const Sample> samples);
    /// From now on; forgets what is beyond it.
    void setMemoryBound(std::size_t memoryBound);
    void clear();
    /// A copy of all that is kept, for forks. Series stay independent afterwards.
    void assign(const History& other);

    std::vector<SeriesKey> keys() const;
    void query(const SeriesKey& key, std::int64_t from, std::int64_t to, int width,
               std::vector<Series::Block>& out) const;
    void querySmoothed(const SeriesKey& key, std::int64_t from, std::int64_t to, int width, double s,
                       std::vector<Series::Block>& out);
    Series::Block at(const SeriesKey& key, std::int64_t step) const;
    /// See Series::raw.
    std::int64_t raw(const SeriesKey& key, std::int64_t first, std::vector<std::int64_t>& steps,
                     std::vector<double>& values) const;
    std::int64_t lastStep(const SeriesKey& key) const; ///< -1 when there is none
    double lastValue(const SeriesKey& key) const;      ///< NaN when there is none
    std::int64_t size(const SeriesKey& key) const;
    std::size_t bytes() const;

private:
    const Series* find(const SeriesKey& key) const; ///< under the lock; null for an unknown key
    void keepWithinBound();

    mutable std::mutex mutex_;
    std::map<SeriesKey, Series> series_;
    std::size_t memoryBound_;
    std::size_t bytes_ = 0; ///< of all series
};

} // namespace kappascope
