// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/table.h"

#include "engine/core/embedded.h"
#include "engine/data/readers/file_bytes.h"

#include <charconv>
#include <stdexcept>

namespace kappascope::data_sets {

namespace {

std::string contents(const std::string& file) {
    const std::string_view bytes = embeddedFile("data/" + file);
    return file.ends_with(".gz") ? gunzip(bytes, file) : std::string(bytes);
}

/// Takes the text up to `end`, and `end`, off `text`.
std::string_view take(std::string_view& text, char end) {
    const std::size_t length = text.find(end);
    const std::string_view front = text.substr(0, length);
    text.remove_prefix(length == std::string_view::npos ? text.size() : length + 1);
    return front;
}

double number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        throw std::logic_error("embedded table: '" + std::string(text) + "' is no number");
    return value;
}

/// All rows as numbers, columns x rows.
Matrix<double> parseRows(std::string_view text) {
    std::vector<double> values;
    Index rows = 0;
    for (; !text.empty(); ++rows)
        for (std::string_view line = take(text, '\n'); !line.empty();)
            values.push_back(number(take(line, ',')));
    return Eigen::Map<const Matrix<double>>(values.data(), static_cast<Index>(values.size()) / rows, rows);
}

void takeLabels(Dataset& data, const Matrix<double>& rows) {
    for (const double label : rows.bottomRows<1>().reshaped())
        data.labels.push_back(static_cast<int>(label));
}

DataEntry entryOf(Description description, std::function<Dataset()> read) {
    DataEntry entry;
    static_cast<Description&>(entry) = std::move(description);
    entry.load = [read = std::move(read)](const DataSpec&, RandomStream&, const Cancelled*) {
        return RawData{read(), std::nullopt};
    };
    return entry;
}

} // namespace

DataEntry table(Description description, const std::string& file, const std::string& source,
                const std::vector<std::string>& featureNames) {
    return entryOf(std::move(description), [=] {
        const std::string all = contents(file);
        std::string_view text = all;
        std::string_view head = take(text, '\n');
        const auto samples = static_cast<Index>(number(take(head, ',')));
        const auto features = static_cast<Index>(number(take(head, ',')));

        Dataset data;
        data.source = source;
        data.featureNames = featureNames;
        while (!head.empty())
            data.classNames.emplace_back(take(head, ','));
        const Matrix<double> rows = parseRows(text);
        if (rows.rows() != features + 1 || rows.cols() != samples)
            throw std::logic_error("embedded table " + file + " is not what its first line says");
        takeLabels(data, rows);
        data.x = Features(Matrix<double>(rows.topRows(features)));
        return data;
    });
}

DataEntry imageTable(Description description, const std::string& file, const std::string& source,
                     ImageShape shape, int white) {
    DataEntry entry = entryOf(std::move(description), [=] {
        Dataset data;
        data.source = source;
        data.image = shape;
        data.white = white;
        for (int digit = 0; digit < 10; ++digit)
            data.classNames.push_back(std::to_string(digit));
        const Matrix<double> rows = parseRows(contents(file));
        takeLabels(data, rows);
        const Matrix<double> pixels = rows.topRows(rows.rows() - 1);
        data.x = Features(pixels.rows(),
                          std::vector<std::uint8_t>(pixels.data(), pixels.data() + pixels.size()), 1.0);
        return data;
    });
    entry.images = true;
    return entry;
}

} // namespace kappascope::data_sets
