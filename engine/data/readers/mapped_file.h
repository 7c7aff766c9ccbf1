// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace kappascope {

/// A whole file as bytes that the system reads as they are looked at (POSIX mmap), so that it may be larger
/// than memory; elsewhere read into memory. Read only. The file must not change meanwhile: where it has
/// become shorter, looking at what is gone ends the program. Any thread.
class MappedFile {
public:
    /// Throws InputError naming the file: not there, not a regular file, empty, not readable.
    static std::shared_ptr<const MappedFile> open(const std::filesystem::path& file);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::string_view bytes() const { return bytes_; }

private:
    MappedFile() = default;

    std::string_view bytes_;
    std::string copy_; ///< where nothing can be mapped
};

} // namespace kappascope
