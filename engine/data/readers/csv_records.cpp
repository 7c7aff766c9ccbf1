// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/csv_records.h"

#include "engine/core/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace kappascope {

namespace {

std::string placeOf(const std::string& file, std::size_t line) {
    return file + ", line " + std::to_string(line);
}

bool isDigit(char letter) {
    return letter >= '0' && letter <= '9';
}

/// "1.234,5" as "1234.5"; nothing when it is not written so.
std::optional<std::string> withDecimalPoint(std::string_view field) {
    const std::size_t comma = field.find(','), whole = std::min(comma, field.size());
    if (comma != field.npos && (comma + 1 == field.size() || !isDigit(field[comma + 1]) ||
                                field.find_first_of(",.", comma + 1) != field.npos))
        return std::nullopt;
    const std::string_view units = field.substr(0, whole);
    std::string text;
    for (std::size_t i = 0; i < whole; ++i)
        if (units[i] != '.') text += units[i];
    const std::size_t first = units.find_first_of("0123456789"), point = units.find('.');
    if (point != units.npos) { // "0.123" and "1.5" are no thousands
        if (first == units.npos || units[first] == '0' || point <= first || point > first + 3)
            return std::nullopt;
        for (std::size_t i = point; i < whole; ++i)
            if ((units[i] == '.') != ((i - point) % 4 == 0) || (units[i] != '.' && !isDigit(units[i])))
                return std::nullopt;
        if ((whole - point) % 4 != 0) return std::nullopt;
    }
    if (comma != field.npos) text += '.' + std::string(field.substr(comma + 1));
    return text;
}

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

} // namespace

CsvRecords::CsvRecords(std::string_view text, char separator, std::string place)
    : text_(text), separator_(separator), place_(std::move(place)) {}

bool CsvRecords::next() {
    fields_.clear();
    unescaped_.clear();
    skipBlanks();
    while (!atEnd() && atLineEnd()) {
        skipLineEnd();
        skipBlanks();
    }
    if (atEnd()) return false;
    line_ = nextLine_;
    while (true) {
        skipBlanks();
        if (!atEnd() && text_[position_] == '"')
            readQuoted();
        else
            readPlain();
        skipBlanks();
        if (atEnd()) return true;
        if (atLineEnd()) {
            skipLineEnd();
            return true;
        }
        if (separator_ == ' ') continue; // the blanks were the separator
        if (text_[position_] != separator_)
            throw InputError(placeOf(place_, nextLine_), "text behind a closing quote, expected a separator",
                             "Double the quotes that belong to the text.");
        ++position_;
    }
}

void CsvRecords::skipBlanks() {
    while (!atEnd() && isBlank(text_[position_]))
        ++position_;
}

void CsvRecords::skipLineEnd() {
    if (text_[position_] == '\r' && position_ + 1 < text_.size() && text_[position_ + 1] == '\n') ++position_;
    ++position_;
    ++nextLine_;
}

void CsvRecords::readPlain() {
    const std::size_t begin = position_;
    while (!atEnd() && !atLineEnd() && text_[position_] != separator_ &&
           !(separator_ == ' ' && isBlank(text_[position_])))
        ++position_;
    std::size_t end = position_;
    while (end > begin && isBlank(text_[end - 1]))
        --end;
    fields_.push_back(text_.substr(begin, end - begin));
}

void CsvRecords::readQuoted() {
    const std::size_t begin = ++position_, openedAt = nextLine_;
    bool doubled = false;
    while (true) {
        const std::size_t quote = text_.find('"', position_);
        if (quote == std::string_view::npos)
            throw InputError(placeOf(place_, openedAt), "a quote is opened and never closed",
                             "Close it, or double the quotes that belong to the text.");
        position_ = quote + 1;
        if (atEnd() || text_[position_] != '"') break;
        doubled = true;
        ++position_;
    }
    std::string_view field = text_.substr(begin, position_ - 1 - begin);
    nextLine_ += static_cast<std::size_t>(std::ranges::count(field, '\n'));
    if (doubled) {
        std::string& plain = unescaped_.emplace_back();
        for (std::size_t i = 0; i < field.size(); ++i) {
            plain += field[i];
            if (field[i] == '"') ++i;
        }
        field = plain;
    }
    fields_.push_back(field);
}

bool isMissing(std::string_view field) {
    constexpr std::array<std::string_view, 6> names{"", "?", "na", "n/a", "nan", "null"};
    constexpr std::size_t longest = 4;
    if (field.size() > longest) return false;
    const auto same = [field](std::string_view name) { return std::ranges::equal(field, name, {}, lower); };
    return std::ranges::any_of(names, same);
}

std::optional<double> parseNumber(std::string_view field, DecimalSign sign) {
    if (sign == DecimalSign::Comma && field.find_first_of(",.") != field.npos) {
        const auto pointed = withDecimalPoint(field);
        return pointed ? parseNumber(*pointed) : std::nullopt;
    }
    if (field.size() > 1 && field[0] == '+' && field[1] != '-') field.remove_prefix(1);
    double value = 0;
    const char* const last = field.data() + field.size();
    const auto [end, error] = std::from_chars(field.data(), last, value);
    if (field.empty() || end != last) return std::nullopt;
    if (error == std::errc::result_out_of_range) { // too large, or so small that it is 0
        const bool small = field.find("e-") != field.npos || field.find("E-") != field.npos;
        return small ? std::optional(0.0) : std::nullopt;
    }
    return error == std::errc() && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

bool hasDecimalComma(std::string_view field) {
    return field.find(',') != field.npos && parseNumber(field, DecimalSign::Comma);
}

bool hasDecimalPoint(std::string_view field) {
    return field.find('.') != field.npos && parseNumber(field) && !parseNumber(field, DecimalSign::Comma);
}

} // namespace kappascope
