// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/csv_table.h"

#include "engine/core/error.h"
#include "engine/data/readers/csv_dialect.h"
#include "engine/data/readers/utf8.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>

namespace kappascope {

namespace {

using Kind = CsvColumn::Kind;

constexpr std::size_t fewValues = 20; ///< different whole numbers that still look like classes

class TableBuilder {
public:
    TableBuilder(const CsvFile& file, const CsvChoices& choices, const Cancelled* cancelled)
        : file_(file), choices_(choices), cancelled_(cancelled) {}

    Dataset build() {
        chooseColumns();
        for (const std::size_t column : features_)
            requireNumbers(column);
        chooseTask();
        if (choices_.missing == "error") refuseMissing();
        readRows();
        if (choices_.missing == "mean") fillWithMeans();

        Dataset data;
        data.task = task_;
        for (const std::size_t column : features_)
            data.featureNames.push_back(nameOf(column));
        setTargets(data);
        const auto rows = static_cast<Index>(features_.size());
        data.x = Features(Matrix<double>(Eigen::Map<const Matrix<double>>(
            values_.data(), rows, static_cast<Index>(values_.size()) / rows)));
        return data;
    }

private:
    const CsvColumn& column(std::size_t number) const { return file_.columns()[number]; }
    const CsvColumn& target() const { return column(target_); }
    bool textTarget() const { return target().kind == Kind::Text; }

    std::string nameOf(std::size_t number) const {
        return column(number).name.empty() ? "column " + std::to_string(number + 1) : column(number).name;
    }

    void chooseColumns() {
        const std::size_t count = file_.columns().size();
        if (count < 2)
            throw InputError(file_.placeOf(0, 0),
                             "this is the only column, expected at least one feature and a target",
                             "Choose the separator with data.separator.");
        std::vector<bool> ignored(count);
        for (const auto& name : ignoredNames())
            ignored[file_.columnNamed(name, "data.ignore")] = true;
        if (choices_.target.empty()) {
            for (std::size_t i = 0; i < count; ++i) // the last that is used
                if (!ignored[i]) target_ = i;
        } else {
            target_ = file_.columnNamed(choices_.target, "data.target");
        }
        if (ignored[target_])
            throw InputError("data.ignore",
                             "the target '" + nameOf(target_) + "' is among the columns to ignore");
        for (std::size_t i = 0; i < count; ++i)
            if (i != target_ && !ignored[i]) features_.push_back(i);
        if (features_.empty())
            throw InputError("data.ignore", "no column is left as a feature", "Ignore fewer columns.");
    }

    std::vector<std::string> ignoredNames() const {
        std::vector<std::string> names;
        CsvRecords list(choices_.ignore, ',', "data.ignore"); // so that names with commas can be quoted
        if (list.next())
            for (const std::string_view name : list.fields())
                if (!name.empty()) names.emplace_back(name);
        return names;
    }

    void requireValues(std::size_t number) const {
        if (column(number).kind == Kind::Empty)
            throw InputError(file_.placeOf(0, number), "the column has no values",
                             number == target_ ? "Choose another data.target."
                                               : "Leave it out with data.ignore.");
    }

    void requireNumbers(std::size_t number) const {
        requireValues(number);
        const CsvColumn& wanted = column(number);
        if (wanted.kind == Kind::Numbers) return;
        const std::string problem = "'" + wanted.firstText + "' is not a number";
        std::string advice = "Turn texts into numbers, or leave the column out with data.ignore.";
        if (otherwiseWritten(wanted))
            advice =
                file_.decimalSign() == DecimalSign::Point
                    ? "It has a decimal comma: write all numbers with points, or all with commas and set "
                      "data.decimal to 'comma'."
                    : "It has a decimal point: write all numbers with commas, or all with points and set "
                      "data.decimal to 'point'.";
        else if (number == target_)
            advice = "Set data.task to 'classification', or choose another data.target.";
        throw InputError(file_.placeOf(wanted.firstTextLine, number), problem, advice);
    }

    /// Its first text is a number with the other decimal sign.
    bool otherwiseWritten(const CsvColumn& texts) const {
        return file_.decimalSign() == DecimalSign::Point ? hasDecimalComma(texts.firstText)
                                                         : hasDecimalPoint(texts.firstText);
    }

    void chooseTask() {
        requireValues(target_);
        if (textTarget() && otherwiseWritten(target())) requireNumbers(target_);
        task_ = choices_.task == "auto"         ? guessTask(target(), file_.rows())
                : choices_.task == "regression" ? Task::Regression
                                                : Task::Classification;
        if (task_ == Task::Regression) requireNumbers(target_);
        if (task_ == Task::Classification && target().distinct > mostClasses)
            throw InputError(file_.placeOf(0, target_),
                             "more than " + std::to_string(mostClasses) +
                                 " different values, too many for classes",
                             textTarget() ? "Choose another data.target." : "Set data.task to 'regression'.");
    }

    void refuseMissing() const {
        std::size_t count = 0, first = target_;
        for (std::size_t i = 0; i < file_.columns().size(); ++i) {
            if (i != target_ && std::ranges::find(features_, i) == features_.end()) continue;
            if (column(i).missing == 0) continue;
            count += column(i).missing;
            if (column(first).missing == 0 || column(i).firstMissing < column(first).firstMissing) first = i;
        }
        if (count == 0) return;
        throw InputError(file_.placeOf(column(first).firstMissing, first),
                         "the value is missing (" + std::to_string(count) + " in all)",
                         "Fill it in, or set data.missing to 'drop_rows' or 'mean'.");
    }

    /// Fills values_ (a missing one as NaN) and the targets.
    void readRows() {
        values_.reserve(file_.rows() * features_.size());
        file_.forEachRow([this](std::size_t, std::span<const std::string_view> fields) {
            stopIfCancelled(cancelled_);
            if (isMissing(fields[target_])) return;
            const std::size_t before = values_.size();
            for (const std::size_t feature : features_) {
                const auto number = isMissing(fields[feature]) ? std::nullopt : file_.number(fields[feature]);
                if (!number && choices_.missing == "drop_rows") return values_.resize(before);
                values_.push_back(number.value_or(std::numeric_limits<double>::quiet_NaN()));
            }
            if (textTarget())
                texts_.emplace_back(fields[target_]);
            else
                numbers_.push_back(*file_.number(fields[target_]));
        });
        if (values_.empty())
            throw InputError(file_.placeOf(0, target_), "every row has a missing value",
                             "Set data.missing to 'mean', or leave columns out with data.ignore.");
    }

    void fillWithMeans() {
        const std::size_t width = features_.size();
        for (std::size_t j = 0; j < width; ++j) {
            stopIfCancelled(cancelled_);
            double sum = 0;
            std::size_t present = 0;
            for (std::size_t i = j; i < values_.size(); i += width)
                if (!std::isnan(values_[i])) {
                    sum += values_[i];
                    ++present;
                }
            if (present == 0)
                throw InputError(file_.placeOf(0, features_[j]),
                                 "the column has no values in rows with a target",
                                 "Leave it out with data.ignore.");
            for (std::size_t i = j; i < values_.size(); i += width)
                if (std::isnan(values_[i])) values_[i] = sum / static_cast<double>(present);
        }
    }

    void setTargets(Dataset& data) const {
        if (task_ == Task::Regression) {
            data.y =
                Eigen::Map<const Matrix<double>>(numbers_.data(), 1, static_cast<Index>(numbers_.size()));
            return;
        }
        if (textTarget())
            setClasses(data, texts_, [](const std::string& text) { return asUtf8(text); });
        else
            setClasses(data, numbers_, [](double number) {
                char text[32];
                std::snprintf(text, sizeof text, "%.15g", number);
                return std::string(text);
            });
        if (data.classes() < 2)
            throw InputError(file_.placeOf(0, target_),
                             "all samples are of one class, '" + data.classNames.front() + "'",
                             "Choose another data.target.");
    }

    template<class Value, class Name>
    void setClasses(Dataset& data, const std::vector<Value>& values, Name name) const {
        std::map<Value, int> classOf;
        for (const auto& value : values) {
            stopIfCancelled(cancelled_);
            classOf.try_emplace(value);
        }
        for (auto& [value, number] : classOf) {
            number = static_cast<int>(data.classNames.size());
            data.classNames.push_back(name(value));
        }
        for (const auto& value : values) {
            stopIfCancelled(cancelled_);
            data.labels.push_back(classOf.at(value));
        }
    }

    const CsvFile& file_;
    const CsvChoices& choices_;
    const Cancelled* cancelled_;
    std::size_t target_ = 0;
    std::vector<std::size_t> features_;
    Task task_ = Task::Classification;
    std::vector<double> values_;     ///< features x samples
    std::vector<double> numbers_;    ///< targets that are numbers
    std::vector<std::string> texts_; ///< targets that are texts
};

} // namespace

CsvOptions csvOptions(const Parameters& parameters) {
    CsvOptions options;
    for (const char separator : csvSeparators)
        if (parameters.choice("separator") == separatorName(separator)) options.separator = separator;
    if (parameters.choice("header") == "yes") options.header = CsvOptions::Header::Yes;
    if (parameters.choice("header") == "no") options.header = CsvOptions::Header::No;
    if (parameters.choice("decimal") == "point") options.decimal = DecimalSign::Point;
    if (parameters.choice("decimal") == "comma") options.decimal = DecimalSign::Comma;
    return options;
}

CsvChoices csvChoices(const Parameters& parameters) {
    return {parameters.text("target"), parameters.text("ignore"), parameters.choice("task"),
            parameters.choice("missing")};
}

Task guessTask(const CsvColumn& target, std::size_t rows) {
    if (target.kind == Kind::Text) return Task::Classification;
    const bool few = target.distinct <= fewValues && rows >= 2 * target.distinct;
    return target.wholeNumbers && few ? Task::Classification : Task::Regression;
}

Dataset csvDataset(const CsvFile& file, const CsvChoices& choices, const Cancelled* cancelled) {
    return TableBuilder(file, choices, cancelled).build();
}

} // namespace kappascope
