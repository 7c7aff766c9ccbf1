// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace kappascope {

/// A mistake in what a user gave: a file, a parameter, a command line. Says the place, what is wrong with
/// what was expected, and what to do; what() is "place: problem. advice". Thrown by everything that reads
/// input, on the caller's thread, before anything has changed.
class InputError : public std::runtime_error {
public:
    InputError(std::string place, std::string problem, std::string advice = {});

    const std::string& place() const { return place_; }
    const std::string& problem() const { return problem_; }
    const std::string& advice() const { return advice_; }

private:
    std::string place_, problem_, advice_;
};

/// The known name whose words begin with the letters of `name`, else the nearest by edit distance; empty when
/// none is near (more than a third of the letters wrong).
std::string nearestName(std::string_view name, const std::vector<std::string>& known);

/// "Did you mean 'x'?" when a known name is near, else "Known: a, b, c."; for the advice of an InputError.
std::string suggestName(std::string_view name, const std::vector<std::string>& known);

} // namespace kappascope
