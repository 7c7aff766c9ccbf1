// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/whole_file.h"
#include "engine/laboratory/experiment.h"
#include "engine/telemetry/history.h"

#include <map>
#include <memory>

namespace kappascope {

/// Writes what runs measure as tidy CSV, one value a row, while they train: `run,step,metric,layer,value`.
/// `layer` is empty for what belongs to the whole network. Histories keep single values for a while only:
/// append() often enough and nothing is lost.
class HistoryCsv {
public:
    struct Source {
        int id; ///< RunSpec::id: tells runs apart through renames
        std::string name;
        std::shared_ptr<const History> history;
    };

    /// Values get 17 significant digits for float64 and 9 for float32: they read back as the same bits.
    /// Throws InputError when the file cannot be written, as do the other calls.
    HistoryCsv(const std::filesystem::path& file, Precision precision);

    /// Adds the values that are new since the last call, ordered by step, run, metric and layer.
    void append(const std::vector<Source>& runs);
    /// Adds one value.
    void write(const std::string& run, std::int64_t step, const SeriesKey& key, double value);
    /// What these hold is in the file already.
    void passOver(const std::vector<Source>& runs);
    /// Hands all to the system: it survives this program.
    void flush() { file_.flush(); }
    /// Puts the file in its place.
    void finish();

    /// Values that came too late: the history had already merged them into blocks.
    std::int64_t missed() const { return missed_; }

private:
    std::string row(const std::string& run, std::int64_t step, const SeriesKey& key, double value) const;

    FileInProgress file_;
    int digits_;
    std::map<std::pair<int, SeriesKey>, std::int64_t>
        next_; ///< of each run's series: number of the next value
    std::int64_t missed_ = 0;
};

} // namespace kappascope
