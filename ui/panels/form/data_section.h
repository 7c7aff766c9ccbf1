// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/form/form_section.h"

#include "engine/data/data_catalog.h"
#include "engine/laboratory/experiment.h"

#include <memory>

class QLineEdit;

namespace kappascope::ui {

class DataGallery;
class NumberLabel;
class ParameterForm;
class Session;
class ValueSlider;

/// Which data, and how badly conditioned: the gallery, the set's own parameters, the dials that all sets
/// share, and the condition number that comes of it. GUI thread.
class DataSection : public FormSection {
    Q_OBJECT
public:
    explicit DataSection(Session& session, QWidget* parent = nullptr);

    DataGallery* gallery() const { return gallery_; }

signals:
    void fileWanted(bool folder); ///< a set was chosen that needs a file, or a folder

private:
    void addGeneratorRows();
    void addPlaneRows();
    void addListRows();
    void addSplitRows();
    ValueSlider* addDial(const char* key, const QString& name, double DataSpec::*member, double from,
                         double to, const QString& suffix = {});
    void chooseSet(const QString& key);
    void changeParameter(const QString& key, const ParameterValue& value);
    void refresh();
    void showFittingRows();
    void refreshCondition();
    const DataEntry& entry() const;
    Index features() const;

    Session& session_;
    DataGallery* gallery_;
    ParameterForm* parameters_;
    std::vector<QWidget*> generatorRows_, planeRows_, listRows_, imageRows_;
    ValueSlider *rotation_ = nullptr, *testShare_ = nullptr;
    bool ownTestPart_ = false; ///< the file says which samples test
    NumberLabel *condition_, *scaledCondition_;
    std::weak_ptr<const Split> measured_; ///< the data of the number shown
};

/// The experiment with another data set: its parameters at their defaults; scales and offsets that do not fit
/// its features dropped; where the loss does not fit its task, the first one that does. `samples`: a few of
/// the set's, when known.
Experiment withDataSet(Experiment experiment, const std::string& key, const Dataset* samples);

/// The value in force for feature `j` of DataSpec::scale or offset, and its change (lists grow to `features`
/// values and are dropped when all are `neutral`).
double featureValue(const std::vector<double>& list, std::size_t j, double neutral);
void setFeatureValue(std::vector<double>& list, std::size_t j, double value, std::size_t features,
                     double neutral);

} // namespace kappascope::ui
