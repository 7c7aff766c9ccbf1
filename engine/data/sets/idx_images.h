// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/data_catalog.h"
#include "engine/data/readers/sample_bytes.h"
#include "engine/data/sets/user_folder.h"

namespace kappascope::data_sets {

/// Images (or other vectors of bytes) with labels in IDX files, under the names that MNIST and its kin use:
/// "...images...idx3..." beside "...labels...idx1...", "train" beside "t10k" or "test", plain or with .gz.
/// `path` is the file of the images or a folder with one set; the training part is cut to the first `limit`
/// samples (0: all). Values are byte / 255; the labels found, in order, are the classes. A file of test
/// images alone is taken as data without a test part of its own. Throws InputError and WorkCancelled.
RawData loadIdxImages(const std::filesystem::path& path, std::int64_t limit, Storage storage,
                      const Cancelled* cancelled = nullptr);

/// The same for a set with a name, from the folder DataSpec::path or else its folder in the user's data
/// (user_folder.h).
RawData loadNamedIdx(const DataSpec& spec, const UserFolder& folder, const Cancelled* cancelled);

/// The parameters `limit` and `storage`.
std::vector<Parameter> imageParameters();

} // namespace kappascope::data_sets
