// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <regex>
#include <stdexcept>

namespace kappascope::test {

/// What of JSON Schema (draft 2020-12) the program's schema uses; any other keyword throws, so that none is
/// silently ignored.
class JsonSchema {
public:
    using Json = nlohmann::json;

    explicit JsonSchema(Json schema) : schema_(std::move(schema)) {}
    bool accepts(const Json& value) const { return accepts(schema_, value); }

private:
    static bool accepts(const Json& schema, const Json& value) {
        bool good = true;
        for (const auto& [keyword, rule] : schema.items())
            good = check(schema, keyword, rule, value) && good;
        return good;
    }

    static bool check(const Json& schema, const std::string& keyword, const Json& rule, const Json& value) {
        if (keyword == "$schema" || keyword == "title" || keyword == "description" || keyword == "default")
            return true;
        if (keyword == "type") return hasType(rule, value);
        if (keyword == "const") return value == rule;
        if (keyword == "enum") return std::find(rule.begin(), rule.end(), value) != rule.end();
        if (keyword == "oneOf")
            return std::count_if(rule.begin(), rule.end(),
                                 [&](const Json& variant) { return accepts(variant, value); }) == 1;
        if (value.is_number()) return checkNumber(keyword, rule, value);
        if (value.is_string()) return checkText(keyword, rule, value);
        if (value.is_array()) return checkList(keyword, rule, value);
        if (value.is_object()) return checkObject(schema, keyword, rule, value);
        return known(keyword);
    }

    static bool hasType(const std::string& type, const Json& value) {
        if (type == "integer")
            return value.is_number_integer() ||
                   (value.is_number_float() && value.get<double>() == std::floor(value.get<double>()));
        if (type == "number") return value.is_number();
        if (type == "string") return value.is_string();
        if (type == "boolean") return value.is_boolean();
        if (type == "array") return value.is_array();
        if (type == "object") return value.is_object();
        throw std::logic_error("type " + type);
    }

    static bool checkNumber(const std::string& keyword, const Json& rule, const Json& value) {
        if (keyword == "minimum") return value >= rule;
        if (keyword == "maximum") return value <= rule;
        if (keyword == "exclusiveMinimum") return value > rule;
        if (keyword == "exclusiveMaximum") return value < rule;
        return known(keyword);
    }

    static bool checkText(const std::string& keyword, const Json& rule, const Json& value) {
        if (keyword == "pattern")
            return std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>()));
        return known(keyword);
    }

    static bool checkList(const std::string& keyword, const Json& rule, const Json& value) {
        if (keyword == "minItems") return value.size() >= rule.get<std::size_t>();
        if (keyword == "maxItems") return value.size() <= rule.get<std::size_t>();
        if (keyword == "items")
            return std::all_of(value.begin(), value.end(),
                               [&](const Json& item) { return accepts(rule, item); });
        return known(keyword);
    }

    static bool checkObject(const Json& schema, const std::string& keyword, const Json& rule,
                            const Json& value) {
        if (keyword == "required")
            return std::all_of(rule.begin(), rule.end(),
                               [&](const Json& key) { return value.contains(key.get<std::string>()); });
        if (keyword == "properties") {
            for (const auto& [key, property] : rule.items())
                if (value.contains(key) && !accepts(property, value[key])) return false;
            return true;
        }
        if (keyword == "additionalProperties") {
            if (rule != Json(false)) throw std::logic_error("additionalProperties is not false");
            for (const auto& [key, item] : value.items())
                if (!schema["properties"].contains(key)) return false;
            return true;
        }
        return known(keyword);
    }

    /// A keyword for values of another type than the one at hand.
    static bool known(const std::string& keyword) {
        static const std::vector<std::string> all{
            "minimum",  "maximum",  "exclusiveMinimum", "exclusiveMaximum",    "pattern", "items", "minItems",
            "maxItems", "required", "properties",       "additionalProperties"};
        if (std::find(all.begin(), all.end(), keyword) == all.end())
            throw std::logic_error("the schema uses '" + keyword + "'");
        return true;
    }

    Json schema_;
};

} // namespace kappascope::test
