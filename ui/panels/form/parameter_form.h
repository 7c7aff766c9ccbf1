// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"

#include <QWidget>
#include <functional>
#include <optional>
#include <vector>

class QGridLayout;

namespace kappascope::ui {

/// Controls made from descriptions of parameters: a slider with a field for numbers, a list of choices, a
/// switch for flags, a field for lists and text; the help on hover. GUI thread.
class ParameterForm : public QWidget {
    Q_OBJECT
public:
    explicit ParameterForm(QWidget* parent = nullptr);

    /// The controls of `parameters`, except those named in `without`. Keeps what is there when it is the same
    /// list.
    void setParameters(const std::vector<Parameter>& parameters, const QStringList& without = {});
    /// Shows values without signals. Missing ones show their default.
    void setValues(const Parameters& values);

    bool isEmpty() const { return rows_.empty(); }

    /// The control of a parameter, for tests and focus; null for an unknown key.
    QWidget* control(const QString& key) const;

signals:
    /// By the user. Values are not checked: the session does that.
    void changed(const QString& key, const kappascope::ParameterValue& value);

private:
    struct Row {
        Parameter parameter;
        QWidget* control;
        std::function<void(const ParameterValue&)> show;
    };
    void addRow(const Parameter& parameter);
    Row makeSlider(const Parameter& parameter);
    Row makeChoice(const Parameter& parameter);
    Row makeFlag(const Parameter& parameter);
    Row makeField(const Parameter& parameter);

    QGridLayout* grid_;
    std::vector<Row> rows_;
    QStringList keys_;
};

/// "1, 100" and back; a list with something that is no number reads as nothing.
QString listText(const std::vector<double>& numbers);
std::optional<std::vector<double>> readList(const QString& text);
/// "3", or "3 x 5", height first; also "3 × 5" and "3, 5". Nothing where the text is neither.
std::optional<Extent> readExtent(const QString& text);

/// What a change of a parameter is called: "noise 0.1 → 0.3".
QString valueText(const ParameterValue& value);

} // namespace kappascope::ui
