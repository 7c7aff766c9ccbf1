// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/core/random.h"
#include "engine/data/data_spec.h"
#include "engine/data/dataset.h"

namespace kappascope {

/// A source of data: a generator, an embedded table, or files on disk.
struct DataEntry : Description {
    Task task = Task::Classification;
    bool generated = false; ///< honours samples and noise; real data come as they are
    bool fromFiles = false; ///< needs DataSpec::path
    /// Raw samples before scale, rotation, offset and split. Draws only from `stream`. Throws InputError.
    std::function<Dataset(const DataSpec&, RandomStream& stream)> load;
};

/// All data sets, in menu order. To add one: one file with a function returning its entry, and one line in
/// data_catalog.cpp.
const Catalog<DataEntry>& dataCatalog();

/// Loads, dials in label noise, scale, rotation and offset, splits, standardizes (by the training part's
/// moments), in this order. Deterministic in (spec, seed). May be slow for files; call from a worker. Throws
/// InputError.
Split loadData(const DataSpec& spec, std::uint64_t seed);

} // namespace kappascope
