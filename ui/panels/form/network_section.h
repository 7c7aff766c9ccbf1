// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/form/form_section.h"

namespace kappascope::ui {

class MethodRow;
class NumberLabel;
class Session;
class Stepper;
class UnitsEditor;

/// The network that all runs copy: layers, activation, start weights. GUI thread.
class NetworkSection : public FormSection {
    Q_OBJECT
public:
    explicit NetworkSection(Session& session, QWidget* parent = nullptr);

private:
    void addLayerRows();
    void addFold();
    void setLayers(int count);
    void setUnits(int layer, int units);
    void refresh();
    void refreshCount();

    Session& session_;
    MethodRow* activation_ = nullptr;
    Stepper* layers_;
    UnitsEditor* units_;
    NumberLabel* list_;
    NumberLabel* parameterCount_;
};

} // namespace kappascope::ui
