// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"

#include <QWidget>
#include <vector>

class QLabel;

namespace kappascope::ui {

class NumberLabel;

/// The numbers of a spectrum: of H, of P^T H P, and the gain where the same number of both can be compared;
/// definitions on hover. GUI thread only.
class SpectrumTable : public QWidget {
    Q_OBJECT
public:
    explicit SpectrumTable(QWidget* parent = nullptr);

    /// Null, or a block that was not measured: dashes.
    void setReading(const CurvatureReading* reading, int layer);
    void setRunColor(const QColor& color);

    enum Column { Raw, Preconditioned, Gain };
    /// What stands in a cell: row by its quantity ("kappa_tau").
    NumberLabel* cell(const std::string& row, Column column) const;

private:
    struct Row {
        std::string key;
        QLabel* name;
        NumberLabel* cells[3];
    };
    struct Values {
        Reading cells[3];
        QString notes[3]; ///< besides the reading's own
    };

    void addRow(const char* key, const QString& name);
    Values valuesOf(const std::string& key, const CurvatureReading& reading, const BlockReading& block) const;
    void show(Row& row, const Values& values);
    void restyle();

    std::vector<Row> rows_;
    QLabel* heads_[3];
    QLabel* of_; ///< what was measured
};

} // namespace kappascope::ui
