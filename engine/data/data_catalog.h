// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/core/catalog.h"
#include "engine/core/random.h"
#include "engine/data/data_spec.h"
#include "engine/data/dataset.h"

#include <optional>

namespace kappascope {

/// What a source gives: its samples and, from files that have one, a test part of their own.
struct RawData {
    Dataset samples;
    std::optional<Dataset> test;
};

/// A source of data: a generator, an embedded table, or files on disk. The readers of data files stand in
/// data/readers/, below the catalog that needs them; engine/files/ holds what an experiment writes.
struct DataEntry : Description {
    Task task = Task::Classification; ///< of a CSV file: what it most often is; Dataset::task tells
    /// Where files may hold either: what the parameters say, or nothing when only the file can tell.
    std::function<std::optional<Task>(const DataSpec&)> chosenTask;
    bool generated = false; ///< honours samples and noise; real data come as they are
    bool fromFiles = false; ///< needs DataSpec::path
    bool takesPath = false; ///< honours DataSpec::path, but does not need it
    bool images = false;    ///< samples are, or may be, pictures: honours pixels and augmentation
    /// Raw samples before scale, rotation, offset and split; `spec` is checked and complete. Draws only from
    /// `stream`. Throws InputError, and WorkCancelled where files are read.
    std::function<RawData(const DataSpec&, RandomStream& stream, const Cancelled*)> load;
};

/// All data sets, in menu order. To add one: one file in data/sets/ with a function returning its entry, and
/// one line in data_catalog.cpp.
const Catalog<DataEntry>& dataCatalog();

/// The dials that all sets share (samples, noise, scale, ...), as parameters named like DataSpec's fields in
/// the experiment file: range and help for forms, files and the schema.
const std::vector<Parameter>& dataDials();
/// Those of AugmentationSpec, in the same way.
const std::vector<Parameter>& augmentationDials();

/// The kind of target that `spec` has, as far as that is known before the data are loaded.
std::optional<Task> taskOf(const DataSpec& spec);

/// `spec` with every parameter of its set that is left out at its default. Throws InputError at "data.…" for
/// an unknown set or parameter and for values out of range.
DataSpec checked(DataSpec spec);

/// Loads, splits (every class in both parts by its share), replaces training labels, scales pixels, applies
/// scale, rotation and offset, standardizes (by the training part's moments), in this order. Deterministic in
/// (spec, seed); each purpose draws from a stream of its own. May be slow for files: call from a worker; the
/// reading can be cancelled. Throws InputError and WorkCancelled.
Split loadData(const DataSpec& spec, std::uint64_t seed, const Cancelled* cancelled = nullptr);

} // namespace kappascope
