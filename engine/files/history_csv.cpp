// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/history_csv.h"

#include "engine/files/csv_text.h"

#include <algorithm>
#include <tuple>

namespace kappascope {

namespace {

constexpr int digitsOfDouble = 17, digitsOfFloat = 9;

/// One value on its way into the file.
struct Row {
    std::int64_t step;
    std::size_t run;
    const SeriesKey* key;
    double value;
};

} // namespace

HistoryCsv::HistoryCsv(const std::filesystem::path& file, Precision precision)
    : file_(file), digits_(precision == Precision::Float32 ? digitsOfFloat : digitsOfDouble) {
    file_.write("run,step,metric,layer,value\n");
}

void HistoryCsv::append(const std::vector<Source>& runs) {
    std::vector<Row> rows;
    std::vector<std::string> names;
    std::vector<std::int64_t> steps;
    std::vector<double> values;
    for (const Source& run : runs) {
        for (const SeriesKey& key : run.history->keys()) {
            const auto entry = next_.try_emplace({run.id, key}, 0).first;
            steps.clear();
            values.clear();
            const std::int64_t first = run.history->raw(key, entry->second, steps, values);
            missed_ += first - entry->second;
            entry->second = first + static_cast<std::int64_t>(values.size());
            for (std::size_t i = 0; i < values.size(); ++i)
                rows.push_back({steps[i], names.size(), &entry->first.second, values[i]});
        }
        names.push_back(csvField(run.name));
    }
    std::ranges::sort(rows, {}, [](const Row& row) { return std::tie(row.step, row.run, *row.key); });

    std::string text;
    for (const Row& row : rows) {
        text += names[row.run] + ',' + std::to_string(row.step) + ',' + row.key->metric + ',';
        if (row.key->layer != SeriesKey::wholeNetwork) text += std::to_string(row.key->layer);
        text += ',' + formatNumber(row.value, digits_) + '\n';
    }
    file_.write(text);
}

void HistoryCsv::finish() {
    file_.finish();
}

} // namespace kappascope
