// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/parameter_json.h"

#include "engine/core/error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace kappascope {

/// The JSON library finds it by its name.
static void to_json(Json& json, const Extent& extent) {
    if (extent.isSquare())
        json = extent.height;
    else
        json = {extent.height, extent.width};
}

namespace {

/// Integers that a double holds exactly may be written like one: 1e3, 500.0.
constexpr double largestWhole = 9007199254740992.0; // 2^53

std::optional<ParameterValue> wholeNumber(const Json& value) {
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
        return std::nullopt;
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (!value.is_number_float()) return std::nullopt;
    const double number = value.get<double>();
    if (std::abs(number) > largestWhole || number != std::floor(number)) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

constexpr std::size_t mostShown = 8; // elements of a list, in a message

/// "[3,5,7]".
std::string shown(const Json& list) {
    return list.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The first element of a list that is no number; its size when there is none.
std::size_t firstOther(const Json& list) {
    return static_cast<std::size_t>(
        std::ranges::find_if(list, [](const Json& item) { return !item.is_number(); }) - list.begin());
}

std::optional<ParameterValue> numberList(const Json& value) {
    if (!value.is_array() || firstOther(value) < value.size()) return std::nullopt;
    return value.get<std::vector<double>>();
}

/// One whole number, or [height, width].
std::optional<ParameterValue> extentValue(const Json& value) {
    const bool pair = value.is_array() && value.size() == 2;
    const auto height = wholeNumber(pair ? value[0] : value), width = wholeNumber(pair ? value[1] : value);
    if (!height || !width) return std::nullopt;
    return Extent{std::get<std::int64_t>(*height), std::get<std::int64_t>(*width)};
}

/// The value as `kind` wants it; nothing when it is of another type.
std::optional<ParameterValue> convert(Parameter::Kind kind, const Json& value) {
    switch (kind) {
    case Parameter::Kind::Flag:
        if (value.is_boolean()) return value.get<bool>();
        break;
    case Parameter::Kind::Integer:
        return wholeNumber(value);
    case Parameter::Kind::Real:
        if (value.is_number()) return value.get<double>();
        break;
    case Parameter::Kind::Choice:
    case Parameter::Kind::Text:
        if (value.is_string()) return value.get<std::string>();
        break;
    case Parameter::Kind::Numbers:
        return numberList(value);
    case Parameter::Kind::Extent:
        return extentValue(value);
    }
    return std::nullopt;
}

Json rangeSchema(const char* type, const Parameter& parameter) {
    Json schema{{"type", type}};
    schema[parameter.minimumAllowed ? "minimum" : "exclusiveMinimum"] = parameter.minimum;
    schema[parameter.maximumAllowed ? "maximum" : "exclusiveMaximum"] = parameter.maximum;
    return schema;
}

Json typeSchema(const Parameter& parameter) {
    switch (parameter.kind) {
    case Parameter::Kind::Flag:
        return {{"type", "boolean"}};
    case Parameter::Kind::Integer:
        return rangeSchema("integer", parameter);
    case Parameter::Kind::Real:
        return rangeSchema("number", parameter);
    case Parameter::Kind::Choice:
        return {{"enum", parameter.choices}};
    case Parameter::Kind::Text:
        return {{"type", "string"}};
    case Parameter::Kind::Extent:
        return {{"oneOf",
                 {rangeSchema("integer", parameter),
                  {{"type", "array"},
                   {"items", rangeSchema("integer", parameter)},
                   {"minItems", 2},
                   {"maxItems", 2}}}}};
    case Parameter::Kind::Numbers:
        break;
    }
    return {{"type", "array"}, {"items", rangeSchema("number", parameter)}};
}

} // namespace

ParameterValue readParameter(const Parameter& parameter, const Json& value, const std::string& place) {
    const auto converted = convert(parameter.kind, value);
    if (!converted && parameter.kind == Parameter::Kind::Numbers && value.is_array()) {
        const std::size_t other = firstOther(value);
        throw InputError(joinPath(place, other),
                         "found " + describe(value[other]) + ", expected " + parameter.expected());
    }
    const bool unlisted = parameter.kind == Parameter::Kind::Numbers && value.is_number();
    const bool sizes =
        parameter.kind == Parameter::Kind::Extent && value.is_array() && value.size() <= mostShown;
    if (!converted)
        throw InputError(
            place, "found " + (sizes ? shown(value) : describe(value)) + ", expected " + parameter.expected(),
            unlisted ? "Write [" + value.dump() + "]." : "");
    parameter.check(*converted, place);
    return *converted;
}

Json writeParameter(const ParameterValue& value) {
    return std::visit([](const auto& held) { return Json(held); }, value);
}

Json parameterSchema(const Parameter& parameter) {
    Json schema = typeSchema(parameter);
    schema["default"] = writeParameter(parameter.standard);
    schema["description"] = parameter.help;
    return schema;
}

} // namespace kappascope
