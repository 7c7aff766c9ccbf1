// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/whole_file.h"

#include "engine/core/error.h"

#include <cerrno>
#include <cstring>
#include <utility>

namespace kappascope {

namespace fs = std::filesystem;

namespace {

std::string reason(int error) {
    return std::strerror(error);
}

} // namespace

void writeWholeFile(const fs::path& file, std::string_view text) {
    FileInProgress progress(file);
    progress.write(text);
    progress.finish();
}

void makeFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error && !fs::is_directory(folder)) error = std::make_error_code(std::errc::not_a_directory);
    if (error) throw InputError(folder.string(), "the folder cannot be made: " + reason(error.value()));
}

FileInProgress::FileInProgress(fs::path file) : file_(std::move(file)), partial_(file_) {
    // A device or a pipe cannot be replaced; it is written directly.
    std::error_code ignored;
    if (!fs::exists(file_, ignored) || fs::is_regular_file(file_, ignored)) partial_ += ".part";
    stream_ = std::fopen(partial_.c_str(), "wb");
    if (!stream_) fail();
}

FileInProgress::~FileInProgress() {
    if (!stream_) return;
    std::fclose(stream_);
    std::error_code ignored;
    if (partial_ != file_) fs::remove(partial_, ignored);
}

void FileInProgress::fail() const {
    throw InputError(file_.string(), "cannot be written: " + reason(errno));
}

void FileInProgress::write(std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), stream_) != bytes.size()) fail();
}

void FileInProgress::flush() {
    if (std::fflush(stream_) != 0) fail();
}

void FileInProgress::finish() {
    flush();
    std::FILE* stream = std::exchange(stream_, nullptr);
    if (std::fclose(stream) != 0) fail();
    if (partial_ == file_) return;
    std::error_code error;
    fs::rename(partial_, file_, error);
    if (error) throw InputError(file_.string(), "cannot be written: " + reason(error.value()));
}

} // namespace kappascope
