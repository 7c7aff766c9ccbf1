// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"

namespace kappascope::test {

/// A member of a catalog with one of the settings of its switches.
struct Variant {
    MethodSpec spec;
    std::string name; ///< "batch_norm post normalize_inputs ..."
};

/// Every combination of an entry's flags and choices, its numbers at their defaults.
inline std::vector<Variant> variantsOf(const Description& entry) {
    std::vector<Variant> variants{{{entry.key, Parameters(entry)}, entry.key}};
    for (const auto& parameter : entry.parameters) {
        std::vector<std::pair<ParameterValue, std::string>> values;
        if (parameter.kind == Parameter::Kind::Flag) values = {{false, ""}, {true, " " + parameter.key}};
        for (const auto& choice : parameter.choices)
            values.push_back({choice, " " + choice});
        if (values.empty()) continue;
        std::vector<Variant> more;
        for (const auto& variant : variants)
            for (const auto& [value, name] : values) {
                more.push_back(variant);
                more.back().spec.parameters.set(parameter.key, value);
                more.back().name += name;
            }
        variants = std::move(more);
    }
    return variants;
}

/// The variants of all members of a catalog.
template<class EntryType>
std::vector<Variant> variantsOf(const Catalog<EntryType>& catalog) {
    std::vector<Variant> all;
    for (const auto& entry : catalog.entries())
        for (const auto& variant : variantsOf(entry))
            all.push_back(variant);
    return all;
}

} // namespace kappascope::test
