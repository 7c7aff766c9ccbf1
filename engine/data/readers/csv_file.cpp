// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/csv_file.h"

#include "engine/core/error.h"
#include "engine/data/readers/csv_dialect.h"
#include "engine/data/readers/file_bytes.h"
#include "engine/data/readers/utf8.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace kappascope {

namespace {

const char* const byteOrderMark = "\xEF\xBB\xBF";

/// Refuses what is no text, and takes the byte order mark off.
std::string checkedText(std::string text, const std::string& place) {
    const auto startsWith = [&](std::string_view begin) { return text.starts_with(begin); };
    if (startsWith("\xFF\xFE") || startsWith("\xFE\xFF"))
        throw InputError(place, "the text is UTF-16, expected UTF-8", "Save it as UTF-8.");
    if (startsWith("PK\x03\x04"))
        throw InputError(place, "this is a spreadsheet or a zip archive, expected text",
                         "Export the sheet as CSV.");
    if (text.find('\0') != std::string::npos)
        throw InputError(place, "this is no text file: it has a zero byte", "Export the data as CSV.");
    if (startsWith(byteOrderMark)) text.erase(0, std::string_view(byteOrderMark).size());
    return text;
}

/// What one column has shown so far.
struct Tally {
    std::unordered_set<std::string> values;
    std::string previous;

    void count(CsvColumn& column, std::string_view field) {
        if (column.distinct == CsvColumn::mostDistinct || field == previous) return;
        previous = field;
        if (values.insert(previous).second) column.distinct = values.size();
    }
};

void note(CsvColumn& column, Tally& tally, std::string_view field, std::size_t line, DecimalSign sign) {
    if (isMissing(field)) {
        if (column.missing++ == 0) column.firstMissing = line;
        return;
    }
    tally.count(column, field);
    if (const auto number = parseNumber(field, sign)) {
        if (column.kind == CsvColumn::Kind::Empty) {
            column.kind = CsvColumn::Kind::Numbers;
            column.wholeNumbers = true;
        }
        if (*number != std::floor(*number)) column.wholeNumbers = false;
        return;
    }
    if (column.firstTextLine == 0) {
        column.firstText = asUtf8(field);
        column.firstTextLine = line;
    }
    column.kind = CsvColumn::Kind::Text;
    column.wholeNumbers = false;
}

} // namespace

CsvFile::CsvFile(std::string text, std::string place, const CsvOptions& options)
    : place_(std::move(place)), text_(checkedText(std::move(text), place_)) {
    separator_ = options.separator ? options.separator : detectSeparator(text_);
    header_ = options.header == CsvOptions::Header::Detect ? detectHeader(text_, separator_)
                                                           : options.header == CsvOptions::Header::Yes;
    decimal_ = options.decimal ? *options.decimal : detectDecimalSign(text_, separator_);
}

CsvFile CsvFile::read(const std::filesystem::path& file, const CsvOptions& options,
                      const Cancelled* cancelled) {
    return parse(readUnpacked(file, cancelled), file.string(), options, cancelled);
}

CsvFile CsvFile::parse(std::string text, const std::string& place, const CsvOptions& options,
                       const Cancelled* cancelled) {
    CsvFile file(std::move(text), place, options);
    file.survey(cancelled);
    return file;
}

void CsvFile::survey(const Cancelled* cancelled) {
    CsvRecords records(text_, separator_, place_);
    if (!records.next()) throw InputError(place_, "the file is empty");
    columns_.resize(records.fields().size());
    std::vector<Tally> tallies(columns_.size());
    if (header_)
        for (std::size_t i = 0; i < columns_.size(); ++i)
            columns_[i].name = asUtf8(records.fields()[i]);
    bool more = !header_ || records.next();
    for (; more; more = records.next()) {
        stopIfCancelled(cancelled);
        const auto fields = records.fields();
        if (fields.size() != columns_.size())
            throw InputError(place_ + ", line " + std::to_string(records.line()),
                             std::to_string(fields.size()) + (fields.size() == 1 ? " field" : " fields") +
                                 ", expected " + std::to_string(columns_.size()) + " as in the first line",
                             "Columns are separated by a " + separatorName(separator_) +
                                 " here; text that holds one needs quotes.");
        for (std::size_t i = 0; i < fields.size(); ++i)
            note(columns_[i], tallies[i], fields[i], records.line(), decimal_);
        ++rows_;
    }
    if (rows_ == 0) throw InputError(place_, "the file has a header and no data");
}

void CsvFile::forEachRow(
    const std::function<void(std::size_t line, std::span<const std::string_view> fields)>& visit) const {
    CsvRecords records(text_, separator_, place_);
    if (header_) records.next();
    while (records.next())
        visit(records.line(), records.fields());
}

std::size_t CsvFile::columnNamed(const std::string& wanted, const std::string& place) const {
    const auto sameName = [&](const CsvColumn& column) { return !wanted.empty() && column.name == wanted; };
    const auto found = std::ranges::find_if(columns_, sameName);
    if (found != columns_.end()) {
        if (std::find_if(found + 1, columns_.end(), sameName) != columns_.end())
            throw InputError(place, "more than one column is named '" + wanted + "'",
                             "Give the column's number, from 1.");
        return static_cast<std::size_t>(found - columns_.begin());
    }
    if (const auto number = parseNumber(wanted))
        if (*number >= 1 && *number <= static_cast<double>(columns_.size()) && *number == std::floor(*number))
            return static_cast<std::size_t>(*number) - 1;

    std::vector<std::string> names;
    for (const auto& column : columns_)
        if (!column.name.empty()) names.push_back(column.name);
    throw InputError(place, "there is no column '" + wanted + "'",
                     names.empty() ? "Give its number, 1 to " + std::to_string(columns_.size()) + "."
                                   : suggestName(wanted, names));
}

std::string CsvFile::placeOf(std::size_t line, std::size_t column) const {
    std::string place = place_;
    if (line > 0) place += ", line " + std::to_string(line);
    place += ", column " + std::to_string(column + 1);
    return columns_[column].name.empty() ? place : place + " (" + columns_[column].name + ")";
}

std::string separatorName(char separator) {
    switch (separator) {
    case ';':
        return "semicolon";
    case '\t':
        return "tab";
    case ' ':
        return "space";
    case '|':
        return "pipe";
    case ':':
        return "colon";
    default:
        return "comma";
    }
}

CsvPreview previewCsv(const std::filesystem::path& path, const CsvOptions& options, std::size_t mostRows,
                      const Cancelled* cancelled) {
    CsvFile file(readUnpacked(path, cancelled), path.string(), options);
    CsvPreview preview;
    try {
        file.survey(cancelled);
    } catch (const InputError& error) {
        preview.problem = error.what();
    }
    preview.separator = file.separator_;
    preview.header = file.header_;
    preview.decimal = file.decimal_;
    preview.columns = file.columns_;
    preview.samples = file.rows_;
    CsvRecords records(file.text_, file.separator_, file.place_);
    try {
        if (file.header_) records.next();
        while (preview.rows.size() < mostRows && records.next()) {
            auto& row = preview.rows.emplace_back();
            for (const std::string_view field : records.fields())
                row.push_back(asUtf8(field));
        }
    } catch (const InputError&) {
        // survey() met the same quote and has said so
    }
    return preview;
}

} // namespace kappascope
