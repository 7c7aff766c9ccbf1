// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace kappascope {

/// One line of the table of keys that a document knows.
struct KeyInfo {
    std::string path;     ///< as --set takes it: "data.noise"
    std::string expected; ///< "a number in [0, 10]"
    std::string standard; ///< the default, as JSON; empty: there is none, the key may be left out
    std::string help;     ///< one sentence
};

} // namespace kappascope
