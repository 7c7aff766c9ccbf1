// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/data/readers/csv_records.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace kappascope {

/// What the reader is told of a file; the rest it finds out.
struct CsvOptions {
    enum class Header { Detect, Yes, No };
    char separator = 0; ///< one of csvSeparators; 0: detect
    Header header = Header::Detect;
    std::optional<DecimalSign> decimal{}; ///< empty: detect
};

/// What all rows together say of a column.
struct CsvColumn {
    enum class Kind { Empty, Numbers, Text };
    std::string name; ///< from the header; empty without one. UTF-8.
    Kind kind = Kind::Empty;
    bool wholeNumbers = false;    ///< numbers without a fraction only
    std::size_t missing = 0;      ///< values that are not there
    std::size_t firstMissing = 0; ///< line of the first of them
    std::size_t distinct = 0;     ///< different values, counted up to mostDistinct
    std::string firstText;        ///< the first value that is no number, and its line
    std::size_t firstTextLine = 0;

    static constexpr std::size_t mostDistinct = 1001;
};

/// A CSV file in memory with its dialect and its columns. Reading is one pass over the bytes; a file of
/// 100 MB takes a second or two and its own size of memory. Call from a worker. A value; readable from any
/// thread.
class CsvFile {
public:
    /// Plain or gzip; UTF-8 with or without a byte order mark, else taken as Latin-1. Throws InputError: no
    /// text file, no data, rows of unequal length, a quote without its partner. Throws WorkCancelled.
    static CsvFile read(const std::filesystem::path& file, const CsvOptions& options = {},
                        const Cancelled* cancelled = nullptr);
    /// The same from text in memory; `place` names it in errors.
    static CsvFile parse(std::string text, const std::string& place, const CsvOptions& options = {},
                         const Cancelled* cancelled = nullptr);

    char separator() const { return separator_; }
    bool hasHeader() const { return header_; }
    DecimalSign decimalSign() const { return decimal_; }
    /// The number that `field` is in this file.
    std::optional<double> number(std::string_view field) const { return parseNumber(field, decimal_); }
    const std::vector<CsvColumn>& columns() const { return columns_; }
    std::size_t rows() const { return rows_; } ///< without the header

    /// Calls visit(line, fields) for each row in turn, without the header.
    void forEachRow(
        const std::function<void(std::size_t line, std::span<const std::string_view> fields)>& visit) const;

    /// The column that `wanted` names: a name of the header or a number from 1. Throws InputError at `place`.
    std::size_t columnNamed(const std::string& wanted, const std::string& place) const;
    /// "FILE, line 12, column 3 (alcohol)"; line 0: the column as a whole. `column` from 0.
    std::string placeOf(std::size_t line, std::size_t column) const;

private:
    friend struct CsvPreview previewCsv(const std::filesystem::path&, const CsvOptions&, std::size_t,
                                        const Cancelled*);
    CsvFile(std::string text, std::string place, const CsvOptions& options);
    void survey(const Cancelled* cancelled);

    std::string place_, text_;
    char separator_ = ',';
    bool header_ = false;
    DecimalSign decimal_ = DecimalSign::Point;
    std::vector<CsvColumn> columns_;
    std::size_t rows_ = 0;
};

/// "comma", "semicolon", "tab", "space", "pipe", "colon".
std::string separatorName(char separator);

/// For the import dialog: the first rows as they stand and what the file seems to be, without a data set.
struct CsvPreview {
    char separator = ',';
    bool header = false;
    DecimalSign decimal = DecimalSign::Point;
    std::vector<CsvColumn> columns;
    std::vector<std::vector<std::string>> rows; ///< the first ones, UTF-8, without the header
    std::size_t samples = 0;                    ///< rows in all
    std::string problem; ///< why the file cannot be used as it is; what stands above holds up to there
};

/// Throws InputError when the file cannot be read as text at all; what is wrong inside becomes `problem`.
/// Throws WorkCancelled.
CsvPreview previewCsv(const std::filesystem::path& file, const CsvOptions& options = {},
                      std::size_t mostRows = 20, const Cancelled* cancelled = nullptr);

} // namespace kappascope
