// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/parameters.h"

#include "engine/core/catalog.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace kappascope {

namespace {

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.10g", value);
    return text;
}

Parameter make(std::string key, std::string label, std::string help, Parameter::Kind kind,
               ParameterValue standard) {
    Parameter parameter;
    parameter.key = std::move(key);
    parameter.label = std::move(label);
    parameter.help = std::move(help);
    parameter.kind = kind;
    parameter.standard = std::move(standard);
    return parameter;
}

} // namespace

Parameter Parameter::flag(std::string key, std::string label, std::string help, bool standard) {
    return make(std::move(key), std::move(label), std::move(help), Kind::Flag, standard);
}

Parameter Parameter::integer(std::string key, std::string label, std::string help, std::int64_t standard,
                             std::int64_t minimum, std::int64_t maximum) {
    Parameter parameter = make(std::move(key), std::move(label), std::move(help), Kind::Integer, standard);
    parameter.minimum = static_cast<double>(minimum);
    parameter.maximum = static_cast<double>(maximum);
    return parameter;
}

Parameter Parameter::real(std::string key, std::string label, std::string help, double standard,
                          double minimum, double maximum) {
    Parameter parameter = make(std::move(key), std::move(label), std::move(help), Kind::Real, standard);
    parameter.minimum = minimum;
    parameter.maximum = maximum;
    return parameter;
}

Parameter Parameter::choice(std::string key, std::string label, std::string help, std::string standard,
                            std::vector<std::string> choices) {
    Parameter parameter =
        make(std::move(key), std::move(label), std::move(help), Kind::Choice, std::move(standard));
    parameter.choices = std::move(choices);
    return parameter;
}

Parameter Parameter::numbers(std::string key, std::string label, std::string help,
                             std::vector<double> standard, double minimum, double maximum) {
    Parameter parameter =
        make(std::move(key), std::move(label), std::move(help), Kind::Numbers, std::move(standard));
    parameter.minimum = minimum;
    parameter.maximum = maximum;
    return parameter;
}

Parameter Parameter::text(std::string key, std::string label, std::string help, std::string standard) {
    return make(std::move(key), std::move(label), std::move(help), Kind::Text, std::move(standard));
}

Parameter Parameter::extent(std::string key, std::string label, std::string help, std::int64_t standard,
                            std::int64_t minimum, std::int64_t maximum) {
    Parameter parameter =
        integer(std::move(key), std::move(label), std::move(help), standard, minimum, maximum);
    parameter.kind = Kind::Extent;
    parameter.standard = Extent::square(standard);
    return parameter;
}

Parameter& Parameter::open(bool atMinimum, bool atMaximum) {
    minimumAllowed = !atMinimum;
    maximumAllowed = !atMaximum;
    return *this;
}

Parameter& Parameter::decades() {
    logarithmic = true;
    return *this;
}

std::string Parameter::expected() const {
    std::string range(1, minimumAllowed ? '[' : '(');
    range += number(minimum) + ", " + number(maximum);
    range += maximumAllowed ? ']' : ')';
    switch (kind) {
    case Kind::Flag:
        return "true or false";
    case Kind::Integer:
        return "a whole number in " + range;
    case Kind::Real:
        return "a number in " + range;
    case Kind::Numbers:
        return "a list of numbers, each in " + range;
    case Kind::Text:
        return "text";
    case Kind::Extent:
        return "a whole number in " + range + ", or two such numbers, [height, width]";
    case Kind::Choice:
        break;
    }
    std::string text = "one of";
    for (const auto& choice : choices)
        text += (&choice == &choices.front() ? " '" : ", '") + choice + "'";
    return text;
}

void Parameter::check(const ParameterValue& value, const std::string& place) const {
    const auto inRange = [this](double x) {
        return std::isfinite(x) && (minimumAllowed ? x >= minimum : x > minimum) &&
               (maximumAllowed ? x <= maximum : x < maximum);
    };
    const auto fail = [&](const std::string& found) {
        throw InputError(place, found + ", expected " + expected());
    };

    if (value.index() != standard.index()) fail("a value of another kind");
    if (kind == Kind::Integer && !inRange(static_cast<double>(std::get<std::int64_t>(value))))
        fail(std::to_string(std::get<std::int64_t>(value)) + " is out of range");
    if (kind == Kind::Real && !inRange(std::get<double>(value)))
        fail(number(std::get<double>(value)) + " is out of range");
    if (kind == Kind::Numbers)
        for (const double x : std::get<std::vector<double>>(value))
            if (!inRange(x)) fail(number(x) + " is out of range");
    if (kind == Kind::Extent)
        for (const std::int64_t side : {std::get<Extent>(value).height, std::get<Extent>(value).width})
            if (!inRange(static_cast<double>(side))) fail(std::to_string(side) + " is out of range");
    if (kind == Kind::Choice && std::ranges::find(choices, std::get<std::string>(value)) == choices.end())
        throw InputError(place, "'" + std::get<std::string>(value) + "' is unknown, expected " + expected(),
                         suggestName(std::get<std::string>(value), choices));
}

Parameters::Parameters(const Description& description) {
    for (const auto& parameter : description.parameters)
        values_[parameter.key] = parameter.standard;
}

const ParameterValue& Parameters::at(std::string_view key) const {
    const auto found = values_.find(std::string(key));
    if (found == values_.end()) throw std::logic_error("no parameter '" + std::string(key) + "'");
    return found->second;
}

const Parameter* Description::find(std::string_view wanted) const {
    for (const auto& parameter : parameters)
        if (parameter.key == wanted) return &parameter;
    return nullptr;
}

} // namespace kappascope
