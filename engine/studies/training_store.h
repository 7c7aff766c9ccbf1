// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/studies/trained_runs.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kappascope {

/// What trainings of an unfinished report have measured, in a file that grows by a line a training: a report
/// that was interrupted goes on where it was, to the same numbers. Used by one thread.
class TrainingStore {
public:
    struct Kept {
        std::vector<TrainedRun> runs;
        double processorSeconds = 0; ///< that they took
    };

    /// Reads what is left in `file`, where there is one: lines of another version of the program, and one
    /// that was cut off, are none. Throws InputError where the file cannot be read.
    explicit TrainingStore(std::filesystem::path file);

    const std::filesystem::path& file() const { return file_; }
    std::size_t size() const { return kept_.size(); }
    /// The training that `training` describes, completely; null where it is not kept.
    const Kept* find(const std::string& training) const;
    /// Throws InputError where the file cannot be written.
    void keep(const std::string& training, Kept kept);
    /// Removes the file: the report is whole.
    void remove();

private:
    std::filesystem::path file_;
    std::map<std::string, Kept> kept_;
    bool appended_ = false; ///< by this object; before that the last line may be one that was cut off
};

} // namespace kappascope
