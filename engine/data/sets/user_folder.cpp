// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/user_folder.h"

#include "engine/core/error.h"

#include <cstdlib>

namespace kappascope::data_sets {

namespace fs = std::filesystem;

fs::path UserFolder::standard() const {
    const char* data = std::getenv("XDG_DATA_HOME");
    if (data && *data) return fs::path(data) / "kappascope" / name;
    const char* home = std::getenv("HOME");
    return fs::path(home ? home : "") / ".local/share/kappascope" / name;
}

fs::path UserFolder::pathFor(const DataSpec& spec) const {
    if (!spec.path.empty()) return spec.path;
    std::error_code ignored;
    if (!fs::is_directory(standard(), ignored))
        throw InputError("data.set", title + " is not in " + standard().string(), advice);
    return standard();
}

} // namespace kappascope::data_sets
