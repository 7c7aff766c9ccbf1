// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"

#include <QWidget>
#include <vector>

class QLabel;

namespace kappascope::ui {

class NumberLabel;

/// Whether the labels lie within what the last layer can reach, and the rate that theory predicts beside the
/// one that the loss shows, or why there is none. GUI thread only.
class ConditioningTable : public QWidget {
    Q_OBJECT
public:
    explicit ConditioningTable(QWidget* parent = nullptr);

    /// Null: dashes. `measured`: the rate that the run's losses show.
    void setReading(const CurvatureReading* reading, const Reading& measured);
    void setRunColor(const QColor& color);

    /// "representation_rank", "labels_outside", "best_rate", "predicted_rate", "measured_rate".
    NumberLabel* value(const QString& name) const;
    /// Why the theory does not hold; empty when it does.
    QString reason() const;

private:
    struct Row {
        QString name;
        QLabel* words;
        NumberLabel* value;
    };

    void addRow(const QString& name, const QString& words, const QString& definition);
    void show(const QString& name, const QString& text, const QString& note);
    void restyle();

    std::vector<Row> rows_;
    QLabel* reason_;
};

} // namespace kappascope::ui
