// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/data_catalog.h"
#include "engine/data/readers/sample_bytes.h"

#include <filesystem>

namespace kappascope::data_sets {

/// What a member of the CIFAR family looks like on the disk ("binary version",
/// https://www.cs.toronto.edu/~kriz/cifar.html): records of a few labels, a byte each, and an image of 3 x 32
/// x 32 bytes, channel by channel, row by row.
struct CifarFormat {
    std::string title;                      ///< "CIFAR-10"
    std::size_t labels;                     ///< labels of a record
    std::size_t label;                      ///< which of them is the class
    int classes;                            ///< labels are 0 ... classes - 1
    std::string namesFile;                  ///< holds the classes' names, a line each; may be missing
    std::vector<std::string> standardNames; ///< names without that file; empty: the labels
    std::vector<std::string> trainFiles;    ///< in this order; each may be packed (.gz)
    std::string testFile;
    std::string innerFolder; ///< of the distributed archive
};

/// `path` is the folder of the files, or one that holds the archive's `innerFolder`, or one file: that is the
/// training part then, and the test file beside it the test part. The training part is cut to the first
/// `limit` samples (0: all). Values are byte / 255. Throws InputError and WorkCancelled.
RawData loadCifar(const CifarFormat& format, const std::filesystem::path& path, std::int64_t limit,
                  Storage storage, const Cancelled* cancelled = nullptr);

} // namespace kappascope::data_sets
