// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QPointer>
#include <vector>

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace kappascope::ui {

class FormCombo;
class FormSection;
class ParameterForm;
class RateField;
class RunEditor;
struct MethodFamily;

/// Everything that one run may do differently: its learning rate, and every parameter of its normalization,
/// preconditioner, optimizer and schedule, made from the catalogs. Stays open beside the training; every
/// change acts at once. GUI thread only.
class RunSettings : public QDialog {
    Q_OBJECT
public:
    explicit RunSettings(RunEditor& editor, QWidget* parent = nullptr);

    /// The settings of `run`, in the window that is open already if there is one.
    static RunSettings* open(RunEditor& editor, int run, QWidget* parent);

    int run() const { return run_; }
    void setRun(int run);

private:
    struct Section {
        const MethodFamily* family;
        FormSection* section;
        FormCombo* box;
        QLabel* help;
        ParameterForm* form;
    };

    void addRate(QVBoxLayout& column);
    void addFamily(QVBoxLayout& column, const MethodFamily& family);
    void refresh();
    void showSection(const Section& section);

    RunEditor& editor_;
    int run_ = 0;
    QLabel* title_;
    RateField* rate_;
    QToolButton* baseRate_;
    std::vector<Section> sections_;
};

} // namespace kappascope::ui
