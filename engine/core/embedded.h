// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace kappascope {

/// A file of resources/ that is part of the program, so that it is found wherever the program is installed.
struct EmbeddedFile {
    std::string_view name; ///< within resources/: "data/iris.csv"
    std::string_view bytes;
};

/// All of them, by name. Which: engine/CMakeLists.txt.
std::span<const EmbeddedFile> embeddedFiles();

/// The bytes of `name`. Throws std::logic_error when it is not embedded.
std::string_view embeddedFile(std::string_view name);

} // namespace kappascope
