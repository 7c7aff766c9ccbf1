// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/form/form_section.h"

namespace kappascope::ui {

class FormCombo;
class LayerEditor;
class MethodRow;
class NumberLabel;
class Session;
class Stepper;
class UnitsEditor;

/// The network that all runs copy: dense layers by their units, a list of layers, or a network with a name;
/// activation, start weights. GUI thread.
class NetworkSection : public FormSection {
    Q_OBJECT
public:
    explicit NetworkSection(Session& session, QWidget* parent = nullptr);

private:
    void addArchitecture();
    void addLayerRows();
    void chooseArchitecture(const QString& key);
    void showMisfit(const QString& why);
    void addFold();
    void setLayers(int count);
    void setUnits(int layer, int units);
    void refresh();
    void refreshCount();

    Session& session_;
    FormCombo* architecture_;
    QLabel* misfit_; ///< why the chosen network was not taken
    MethodRow* activation_ = nullptr;
    Stepper* layers_;
    UnitsEditor* units_;
    LayerEditor* list_;
    NumberLabel* parameterCount_;
};

} // namespace kappascope::ui
