// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/studies/trained_runs.h"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace kappascope {

/// What trainings of unfinished reports have measured, in a file that grows by a line a training: a report
/// that was interrupted goes on where it was, to the same numbers. Reports of other claims may keep theirs in
/// the same file. Used by one thread.
class TrainingStore {
public:
    struct Kept {
        std::vector<TrainedRun> runs;
        double processorSeconds = 0; ///< that they took
    };

    /// Reads what is left in `file`, where there is one; a line that was cut off is none. `program` tells
    /// builds with other numbers apart, `images` the samples that are learned: what another program trained,
    /// or this one on others, is kept, and not found. Throws InputError where the file cannot be read.
    explicit TrainingStore(std::filesystem::path file, std::string program = KAPPASCOPE_VERSION,
                           std::string images = {});

    const std::filesystem::path& file() const { return file_; }
    std::size_t size() const { return kept_.size(); }
    /// Trainings of other programs in the file, which stay there.
    std::size_t ofOthers() const { return ofOthers_.size(); }
    /// Those that were found or kept by this object: of the report that is being made.
    std::size_t used() const { return used_.size(); }
    /// The training that `training` describes, completely; null where it is not kept.
    const Kept* find(const std::string& training);
    /// Throws InputError where the file cannot be written.
    void keep(const std::string& training, Kept kept);
    /// The report is whole: forgets those that were used, and removes the file where no others are left.
    /// Throws InputError where the file cannot be written.
    void removeUsed();

private:
    std::string keyOf(const std::string& training) const { return images_ + '/' + training; }
    std::string line(const std::string& key, const Kept& kept) const;

    std::filesystem::path file_;
    std::string program_, images_;
    std::map<std::string, Kept> kept_;
    std::set<std::string> used_;
    std::vector<std::string> ofOthers_; ///< their lines, as they are
    bool appended_ = false; ///< by this object; before that the last line may be one that was cut off
};

} // namespace kappascope
