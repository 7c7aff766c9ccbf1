// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/core/parameters.h"
#include "engine/data/features.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace kappascope {

/// Where the bytes of image files are while they are trained on.
enum class Storage {
    Auto,   ///< in the files where they have mappedFrom bytes or more, else in memory
    Memory, ///< in memory
    Mapped  ///< in the files, which may be larger than memory
};
inline constexpr std::uint64_t mappedFrom = std::uint64_t{1} << 28;

/// The choice as a parameter `storage`, and its value.
Parameter storageParameter();
Storage storageOf(const Parameters& parameters);

/// Auto decided for `files` that make up one part of a data set; gzip files, told by their first two bytes,
/// can only be in memory: throws InputError where they were to be mapped. Files that are not there count as
/// empty.
Storage decided(Storage wanted, const std::vector<std::filesystem::path>& files);

/// The bytes of one file, which `owner` keeps.
struct OpenFile {
    std::string_view bytes;
    std::shared_ptr<const void> owner;
};

/// Maps the file, or reads (and unpacks) it; `storage` is decided(). Throws InputError and WorkCancelled.
OpenFile openFile(const std::filesystem::path& file, Storage storage, const Cancelled* cancelled = nullptr);

/// The inputs of one part of a data set, file by file: copied, or left where they are in mapped files.
class SampleBytes {
public:
    /// Samples of `size` bytes; `storage` is decided().
    SampleBytes(std::size_t size, Storage storage) : size_(size), storage_(storage) {}

    /// `count` samples, the first at `first`, each `stride` bytes behind the one before.
    void add(const OpenFile& file, std::size_t first, std::size_t stride, std::size_t count);
    /// Values are byte * scale. Ends the use of this object.
    Features take(double scale);

private:
    std::size_t size_;
    Storage storage_;
    std::vector<std::uint8_t> copied_;
    std::vector<const std::uint8_t*> starts_;
    std::vector<std::shared_ptr<const void>> owners_;
};

} // namespace kappascope
