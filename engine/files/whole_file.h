// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

namespace kappascope {

/// Replaces `file` by `text` in one go: whoever reads it sees the old or the new. Throws InputError.
void writeWholeFile(const std::filesystem::path& file, std::string_view text);

/// Makes `folder` and those above it. Throws InputError.
void makeFolder(const std::filesystem::path& folder);

/// A file that is written bit by bit under another name and appears under its own when it is finished. All
/// calls throw InputError naming the file and why: a full disk is noticed at the latest in finish().
class FileInProgress {
public:
    explicit FileInProgress(std::filesystem::path file);
    ~FileInProgress(); ///< removes what was not finished
    FileInProgress(const FileInProgress&) = delete;
    FileInProgress& operator=(const FileInProgress&) = delete;

    void write(std::string_view bytes);
    void flush(); ///< hands all to the system, so that it survives this program
    void finish();

    const std::filesystem::path& partial() const { return partial_; } ///< where the bytes are meanwhile

private:
    [[noreturn]] void fail() const; ///< from errno

    std::filesystem::path file_, partial_;
    std::FILE* stream_ = nullptr;
};

} // namespace kappascope
