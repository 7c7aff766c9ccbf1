// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/csv_table.h"

#include "engine/data/data_catalog.h"

namespace kappascope::data_sets {

namespace {

RawData loadCsv(const DataSpec& spec, RandomStream&, const Cancelled* cancelled) {
    const CsvFile file = CsvFile::read(spec.path, csvOptions(spec.parameters), cancelled);
    Dataset data = csvDataset(file, csvChoices(spec.parameters), cancelled);
    data.name = std::filesystem::path(spec.path).filename().string();
    data.source = spec.path;
    return {std::move(data), std::nullopt};
}

std::optional<Task> chosenTask(const DataSpec& spec) {
    const std::string choice = spec.parameters.has("task") ? spec.parameters.choice("task") : "auto";
    if (choice == "auto") return std::nullopt;
    return choice == "regression" ? Task::Regression : Task::Classification;
}

} // namespace

DataEntry csv() {
    DataEntry entry;
    static_cast<Description&>(entry) = {
        "csv",
        "CSV table",
        "A table in a text file, a sample a row: columns of numbers and one target.",
        "",
        {Parameter::choice("separator", "Separator",
                           "What stands between the columns; space: any run of spaces and tabs.", "auto",
                           {"auto", "comma", "semicolon", "tab", "space", "pipe", "colon"}),
         Parameter::choice(
             "decimal", "Decimal sign",
             "What stands before the tenths; auto: a comma where the first lines have numbers with "
             "one and none with a point, and it does not separate the columns.",
             "auto", {"auto", "point", "comma"}),
         Parameter::choice("header", "Header", "Whether the first line names the columns.", "auto",
                           {"auto", "yes", "no"}),
         Parameter::text("target", "Target column", "Name or number (from 1) of the target; empty: the last.",
                         ""),
         Parameter::text(
             "ignore", "Columns to ignore",
             "Names or numbers of columns that are neither feature nor target, separated by commas.", ""),
         Parameter::choice(
             "task", "Task",
             "Classes or numbers as target; auto: texts and at most 20 different whole numbers are "
             "classes, in the order of their values.",
             "auto", {"auto", "classification", "regression"}),
         Parameter::choice(
             "missing", "Missing values",
             "What happens to empty fields, NA, NaN, null and ?: an error, their rows are dropped, "
             "or the mean of their column takes their place (without a target the row is dropped).",
             "error", {"error", "drop_rows", "mean"})}};
    entry.fromFiles = true;
    entry.chosenTask = chosenTask;
    entry.load = loadCsv;
    return entry;
}

} // namespace kappascope::data_sets
