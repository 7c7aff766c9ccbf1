// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kappascope {

/// Splits text into the records and fields of a CSV file (RFC 4180): fields in double quotes may hold
/// separators, line ends and doubled quotes; lines end with LF, CRLF or CR; blank lines are skipped; blanks
/// around a field are not part of it. With a blank as separator, any number of blanks separates. One pass, no
/// copy of unquoted text.
class CsvRecords {
public:
    /// `text` must outlive this; `place` names it in errors.
    CsvRecords(std::string_view text, char separator, std::string place);

    /// Goes to the next record; false at the end. Throws InputError for a quote without its partner.
    bool next();
    /// Valid until next().
    std::span<const std::string_view> fields() const { return fields_; }
    /// Where the record begins, from 1.
    std::size_t line() const { return line_; }

private:
    bool atEnd() const { return position_ == text_.size(); }
    bool atLineEnd() const { return text_[position_] == '\n' || text_[position_] == '\r'; }
    bool isBlank(char letter) const { return letter == ' ' || (letter == '\t' && separator_ != '\t'); }
    void skipBlanks();
    void skipLineEnd();
    void readPlain();
    void readQuoted();

    std::string_view text_;
    char separator_;
    std::string place_;
    std::size_t position_ = 0, line_ = 0, nextLine_ = 1;
    std::vector<std::string_view> fields_;
    std::deque<std::string> unescaped_; ///< fields that held doubled quotes
};

/// What stands for a value that is not there: nothing, ?, NA, N/A, NaN, null (in any case).
bool isMissing(std::string_view field);

/// What stands between a number's units and its tenths.
enum class DecimalSign { Point, Comma };

/// A number as "12", "-1.5", "+3e-4"; with a decimal comma as "12", "-1,5", "1.234.567,8" (points between
/// groups of three digits alone). Nothing for any other text, for infinities and overflows.
std::optional<double> parseNumber(std::string_view field, DecimalSign sign = DecimalSign::Point);

/// "1,5" or "1.234,5": a number as written where the comma is the decimal sign, and nowhere else.
bool hasDecimalComma(std::string_view field);
/// "1.5" or "0.123": a number that nobody writes so where the comma is the decimal sign.
bool hasDecimalPoint(std::string_view field);

} // namespace kappascope
