// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/parameters.h"
#include "engine/data/dataset.h"
#include "engine/data/readers/csv_file.h"

namespace kappascope {

/// How a table becomes samples; the keys are those of the data set "csv".
struct CsvChoices {
    std::string target;            ///< name or number (from 1) of the target's column; empty: the last
    std::string ignore;            ///< columns left out, by name or number, separated by commas
    std::string task = "auto";     ///< auto, classification, regression
    std::string missing = "error"; ///< error, drop_rows, mean
};

/// What the parameters of the data set "csv" tell of the file, and of its use.
CsvOptions csvOptions(const Parameters& parameters);
CsvChoices csvChoices(const Parameters& parameters);

/// Most classes that a target may have.
constexpr std::size_t mostClasses = 1000;

/// What a target column is taken for on "auto": texts and few (at most 20, each twice on average) different
/// whole numbers are classes, other numbers are a regression.
Task guessTask(const CsvColumn& target, std::size_t rows);

/// All columns but the target and those ignored are features and must hold numbers. Classes are in the order
/// of their values: texts by the alphabet, numbers by size. Missing values: an error; or their rows are
/// dropped; or they become the mean of their column (a row without a target is dropped then, too). Throws
/// InputError with line and column, and WorkCancelled.
Dataset csvDataset(const CsvFile& file, const CsvChoices& choices, const Cancelled* cancelled = nullptr);

} // namespace kappascope
