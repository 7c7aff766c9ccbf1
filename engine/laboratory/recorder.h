// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/stop_rules.h"
#include "engine/probes/probe.h"

#include <utility>

namespace kappascope {

/// Collects what the probes of one run measure during a chunk of steps, tells the stop rules, and hands it to
/// the history in one go. Used by the thread that trains the run.
class Recorder final : public ProbeSink {
public:
    void record(const SeriesKey& key, std::int64_t step, double value) override;
    /// Pushes what has come together to `history`.
    void flush(History& history);

    /// What is recorded of steps up to `step` from now on is dropped: they are in the history already.
    void skipUpTo(std::int64_t step) { skipUpTo_ = step; }
    std::int64_t skipUpTo() const { return skipUpTo_; }

    StopTracker& tracker() { return tracker_; }
    const StopTracker& tracker() const { return tracker_; }
    /// True once after a measurement that a stop rule looks at.
    bool takeMeasured() { return std::exchange(measured_, false); }

private:
    struct Buffer {
        SeriesKey key;
        std::vector<History::Sample> samples;
    };
    Buffer& bufferOf(const SeriesKey& key);
    void track(const SeriesKey& key, std::int64_t step, double value);

    std::vector<Buffer> buffers_;
    std::size_t next_ = 0; ///< the buffer that is likely next: probes report in a fixed order
    std::int64_t skipUpTo_ = -1;
    StopTracker tracker_;
    bool measured_ = false;
};

} // namespace kappascope
