// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/csv_dialect.h"

#include "engine/core/error.h"

#include <algorithm>
#include <map>

namespace kappascope {

namespace {

constexpr std::size_t sampleRecords = 100;
constexpr std::size_t sampleBytes = 1 << 18;

/// The first lines, whole ones where the text is longer.
std::string_view head(std::string_view text) {
    if (text.size() <= sampleBytes) return text;
    const std::size_t lineEnd = text.rfind('\n', sampleBytes);
    return text.substr(0, lineEnd == text.npos ? sampleBytes : lineEnd);
}

bool isNumber(std::string_view field) {
    return parseNumber(field) || hasDecimalComma(field);
}

/// Share of the records that have the most frequent number of fields, less where few of these are numbers; 0
/// when that is one field, or when the quotes do not match.
double regularity(std::string_view text, char separator) {
    std::map<std::size_t, int> records;
    int all = 0;
    std::size_t fields = 0, numbers = 0;
    try {
        CsvRecords reader(text, separator, {});
        for (; all < static_cast<int>(sampleRecords) && reader.next(); ++all) {
            ++records[reader.fields().size()];
            fields += reader.fields().size();
            numbers += static_cast<std::size_t>(std::ranges::count_if(reader.fields(), isNumber));
        }
    } catch (const InputError&) {
        return 0;
    }
    if (records.empty()) return 0;
    const auto most = std::ranges::max_element(records, {}, [](const auto& entry) { return entry.second; });
    if (most->first < 2) return 0;
    const double numeric = static_cast<double>(numbers) / static_cast<double>(fields);
    return (1 + numeric) / 2 * most->second / all;
}

} // namespace

char detectSeparator(std::string_view text) {
    char best = ',';
    double bestRegularity = 0;
    for (const char separator : csvSeparators)
        if (const double found = regularity(head(text), separator); found > bestRegularity) {
            best = separator;
            bestRegularity = found;
        }
    return best;
}

bool detectHeader(std::string_view text, char separator) {
    CsvRecords reader(head(text), separator, {});
    try {
        if (!reader.next() || std::ranges::any_of(reader.fields(), isNumber)) return false;
        for (std::size_t i = 0; i < sampleRecords && reader.next(); ++i)
            if (std::ranges::any_of(reader.fields(), isNumber)) return true;
    } catch (const InputError&) {
        // a quote without its partner: whoever reads the whole file says where
    }
    return false;
}

DecimalSign detectDecimalSign(std::string_view text, char separator) {
    if (separator == ',') return DecimalSign::Point;
    bool comma = false;
    CsvRecords reader(head(text), separator, {});
    try {
        while (reader.next()) {
            if (std::ranges::any_of(reader.fields(), hasDecimalPoint)) return DecimalSign::Point;
            comma = comma || std::ranges::any_of(reader.fields(), hasDecimalComma);
        }
    } catch (const InputError&) {
        // as above
    }
    return comma ? DecimalSign::Comma : DecimalSign::Point;
}

} // namespace kappascope
