// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/readers/csv_records.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace kappascope {

/// What the reader is told of a file; the rest it finds out.
struct CsvOptions {
    enum class Header { Detect, Yes, No };
    char separator = 0; ///< ',', ';', '\t' or ' '; 0: detect
    Header header = Header::Detect;
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
    /// text file, no data, rows of unequal length, a quote without its partner.
    static CsvFile read(const std::filesystem::path& file, const CsvOptions& options = {});
    /// The same from text in memory; `place` names it in errors.
    static CsvFile parse(std::string text, const std::string& place, const CsvOptions& options = {});

    char separator() const { return separator_; }
    bool hasHeader() const { return header_; }
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
    friend struct CsvPreview previewCsv(const std::filesystem::path&, const CsvOptions&, std::size_t);
    CsvFile(std::string text, std::string place, const CsvOptions& options);
    void survey();

    std::string place_, text_;
    char separator_ = ',';
    bool header_ = false;
    std::vector<CsvColumn> columns_;
    std::size_t rows_ = 0;
};

/// "comma", "semicolon", "tab", "space".
std::string separatorName(char separator);

/// For the import dialog: the first rows as they stand and what the file seems to be, without a data set.
struct CsvPreview {
    char separator = ',';
    bool header = false;
    std::vector<CsvColumn> columns;
    std::vector<std::vector<std::string>> rows; ///< the first ones, UTF-8, without the header
    std::size_t samples = 0;                    ///< rows in all
    std::string problem; ///< why the file cannot be used as it is; what stands above holds up to there
};

/// Throws InputError when the file cannot be read as text at all; what is wrong inside becomes `problem`.
CsvPreview previewCsv(const std::filesystem::path& file, const CsvOptions& options = {},
                      std::size_t mostRows = 20);

} // namespace kappascope
