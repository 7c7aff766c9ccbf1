// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/field.h"

#include <algorithm>

namespace kappascope {

KeyInfo keyInfo(const std::string& path, std::string expected, const Json& schema) {
    std::string standard = schema.contains("default") ? formatJson(schema["default"]) : "";
    if (!standard.empty()) standard.pop_back(); // formatJson's end of line
    return {path, std::move(expected), std::move(standard), schema.value("description", "")};
}

void checkKeys(const Json& value, const std::vector<std::string>& known, const std::string& place,
               const std::string& whose) {
    if (!value.is_object())
        throw InputError(place, "found " + describe(value) + ", expected an object { ... }");
    for (const auto& [key, item] : value.items())
        if (std::ranges::find(known, key) == known.end())
            throw InputError(joinPath(place, key), "unknown key" + (whose.empty() ? "" : " for " + whose),
                             suggestName(key, known));
}

} // namespace kappascope
