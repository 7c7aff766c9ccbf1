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
    for (const Row& each : rows)
        text += row(names[each.run], each.step, *each.key, each.value);
    file_.write(text);
}

void HistoryCsv::write(const std::string& run, std::int64_t step, const SeriesKey& key, double value) {
    file_.write(row(csvField(run), step, key, value));
}

void HistoryCsv::passOver(const std::vector<Source>& runs) {
    for (const Source& run : runs)
        for (const SeriesKey& key : run.history->keys())
            next_[{run.id, key}] = run.history->size(key);
}

/// `run` as a field of the file.
std::string HistoryCsv::row(const std::string& run, std::int64_t step, const SeriesKey& key,
                            double value) const {
    const std::string layer = key.layer == SeriesKey::wholeNetwork ? "" : std::to_string(key.layer);
    return run + ',' + std::to_string(step) + ',' + key.metric + ',' + layer + ',' +
           formatNumber(value, digits_) + '\n';
}

void HistoryCsv::finish() {
    file_.finish();
}

} // namespace kappascope
