// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_table.h"

#include "engine/laboratory/number_text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <sstream>

namespace kappascope::cli {

namespace {

/// Whether a cell holds a number: a digit, perhaps after a sign or "> ", or the dash for no number, or
/// nothing.
bool numeric(const std::string& cell) {
    if (cell == "-" || cell == "inf" || cell.empty()) return true;
    const std::size_t first = cell.starts_with('-') ? 1 : cell.starts_with("> ") ? 2 : 0;
    return cell.size() > first && std::isdigit(static_cast<unsigned char>(cell[first])) != 0;
}

} // namespace

Table::Table(std::vector<std::string> head) : rows_{std::move(head)} {}

void Table::add(std::vector<std::string> row) {
    row.resize(rows_.front().size());
    rows_.push_back(std::move(row));
}

std::string Table::text() const {
    const std::size_t count = rows_.front().size();
    std::vector<std::size_t> widths(count, 0);
    std::vector<bool> right(count, rows_.size() > 1);
    for (std::size_t r = 0; r < rows_.size(); ++r)
        for (std::size_t c = 0; c < count; ++c) {
            widths[c] = std::max(widths[c], columns(rows_[r][c]));
            if (r > 0 && !numeric(rows_[r][c])) right[c] = false;
        }
    std::string text;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t c = 0; c < count; ++c) {
            const std::string gap(widths[c] - columns(row[c]), ' ');
            line += (c == 0 ? "" : "  ") + (right[c] ? gap + row[c] : row[c] + gap);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

std::string shortNumber(double value) {
    if (std::isnan(value)) return "-";
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

std::string grouped(std::int64_t value) {
    return groupedText(value);
}

std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
    std::istringstream words(text);
    std::string result, line, word;
    const auto flush = [&] {
        if (!line.empty()) result += std::string(indent, ' ') + line + '\n';
        line.clear();
    };
    while (words >> word) {
        if (!line.empty() && indent + columns(line) + 1 + columns(word) > width) flush();
        line += (line.empty() ? "" : " ") + word;
    }
    flush();
    return result;
}

std::size_t columns(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace kappascope::cli
