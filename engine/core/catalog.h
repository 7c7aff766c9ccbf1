// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/parameters.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kappascope {

/// What every catalog entry tells of itself. Menus, forms, --help, the JSON schema and the catalog tests are
/// built from it.
struct Description {
    std::string key;       ///< in files and on the command line: snake_case
    std::string label;     ///< in menus
    std::string help;      ///< one sentence
    std::string reference; ///< paper, section, equation; empty for what needs none
    std::vector<Parameter> parameters;

    const Parameter* find(std::string_view key) const;
};

/// One member of a catalog whose instances are `Base<float>` or `Base<double>`.
template<template<class> class Base>
struct Entry : Description {
    std::function<std::unique_ptr<Base<float>>(const Parameters&)> makeFloat;
    std::function<std::unique_ptr<Base<double>>(const Parameters&)> makeDouble;

    template<class S>
    std::unique_ptr<Base<S>> make(const Parameters& values) const {
        if constexpr (std::is_same_v<S, float>)
            return makeFloat(values);
        else
            return makeDouble(values);
    }
};

/// An entry for the class template `Member`, constructed from its parameters.
template<template<class> class Base, template<class> class Member>
Entry<Base> makeEntry(Description description) {
    return {std::move(description), [](const Parameters& p) { return std::make_unique<Member<float>>(p); },
            [](const Parameters& p) { return std::make_unique<Member<double>>(p); }};
}

/// The members of one family, in menu order. Built once, then read only: any thread may read.
template<class EntryType>
class Catalog {
public:
    Catalog(std::string kind, std::vector<EntryType> entries)
        : kind_(std::move(kind)), entries_(std::move(entries)) {}

    /// What a member is called in a sentence: "optimizer", "data set".
    const std::string& kind() const { return kind_; }
    const std::vector<EntryType>& entries() const { return entries_; }

    const EntryType* find(std::string_view key) const {
        for (const auto& entry : entries_)
            if (entry.key == key) return &entry;
        return nullptr;
    }

    /// The entry named `key`. Throws InputError at `place` with the nearest name when there is none.
    const EntryType& at(std::string_view key, const std::string& place = {}) const {
        if (const auto* entry = find(key)) return *entry;
        throw InputError(place, "unknown " + kind_ + " '" + std::string(key) + "'", suggestName(key, keys()));
    }

    std::vector<std::string> keys() const {
        std::vector<std::string> keys;
        for (const auto& entry : entries_)
            keys.push_back(entry.key);
        return keys;
    }

private:
    std::string kind_;
    std::vector<EntryType> entries_;
};

} // namespace kappascope
