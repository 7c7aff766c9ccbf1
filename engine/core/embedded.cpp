// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/embedded.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace kappascope {

std::string_view embeddedFile(std::string_view name) {
    const auto found = std::ranges::find(embeddedFiles(), name, &EmbeddedFile::name);
    if (found == embeddedFiles().end())
        throw std::logic_error("no embedded file '" + std::string(name) + "'");
    return found->bytes;
}

} // namespace kappascope
