// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/png.h"

#include "engine/core/error.h"
#include "engine/data/readers/file_bytes.h"

#include <png.h>

#include <cstring>
#include <optional>

namespace kappascope {

namespace {

constexpr std::size_t signatureBytes = 8;
constexpr std::uint8_t opaque = 255;

/// What libpng is working on. It leaves by longjmp where it fails: between setjmp and there only these are
/// touched, and nothing with a destructor is made.
struct Decoder {
    std::string_view rest; ///< not yet read
    png_structp png = nullptr;
    png_infop info = nullptr;
    char failure[200] = ""; ///< libpng's words
    std::vector<std::uint8_t> bytes;
    std::vector<png_bytep> rows;

    Decoder() = default;
    ~Decoder() { png_destroy_read_struct(&png, &info, nullptr); }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
};

void takeBytes(png_structp png, png_bytep out, std::size_t count) {
    auto& rest = static_cast<Decoder*>(png_get_io_ptr(png))->rest;
    if (rest.size() < count) png_error(png, "the file ends too early");
    std::memcpy(out, rest.data(), count);
    rest.remove_prefix(count);
}

void fail(png_structp png, png_const_charp words) {
    auto* decoder = static_cast<Decoder*>(png_get_error_ptr(png));
    std::strncpy(decoder->failure, words, sizeof decoder->failure - 1);
    png_longjmp(png, 1);
}

void ignoreWarning(png_structp, png_const_charp) {}

/// The header; false where libpng fails.
bool readHeader(Decoder& decoder) {
    if (setjmp(png_jmpbuf(decoder.png))) return false;
    png_set_read_fn(decoder.png, &decoder, takeBytes);
    png_set_user_limits(decoder.png, largestPngSide, largestPngSide);
    png_read_info(decoder.png, decoder.info);
    return true;
}

/// Everything as 8-bit grey, grey + alpha, RGB or RGBA; false where libpng fails.
bool setUpRows(Decoder& decoder) {
    if (setjmp(png_jmpbuf(decoder.png))) return false;
    png_set_expand(decoder.png); // palette to RGB, few bits to 8, a transparent colour to alpha
    png_set_interlace_handling(decoder.png);
    png_read_update_info(decoder.png, decoder.info);
    return true;
}

bool readRows(Decoder& decoder) {
    if (setjmp(png_jmpbuf(decoder.png))) return false;
    png_read_image(decoder.png, decoder.rows.data());
    png_read_end(decoder.png, nullptr);
    return true;
}

[[noreturn]] void refuse(const Decoder& decoder, const std::string& place) {
    throw InputError(place, std::string("the PNG data are damaged (") + decoder.failure + ")",
                     "Save the picture anew.");
}

void checkSignature(std::string_view bytes, const std::string& place) {
    if (bytes.empty()) throw InputError(place, "the file is empty, expected a PNG picture");
    const auto* start = reinterpret_cast<png_const_bytep>(bytes.data());
    if (bytes.size() >= signatureBytes && png_sig_cmp(start, 0, signatureBytes) == 0) return;
    const bool jpeg = bytes.starts_with("\xFF\xD8\xFF");
    throw InputError(
        place, jpeg ? "this is a JPEG picture, expected PNG" : "this is no PNG file: its first bytes differ",
        "Convert the pictures to PNG.");
}

/// The interleaved samples of a picture, planes apart; alpha must be opaque.
PngImage apart(const Decoder& decoder, int width, int height, int samples, const std::string& place) {
    const bool alpha = samples % 2 == 0;
    PngImage image{alpha ? samples - 1 : samples, height, width, {}};
    const std::size_t area = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    const auto step = static_cast<std::size_t>(samples);
    image.pixels.resize(static_cast<std::size_t>(image.channels) * area);
    for (std::size_t at = 0; at < area; ++at) {
        const std::uint8_t* pixel = decoder.bytes.data() + at * step;
        if (alpha && pixel[step - 1] != opaque)
            throw InputError(place + ", row " + std::to_string(at / static_cast<std::size_t>(width) + 1) +
                                 ", column " + std::to_string(at % static_cast<std::size_t>(width) + 1),
                             "the pixel is transparent, expected an opaque picture",
                             "Save the pictures without alpha channel (flattened onto a background).");
        for (std::size_t c = 0; c < static_cast<std::size_t>(image.channels); ++c)
            image.pixels[c * area + at] = pixel[c];
    }
    return image;
}

} // namespace

PngImage decodePng(std::string_view bytes, const std::string& place) {
    checkSignature(bytes, place);
    Decoder decoder;
    decoder.rest = bytes;
    decoder.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoder, fail, ignoreWarning);
    if (decoder.png) decoder.info = png_create_info_struct(decoder.png);
    if (!decoder.info) throw std::bad_alloc();
    if (!readHeader(decoder)) refuse(decoder, place);
    const auto width = static_cast<int>(png_get_image_width(decoder.png, decoder.info));
    const auto height = static_cast<int>(png_get_image_height(decoder.png, decoder.info));
    if (png_get_bit_depth(decoder.png, decoder.info) == 16)
        throw InputError(place, "16 bits a channel, expected 8", "Convert the pictures to 8 bits a channel.");

    if (!setUpRows(decoder)) refuse(decoder, place);
    const std::size_t line = png_get_rowbytes(decoder.png, decoder.info);
    decoder.bytes.resize(line * static_cast<std::size_t>(height));
    for (int row = 0; row < height; ++row)
        decoder.rows.push_back(decoder.bytes.data() + static_cast<std::size_t>(row) * line);
    if (!readRows(decoder)) refuse(decoder, place);
    return apart(decoder, width, height, png_get_channels(decoder.png, decoder.info), place);
}

PngImage readPng(const std::filesystem::path& file) {
    return decodePng(readFileBytes(file), file.string());
}

} // namespace kappascope
