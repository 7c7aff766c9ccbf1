// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

class QGridLayout;

namespace kappascope::ui {

class Stepper;

/// The units of each hidden layer, first to last, two layers a row. GUI thread.
class UnitsEditor : public QWidget {
    Q_OBJECT
public:
    explicit UnitsEditor(QWidget* parent = nullptr);

    void setUnits(const std::vector<int>& units);
    Stepper* layer(int l) const { return layers_[static_cast<std::size_t>(l)]; }

signals:
    void unitsChanged(int layer, int units); ///< by the user

private:
    QGridLayout* grid_;
    std::vector<Stepper*> layers_;
};

} // namespace kappascope::ui
