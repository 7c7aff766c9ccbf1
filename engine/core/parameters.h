// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/extent.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kappascope {

struct Description;

using ParameterValue = std::variant<bool, std::int64_t, double, std::string, std::vector<double>, Extent>;

/// What one parameter of a method is: key, meaning, default and range. Drives forms, files and help.
struct Parameter {
    enum class Kind { Flag, Integer, Real, Choice, Numbers, Text, Extent };

    std::string key;   ///< in files: snake_case
    std::string label; ///< in forms, with its unit
    std::string help;  ///< one sentence, with the symbol of the paper
    Kind kind = Kind::Real;
    ParameterValue standard = 0.0; ///< the default
    double minimum = 0, maximum = 0;
    bool minimumAllowed = true, maximumAllowed = true; ///< closed or open ends of the range
    bool logarithmic = false;                          ///< a slider runs over decades
    std::vector<std::string> choices;

    static Parameter flag(std::string key, std::string label, std::string help, bool standard);
    static Parameter integer(std::string key, std::string label, std::string help, std::int64_t standard,
                             std::int64_t minimum, std::int64_t maximum);
    static Parameter real(std::string key, std::string label, std::string help, double standard,
                          double minimum, double maximum);
    static Parameter choice(std::string key, std::string label, std::string help, std::string standard,
                            std::vector<std::string> choices);
    /// A list of numbers, each within the range; an empty list has a meaning that the help tells.
    static Parameter numbers(std::string key, std::string label, std::string help,
                             std::vector<double> standard, double minimum, double maximum);
    /// Free text, such as the name of a column; the help tells what an empty one means.
    static Parameter text(std::string key, std::string label, std::string help, std::string standard);

    /// A whole number for both directions of a map, or one for each, height first; every one within the
    /// range.
    static Parameter extent(std::string key, std::string label, std::string help, std::int64_t standard,
                            std::int64_t minimum, std::int64_t maximum);

    Parameter& open(bool atMinimum, bool atMaximum); ///< exclude ends of the range
    Parameter& decades();                            ///< a logarithmic slider

    /// Throws InputError at `place` when `value` has another kind or lies outside the range.
    void check(const ParameterValue& value, const std::string& place) const;
    /// "a number in (0, 1]", "one of a, b": what check() expects.
    std::string expected() const;
};

/// Named values for the parameters of one method: complete once filled from a description. A plain value.
class Parameters {
public:
    Parameters() = default;
    /// All defaults of `description`.
    explicit Parameters(const Description& description);

    bool flag(std::string_view key) const { return std::get<bool>(at(key)); }
    std::int64_t integer(std::string_view key) const { return std::get<std::int64_t>(at(key)); }
    double real(std::string_view key) const { return std::get<double>(at(key)); }
    const std::string& choice(std::string_view key) const { return std::get<std::string>(at(key)); }
    const std::string& text(std::string_view key) const { return std::get<std::string>(at(key)); }
    const std::vector<double>& numbers(std::string_view key) const {
        return std::get<std::vector<double>>(at(key));
    }

    const Extent& extent(std::string_view key) const { return std::get<Extent>(at(key)); }

    bool has(std::string_view key) const { return values_.contains(std::string(key)); }
    void set(std::string_view key, ParameterValue value) { values_[std::string(key)] = std::move(value); }
    const std::map<std::string, ParameterValue>& values() const { return values_; }

    bool operator==(const Parameters&) const = default;

private:
    const ParameterValue& at(std::string_view key) const;

    std::map<std::string, ParameterValue> values_;
};

/// A member of a catalog with its parameters, as an experiment names it.
struct MethodSpec {
    std::string method;
    Parameters parameters;

    bool operator==(const MethodSpec&) const = default;
};

} // namespace kappascope
