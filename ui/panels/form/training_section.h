// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/form/form_section.h"

class QLabel;

namespace kappascope::ui {

class FormCombo;
class Session;
class ValueSlider;

/// Loss, mini-batch size, base learning rate, penalty. GUI thread.
class TrainingSection : public FormSection {
    Q_OBJECT
public:
    explicit TrainingSection(Session& session, QWidget* parent = nullptr);

private:
    void addLoss();
    void addNumbers();
    void chooseLoss(int index);
    void refresh();
    void refreshData();

    Session& session_;
    FormCombo* loss_;
    ValueSlider *batchSize_, *learningRate_;
    QLabel* ownRates_;
    int trainingSamples_ = 0;
};

/// When training stops by itself. Folded; the note says the rules that are on. GUI thread.
class StopSection : public FormSection {
    Q_OBJECT
public:
    explicit StopSection(Session& session, QWidget* parent = nullptr);

private:
    void refresh();
    Session& session_;
};

/// One seed for each purpose, precision, how often is measured. Folded. GUI thread.
class AdvancedSection : public FormSection {
    Q_OBJECT
public:
    explicit AdvancedSection(Session& session, QWidget* parent = nullptr);
};

} // namespace kappascope::ui
