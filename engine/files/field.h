// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/files/key_info.h"
#include "engine/files/parameter_json.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kappascope {

/// One key of a JSON object that holds a part of a T. Parser, writer, schema and the table of keys are all
/// made from lists of these, so that they cannot drift apart.
template<class T>
struct Field {
    std::string key;
    Json schema;               ///< of the value, with its default and description
    std::vector<KeyInfo> info; ///< of this key, or of those below it
    std::function<void(T& object, const Json& value, const std::string& place)> read;
    std::function<std::optional<Json>(const T& object)> write; ///< nothing: the key is left out
};

template<class T>
using Fields = std::vector<Field<T>>;

KeyInfo keyInfo(const std::string& path, std::string expected, const Json& schema);

/// Throws InputError when `value` is not an object, or has a key that is not `known`; `whose` ends the
/// sentence ("the data set 'moons'"), or is empty.
void checkKeys(const Json& value, const std::vector<std::string>& known, const std::string& place,
               const std::string& whose = {});

template<class T>
std::vector<std::string> keysOf(const Fields<T>& fields) {
    std::vector<std::string> keys;
    for (const auto& field : fields)
        keys.push_back(field.key);
    return keys;
}

/// Reads what `value`, an object whose keys are checked, gives; the rest of `object` stays as it is.
template<class T>
void readFields(const Fields<T>& fields, T& object, const Json& value, const std::string& place) {
    for (const auto& field : fields)
        if (const auto found = value.find(field.key); found != value.end())
            field.read(object, *found, joinPath(place, field.key));
}

template<class T>
Json writeFields(const Fields<T>& fields, const T& object) {
    Json value = Json::object();
    for (const auto& field : fields)
        if (auto written = field.write(object)) value[field.key] = std::move(*written);
    return value;
}

template<class T>
Json fieldsSchema(const Fields<T>& fields) {
    Json properties = Json::object();
    for (const auto& field : fields)
        properties[field.key] = field.schema;
    return {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

template<class T>
std::vector<KeyInfo> fieldsInfo(const Fields<T>& fields, const std::string& place) {
    std::vector<KeyInfo> all;
    for (const auto& field : fields)
        for (KeyInfo info : field.info) {
            info.path = joinPath(place, info.path);
            all.push_back(std::move(info));
        }
    return all;
}

// --- makers ---

/// A member of a type that ParameterValue holds, or of an integer type; its default is that of T{}.
template<class T, class V>
Field<T> memberField(Parameter about, V T::*member) {
    using Held = std::conditional_t<std::is_same_v<V, int>, std::int64_t, V>;
    const auto held = [member](const T& object) { return ParameterValue(Held(object.*member)); };
    about.standard = held(T{});
    const Json schema = parameterSchema(about);
    return {about.key,
            schema,
            {keyInfo(about.key, about.expected(), schema)},
            [about, member](T& object, const Json& value, const std::string& place) {
                object.*member = static_cast<V>(std::get<Held>(readParameter(about, value, place)));
            },
            [held](const T& object) { return std::optional<Json>(writeParameter(held(object))); }};
}

/// An enumeration; its values are numbered in the order of about.choices.
template<class T, class E>
Field<T> enumField(Parameter about, E T::*member) {
    const auto name = [about, member](const T& object) {
        return about.choices[static_cast<std::size_t>(object.*member)];
    };
    about.standard = name(T{});
    const Json schema = parameterSchema(about);
    return {about.key,
            schema,
            {keyInfo(about.key, about.expected(), schema)},
            [about, member](T& object, const Json& value, const std::string& place) {
                const auto chosen = std::get<std::string>(readParameter(about, value, place));
                object.*member =
                    static_cast<E>(std::ranges::find(about.choices, chosen) - about.choices.begin());
            },
            [name](const T& object) { return std::optional<Json>(name(object)); }};
}

/// The same field, left out of the document when it has its default.
template<class T>
Field<T> leftOutByDefault(Field<T> field) {
    field.write = [write = field.write, standard = field.schema.at("default")](const T& object) {
        auto written = write(object);
        return written == standard ? std::nullopt : std::move(written);
    };
    return field;
}

/// A field of a part, as a field of the whole.
template<class T, class Part>
Field<T> fieldOf(Part T::*part, Field<Part> field) {
    return {field.key, field.schema, field.info,
            [part, read = field.read](T& object, const Json& value, const std::string& place) {
                read(object.*part, value, place);
            },
            [part, write = field.write](const T& object) { return write(object.*part); }};
}

/// An object with the keys `fields`.
template<class T>
Field<T> objectField(const std::string& key, const std::string& help, Fields<T> fields) {
    Json schema = fieldsSchema(fields);
    schema["description"] = help;
    const auto info = fieldsInfo(fields, key);
    return {key, std::move(schema), info,
            [fields](T& object, const Json& value, const std::string& place) {
                checkKeys(value, keysOf(fields), place);
                readFields(fields, object, value, place);
            },
            [fields](const T& object) { return std::optional<Json>(writeFields(fields, object)); }};
}

} // namespace kappascope
