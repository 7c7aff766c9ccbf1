// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/error.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace kappascope {

namespace {

std::string sentence(const std::string& place, const std::string& problem, const std::string& advice) {
    std::string text = place.empty() ? problem : place + ": " + problem;
    if (!text.empty() && text.back() != '.' && text.back() != '?') text += '.';
    return advice.empty() ? text : text + ' ' + advice;
}

/// Letters to insert, drop, replace or swap with their neighbour, by rows.
std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before, above, row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before = std::exchange(above, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row[b.size()];
}

/// The first letters of the words of learning_rate: lr.
std::string initials(std::string_view name) {
    std::string letters;
    for (std::size_t i = 0; i < name.size(); ++i)
        if (name[i] != '_' && (i == 0 || name[i - 1] == '_')) letters += name[i];
    return letters;
}

} // namespace

InputError::InputError(std::string place, std::string problem, std::string advice)
    : std::runtime_error(sentence(place, problem, advice)), place_(std::move(place)),
      problem_(std::move(problem)), advice_(std::move(advice)) {}

std::string nearestName(std::string_view name, const std::vector<std::string>& known) {
    std::string nearest;
    std::size_t least = std::max<std::size_t>(name.size() / 3, 1) + 1;
    for (const auto& candidate : known) {
        if (name.size() > 1 && name == initials(candidate)) return candidate;
        const std::size_t distance = editDistance(name, candidate);
        if (distance < least) {
            least = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

std::string suggestName(std::string_view name, const std::vector<std::string>& known) {
    const std::string nearest = nearestName(name, known);
    if (!nearest.empty()) return "Did you mean '" + nearest + "'?";
    std::string list = "Known:";
    for (const auto& candidate : known)
        list += (&candidate == &known.front() ? " " : ", ") + candidate;
    return list + '.';
}

} // namespace kappascope
