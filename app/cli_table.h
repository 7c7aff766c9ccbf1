// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace kappascope::cli {

/// A table of text with aligned columns: numbers to the right, text to the left. The first row is the head.
class Table {
public:
    explicit Table(std::vector<std::string> head);
    void add(std::vector<std::string> row);
    std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

/// Four significant digits; "-" for what was not measured.
std::string shortNumber(double value);
/// 1234567 -> "1,234,567".
std::string grouped(std::int64_t value);
/// `text` broken into lines of at most `width` letters at spaces, each after `indent` spaces.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t width = 100);
/// Letters of UTF-8 text, as far as one takes one column.
std::size_t columns(const std::string& text);

} // namespace kappascope::cli
