// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace kappascope {

/// JSON whose objects keep the order of their keys, so that what is written is always in the same order.
using Json = nlohmann::ordered_json;

/// Parses one JSON document. Throws InputError at `place` with line and column when it is not JSON, when a
/// key stands twice in an object (JSON libraries silently drop one), or when it is nested absurdly deep.
Json parseJson(std::string_view text, const std::string& place);

/// Two spaces a level; what fits on a line of 100 columns stands on one line, the outermost object never.
/// Numbers are the shortest text that reads back as the same bits. Ends with a newline.
std::string formatJson(const Json& value);

/// "the text "abc"", "the number 3", "a list": what was found, for error messages.
std::string describe(const Json& value);

/// place.key, and place[i]: how error messages and --set name a spot in a document.
std::string joinPath(const std::string& place, std::string_view key);
std::string joinPath(const std::string& place, std::size_t index);

} // namespace kappascope
