// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/csv_dialect.h"

#include "engine/core/error.h"
#include "engine/data/readers/csv_records.h"

#include <algorithm>
#include <array>
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

/// Share of the records that have the most frequent number of fields; 0 when that is one field, or when the
/// quotes do not match.
double regularity(std::string_view text, char separator) {
    std::map<std::size_t, int> records;
    int all = 0;
    try {
        CsvRecords reader(text, separator, {});
        for (; all < static_cast<int>(sampleRecords) && reader.next(); ++all)
            ++records[reader.fields().size()];
    } catch (const InputError&) {
        return 0;
    }
    if (records.empty()) return 0;
    const auto most = std::ranges::max_element(records, {}, [](const auto& entry) { return entry.second; });
    return most->first > 1 ? static_cast<double>(most->second) / all : 0;
}

} // namespace

char detectSeparator(std::string_view text) {
    constexpr std::array<char, 4> separators{'\t', ';', ',', ' '};
    char best = ',';
    double bestRegularity = 0;
    for (const char separator : separators)
        if (const double found = regularity(head(text), separator); found > bestRegularity) {
            best = separator;
            bestRegularity = found;
        }
    return best;
}

bool detectHeader(std::string_view text, char separator) {
    CsvRecords reader(head(text), separator, {});
    try {
        if (!reader.next()) return false;
        if (std::ranges::any_of(reader.fields(), [](auto field) { return parseNumber(field).has_value(); }))
            return false;
        for (std::size_t i = 0; i < sampleRecords && reader.next(); ++i)
            for (const std::string_view field : reader.fields())
                if (parseNumber(field) || hasDecimalComma(field)) return true;
    } catch (const InputError&) {
        // a quote without its partner: whoever reads the whole file says where
    }
    return false;
}

} // namespace kappascope
