// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/mapped_file.h"

#include "engine/core/error.h"
#include "engine/data/readers/file_bytes.h"

#if defined(__unix__) || defined(__APPLE__)
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#define KAPPASCOPE_HAS_MMAP
#endif

namespace kappascope {

namespace fs = std::filesystem;

#ifdef KAPPASCOPE_HAS_MMAP

std::shared_ptr<const MappedFile> MappedFile::open(const fs::path& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error))
        throw InputError(file.string(),
                         fs::exists(file, error) ? "this is no regular file, which alone can be mapped"
                                                 : "there is no such file",
                         "Check the path.");
    const auto size = static_cast<std::size_t>(fs::file_size(file, error));
    if (error || size == 0)
        throw InputError(file.string(), error ? "cannot be read: " + error.message() : "the file is empty");
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    void* const begin =
        descriptor < 0 ? MAP_FAILED : mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
    const int failure = errno;
    if (descriptor >= 0) close(descriptor); // the map outlives it
    if (begin == MAP_FAILED)
        throw InputError(file.string(), std::string("cannot be mapped: ") + std::strerror(failure));
    std::shared_ptr<MappedFile> mapped(new MappedFile);
    mapped->bytes_ = {static_cast<const char*>(begin), size};
    return mapped;
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

#else

std::shared_ptr<const MappedFile> MappedFile::open(const fs::path& file) {
    std::shared_ptr<MappedFile> read(new MappedFile);
    read->copy_ = readFileBytes(file);
    if (read->copy_.empty()) throw InputError(file.string(), "the file is empty");
    read->bytes_ = read->copy_;
    return read;
}

MappedFile::~MappedFile() = default;

#endif

} // namespace kappascope
