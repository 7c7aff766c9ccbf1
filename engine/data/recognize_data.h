// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace kappascope {

/// The data set (a key of dataCatalog()) that a file or folder most likely holds: "idx" by its first bytes
/// (packed ones by name), "cifar10" and "cifar100" by name, or by a size of whole records, "image_folder" for
/// a PNG file and for folders with folders of no such files, "csv" for other files. Reads a few bytes; what
/// the set's reader thinks of it shows when it is loaded.
std::string recognizeDataSet(const std::filesystem::path& path);

} // namespace kappascope
