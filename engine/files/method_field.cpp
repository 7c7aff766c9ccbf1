// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/method_field.h"

namespace kappascope {

namespace {

Field<MethodSpec> parameterField(const Parameter& about) {
    return {about.key,
            parameterSchema(about),
            {},
            [about](MethodSpec& into, const Json& value, const std::string& place) {
                into.parameters.set(about.key, readParameter(about, value, place));
            },
            [about](const MethodSpec& from) {
                const auto& values = from.parameters.values();
                const auto found = values.find(about.key);
                return std::optional<Json>(
                    writeParameter(found == values.end() ? about.standard : found->second));
            }};
}

} // namespace

const Description& Members::at(const std::string& key, const std::string& place) const {
    for (const Description* member : list)
        if (member->key == key) return *member;
    throw InputError(place, "unknown " + kind + " '" + key + "'", suggestName(key, keys()));
}

std::vector<std::string> Members::keys() const {
    std::vector<std::string> keys;
    for (const Description* member : list)
        keys.push_back(member->key);
    return keys;
}

std::string Members::expected() const {
    std::string text = "one of";
    for (const std::string& key : keys())
        text += (text == "one of" ? " '" : ", '") + key + "'";
    return text;
}

Fields<MethodSpec> Members::fields(const Description& member) const {
    Fields<MethodSpec> fields;
    for (const auto& parameter : member.parameters)
        if (std::ranges::find(omitted, parameter.key) == omitted.end())
            fields.push_back(parameterField(parameter));
    return fields;
}

MethodSpec Members::spec(const Description& member) const {
    MethodSpec spec{member.key, {}};
    for (const auto& parameter : member.parameters)
        if (std::ranges::find(omitted, parameter.key) == omitted.end())
            spec.parameters.set(parameter.key, parameter.standard);
    return spec;
}

const Description& namedMember(const Members& members, const std::string& tag, const Json& value,
                               const std::string& place) {
    if (value.is_string()) return members.at(value.get<std::string>(), place);
    if (!value.is_object())
        throw InputError(place, "found " + describe(value) + ", expected " + members.expected() +
                                    ", or an object with '" + tag + "'");
    const std::string tagPlace = joinPath(place, tag);
    const auto named = value.find(tag);
    if (named == value.end()) {
        if (members.standard.empty()) throw InputError(tagPlace, "missing, expected " + members.expected());
        return members.at(members.standard, tagPlace);
    }
    if (!named->is_string())
        throw InputError(tagPlace, "found " + describe(*named) + ", expected " + members.expected());
    return members.at(named->get<std::string>(), tagPlace);
}

} // namespace kappascope
