// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/file_bytes.h"

#include "engine/core/error.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <new>
#include <utility>

namespace kappascope {

namespace {

constexpr std::size_t chunk = 1 << 20;
constexpr int gzipOnly = 16; ///< added to zlib's window bits

/// Unpacks a gzip stream that is fed slice by slice.
class Inflater {
public:
    Inflater(std::string place, std::uint64_t most, const Cancelled* cancelled)
        : place_(std::move(place)), most_(most), cancelled_(cancelled) {
        if (inflateInit2(&stream_, MAX_WBITS + gzipOnly) != Z_OK) throw std::bad_alloc();
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    void feed(std::string_view slice) {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(slice.data())); // zlib only reads it
        stream_.avail_in = static_cast<uInt>(slice.size());
        do
            step();
        while (stream_.avail_in > 0 || stream_.avail_out == 0);
    }

    /// All that was unpacked. Throws when the last member has no end.
    std::string finish() {
        if (!memberEnded_)
            throw InputError(place_,
                             "the gzip data end too early, after " + std::to_string(unpacked_.size()) +
                                 " unpacked bytes",
                             "The file is truncated; fetch it again.");
        return std::move(unpacked_);
    }

private:
    void step() {
        stopIfCancelled(cancelled_);
        if (memberEnded_ && stream_.avail_in > 0) { // another member follows
            inflateReset(&stream_);
            memberEnded_ = false;
        }
        stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
        stream_.avail_out = static_cast<uInt>(buffer_.size());
        if (memberEnded_) return;
        const int status = inflate(&stream_, Z_NO_FLUSH);
        unpacked_.append(buffer_.data(), buffer_.size() - stream_.avail_out);
        memberEnded_ = status == Z_STREAM_END;
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
            throw InputError(place_,
                             std::string("the gzip data are damaged") +
                                 (stream_.msg ? std::string(" (") + stream_.msg + ")" : std::string()),
                             "Fetch the file again.");
        if (unpacked_.size() > most_)
            throw InputError(place_, "unpacks to more than " + std::to_string(most_) + " bytes");
    }

    std::string place_;
    std::uint64_t most_;
    const Cancelled* cancelled_;
    z_stream stream_{};
    bool memberEnded_ = false;
    std::string unpacked_, buffer_ = std::string(chunk, '\0');
};

} // namespace

std::string readFileBytes(const std::filesystem::path& file, const Cancelled* cancelled) {
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status))
        throw InputError(file.string(), "there is no such file", "Check the path.");
    if (std::filesystem::is_directory(status))
        throw InputError(file.string(), "this is a folder, expected a file");
    if (std::filesystem::is_character_file(status) || std::filesystem::is_block_file(status))
        throw InputError(file.string(), "this is a device, expected a file");

    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::string bytes;
    const auto refuseIfTooLarge = [&file](std::uint64_t size) {
        if (size > mostFileBytes)
            throw InputError(file.string(),
                             "the file has more than " + std::to_string(mostFileBytes) + " bytes",
                             "Use a part of it.");
    };
    if (const auto size = std::filesystem::file_size(file, error); !error) { // a pipe has none
        refuseIfTooLarge(size);
        bytes.reserve(size);
    }
    std::string buffer(chunk, '\0');
    while (stream.read(buffer.data(), static_cast<std::streamsize>(chunk)) || stream.gcount() > 0) {
        stopIfCancelled(cancelled);
        bytes.append(buffer.data(), static_cast<std::size_t>(stream.gcount()));
        refuseIfTooLarge(bytes.size());
    }
    if (!stream.is_open() || stream.bad())
        throw InputError(file.string(), std::string("cannot be read: ") + std::strerror(errno));
    return bytes;
}

std::optional<std::filesystem::path> packedOrNot(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    const std::string plain = name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name;
    std::error_code ignored;
    for (const std::string& candidate : {name, plain, plain + ".gz"})
        if (const auto found = file.parent_path() / candidate;
            std::filesystem::is_regular_file(found, ignored))
            return found;
    return std::nullopt;
}

bool isGzip(std::string_view bytes) {
    return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

std::string gunzip(std::string_view packed, const std::string& place, std::uint64_t most,
                   const Cancelled* cancelled) {
    Inflater inflater(place, most, cancelled);
    for (std::size_t first = 0; first < packed.size(); first += chunk)
        inflater.feed(packed.substr(first, chunk));
    return inflater.finish();
}

std::string readUnpacked(const std::filesystem::path& file, const Cancelled* cancelled) {
    std::string bytes = readFileBytes(file, cancelled);
    return isGzip(bytes) ? gunzip(bytes, file.string(), mostFileBytes, cancelled) : bytes;
}

} // namespace kappascope
