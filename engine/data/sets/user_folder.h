// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/data_spec.h"

#include <filesystem>
#include <string>

namespace kappascope::data_sets {

/// Where a data set lies that is known by its name but does not come with the program.
struct UserFolder {
    std::string name;   ///< of the folder within the user's data
    std::string title;  ///< of the set, for errors
    std::string advice; ///< how to get it; for errors

    /// $XDG_DATA_HOME/kappascope/NAME, by default ~/.local/share/kappascope/NAME.
    std::filesystem::path standard() const;
    /// The path that `spec` gives, else standard(). Throws InputError when the latter is not there.
    std::filesystem::path pathFor(const DataSpec& spec) const;
};

} // namespace kappascope::data_sets
