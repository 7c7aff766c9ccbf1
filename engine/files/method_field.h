// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/field.h"

namespace kappascope {

/// A catalog as the files see it: what its members are called and which parameters they have.
struct Members {
    std::string kind;     ///< "optimizer"
    std::string standard; ///< key of the member that is taken when none is named; empty: one must be named
    std::vector<const Description*> list;
    std::vector<std::string> omitted; ///< parameters that are not in the file beside the others

    const Description& at(const std::string& key, const std::string& place) const;
    std::vector<std::string> keys() const;
    std::string expected() const; ///< "one of 'sgd', 'momentum', ..."
    /// The parameters of `member` as keys of an object.
    Fields<MethodSpec> fields(const Description& member) const;
    /// `member` with its defaults.
    MethodSpec spec(const Description& member) const;
    MethodSpec standardSpec() const { return spec(at(standard, {})); }
};

template<class EntryType>
Members membersOf(const Catalog<EntryType>& catalog, std::string standard,
                  std::vector<std::string> omitted = {}) {
    Members members{catalog.kind(), std::move(standard), {}, std::move(omitted)};
    for (const auto& entry : catalog.entries())
        members.list.push_back(&entry);
    return members;
}

/// A member of a catalog in a T: in the file its name, or an object that names it under `tag` and holds its
/// parameters flat beside it, and perhaps further keys of T ("data" with its "set", "optimizer" with its
/// "method", learning rate and schedule).
template<class T>
struct MethodObject {
    std::string tag; ///< "method" or "set"
    Members members;
    std::function<MethodSpec(const T&)> get;
    std::function<void(T&, MethodSpec)> set;
    /// Keys beside the member's parameters; which ones, may depend on the member.
    std::function<Fields<T>(const Description& member)> more = [](const Description&) { return Fields<T>{}; };
};

/// The member that `value`, a name or an object with the name under `tag`, names.
const Description& namedMember(const Members& members, const std::string& tag, const Json& value,
                               const std::string& place);

template<class T>
void readMethodObject(const MethodObject<T>& object, T& into, const Json& value, const std::string& place) {
    const Description& member = namedMember(object.members, object.tag, value, place);
    MethodSpec spec = object.members.spec(member);
    if (value.is_object()) {
        const auto fields = object.members.fields(member);
        std::vector<std::string> known{object.tag};
        for (const auto& key : keysOf(fields))
            known.push_back(key);
        const auto more = object.more(member);
        for (const auto& key : keysOf(more))
            known.push_back(key);
        checkKeys(value, known, place, "the " + object.members.kind + " '" + member.key + "'");
        readFields(fields, spec, value, place);
        readFields(more, into, value, place);
    }
    object.set(into, std::move(spec));
}

/// The name alone when nothing stands beside it.
template<class T>
Json writeMethodObject(const MethodObject<T>& object, const T& from) {
    const MethodSpec spec = object.get(from);
    Json value{{object.tag, spec.method}};
    const Description& member = object.members.at(spec.method, {});
    value.update(writeFields(object.members.fields(member), spec));
    value.update(writeFields(object.more(member), from));
    return value.size() == 1 ? Json(spec.method) : value;
}

template<class T>
Json methodObjectSchema(const MethodObject<T>& object, const std::string& help) {
    Json variants = Json::array({{{"enum", object.members.keys()}}});
    for (const Description* member : object.members.list) {
        Json properties{{object.tag, {{"const", member->key}}}};
        properties.update(fieldsSchema(object.members.fields(*member))["properties"]);
        properties.update(fieldsSchema(object.more(*member))["properties"]);
        Json variant{
            {"type", "object"}, {"description", member->help}, {"properties", std::move(properties)}};
        if (member->key != object.members.standard) variant["required"] = Json::array({object.tag});
        variant["additionalProperties"] = false;
        variants.push_back(std::move(variant));
    }
    return {{"description", help}, {"oneOf", std::move(variants)}};
}

template<class T>
Field<T> methodObjectField(const std::string& key, const std::string& help, const MethodObject<T>& object) {
    Json schema = methodObjectSchema(object, help);
    const std::string& standard = object.members.standard;
    if (!standard.empty()) schema["default"] = standard;
    std::vector<KeyInfo> info;
    for (const Description* member : object.members.list)
        for (KeyInfo& more : fieldsInfo(object.more(*member), key))
            if (std::ranges::find(info, more.path, &KeyInfo::path) == info.end())
                info.push_back(std::move(more));
    const std::string path = info.empty() ? key : joinPath(key, object.tag);
    info.insert(info.begin(), keyInfo(path, object.members.expected(), schema));
    return {key, std::move(schema), std::move(info),
            [object](T& into, const Json& value, const std::string& place) {
                readMethodObject(object, into, value, place);
            },
            [object](const T& from) { return std::optional<Json>(writeMethodObject(object, from)); }};
}

/// A MethodSpec with nothing beside its parameters.
template<class T>
Field<T> methodField(const std::string& key, const std::string& help, Members members, MethodSpec T::*spec) {
    MethodObject<T> object{"method", std::move(members), [spec](const T& from) { return from.*spec; },
                           [spec](T& into, MethodSpec read) { into.*spec = std::move(read); }};
    return methodObjectField(key, help, object);
}

} // namespace kappascope
