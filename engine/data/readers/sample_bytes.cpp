// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/sample_bytes.h"

#include "engine/core/error.h"
#include "engine/data/readers/file_bytes.h"
#include "engine/data/readers/mapped_file.h"

#include <algorithm>
#include <fstream>

namespace kappascope {

namespace fs = std::filesystem;

namespace {

const std::vector<std::string> storages{"auto", "memory", "mapped"};

bool isPacked(const fs::path& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error)) return false; // reading a pipe would take its bytes away
    std::string start(2, '\0');
    std::ifstream(file, std::ios::binary).read(start.data(), 2);
    return isGzip(start);
}

} // namespace

Parameter storageParameter() {
    return Parameter::choice(
        "storage", "Storage",
        "Where the images are while training: in memory; mapped: in their unpacked files, which may be "
        "larger "
        "than memory and must not change meanwhile; auto: mapped where the files have 256 MiB or more. The "
        "curves are the same.",
        "auto", storages);
}

Storage storageOf(const Parameters& parameters) {
    return static_cast<Storage>(std::ranges::find(storages, parameters.choice("storage")) - storages.begin());
}

Storage decided(Storage wanted, const std::vector<fs::path>& files) {
    const auto packed = std::ranges::find_if(files, isPacked);
    if (wanted == Storage::Mapped && packed != files.end())
        throw InputError(packed->string(), "the file is packed, so that it cannot be mapped",
                         "Unpack it with gunzip, or set data.storage to memory.");
    if (wanted != Storage::Auto) return wanted;
    std::uint64_t size = 0;
    std::error_code error;
    for (const auto& file : files)
        if (const auto bytes = fs::file_size(file, error); !error) size += bytes;
    return packed == files.end() && size >= mappedFrom ? Storage::Mapped : Storage::Memory;
}

OpenFile openFile(const fs::path& file, Storage storage, const Cancelled* cancelled) {
    if (storage == Storage::Mapped) {
        auto mapped = MappedFile::open(file);
        const std::string_view bytes = mapped->bytes();
        return {bytes, std::move(mapped)};
    }
    auto read = std::make_shared<const std::string>(readUnpacked(file, cancelled));
    const std::string_view bytes = *read;
    stopIfCancelled(cancelled);
    return {bytes, std::move(read)};
}

void SampleBytes::add(const OpenFile& file, std::size_t first, std::size_t stride, std::size_t count) {
    const auto* sample = reinterpret_cast<const std::uint8_t*>(file.bytes.data()) + first;
    if (storage_ == Storage::Mapped) {
        owners_.push_back(file.owner);
        for (std::size_t k = 0; k < count; ++k)
            starts_.push_back(sample + k * stride);
        return;
    }
    copied_.reserve(copied_.size() + count * size_);
    for (std::size_t k = 0; k < count; ++k, sample += stride)
        copied_.insert(copied_.end(), sample, sample + size_);
}

Features SampleBytes::take(double scale) {
    const auto rows = static_cast<Index>(size_);
    if (storage_ != Storage::Mapped) return Features(rows, std::move(copied_), scale);
    auto owner = std::make_shared<const std::vector<std::shared_ptr<const void>>>(std::move(owners_));
    return Features(rows, std::move(starts_), std::move(owner), scale);
}

} // namespace kappascope
