// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/data_section.h"

#include "engine/core/error.h"
#include "ui/panels/form/bound_rows.h"
#include "ui/panels/form/data_gallery.h"
#include "ui/panels/form/fitting_loss.h"
#include "ui/panels/form/image_rows.h"
#include "ui/panels/form/parameter_form.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/number_label.h"
#include "ui/widgets/switch_button.h"

#include <QCoreApplication>
#include <QLineEdit>
#include <QPointer>
#include <QThreadPool>
#include <algorithm>
#include <cmath>
#include <optional>

namespace kappascope::ui {

namespace {

constexpr int conditionSamples = 2000;   ///< of large sets, spread evenly
constexpr Index conditionFeatures = 200; ///< beyond, eigenvalues would take seconds

const Parameter& dial(std::string_view key) {
    const auto& dials = dataDials();
    return *std::ranges::find(dials, key, &Parameter::key);
}

ValueSlider::Range dialRange(const Parameter& dial, double from, double to) {
    ValueSlider::Range range;
    range.minimum = from;
    range.maximum = to;
    range.logarithmic = dial.logarithmic;
    range.integer = dial.kind == Parameter::Kind::Integer;
    range.lowest = dial.minimumAllowed ? dial.minimum : std::nextafter(dial.minimum, HUGE_VAL);
    range.highest = dial.maximum;
    return range;
}

/// Stands for data of which only the task is known: a loss that fits it fits any of that task.
Dataset manyClasses(Task task) {
    Dataset data;
    data.task = task;
    data.labels = {0, 1, 2};
    data.classNames = {"0", "1", "2"};
    data.x = Features(Matrix<double>::Zero(1, 3));
    data.y = Matrix<double>::Zero(1, 3);
    return data;
}

constexpr int fewSamples = 60; ///< of a generated set: drawn in microseconds

/// Nothing when the parameters are refused; the session will say why.
std::optional<Dataset> drawSamples(DataSpec spec) {
    spec.samples = fewSamples;
    try {
        return loadData(spec, 0).train;
    } catch (const InputError&) {
        return std::nullopt;
    }
}

/// Whether the file has said what the test samples are: a share that is held out has its number of them.
bool hasOwnTestPart(const Split& split, double share) {
    const auto all = static_cast<double>(split.train.samples() + split.test.samples());
    return split.test.samples() != std::llround(share * all) && split.test.samples() > 0;
}

/// kappa of the inputs' covariance, as they are and with each input divided by its deviation.
struct InputConditions {
    double asItIs, scaled;
};

InputConditions conditionsOf(const Dataset& data) {
    std::vector<int> chosen;
    const Index count = std::min<Index>(data.samples(), conditionSamples);
    for (Index i = 0; i < count; ++i)
        chosen.push_back(static_cast<int>(i * data.samples() / count));
    const Features x = data.x.select(chosen);
    const FeatureMoments moments = featureMoments(x);
    const Vector<double> inverse =
        (moments.deviation.array() > 0).select(moments.deviation.cwiseInverse(), 1.0);
    return {covarianceConditionNumber(x),
            covarianceConditionNumber(x.mapped(inverse, Vector<double>::Zero(inverse.size())))};
}

} // namespace

double featureValue(const std::vector<double>& list, std::size_t j, double neutral) {
    if (list.empty()) return neutral;
    return list.size() == 1 ? list.front() : j < list.size() ? list[j] : neutral;
}

void setFeatureValue(std::vector<double>& list, std::size_t j, double value, std::size_t features,
                     double neutral) {
    std::vector<double> full(features);
    for (std::size_t k = 0; k < features; ++k)
        full[k] = k == j ? value : featureValue(list, k, neutral);
    const bool plain = std::ranges::all_of(full, [neutral](double x) { return x == neutral; });
    list = plain ? std::vector<double>{} : full;
}

Experiment withDataSet(Experiment experiment, const std::string& key, const Dataset* samples) {
    const DataEntry& entry = dataCatalog().at(key);
    experiment.data.set = key;
    experiment.data.parameters = Parameters(entry);
    if (!entry.fromFiles) experiment.data.path.clear();
    if (!entry.images) {
        experiment.data.pixels = PixelScaling::Given;
        experiment.data.augmentation = {};
    }
    for (auto* list : {&experiment.data.scale, &experiment.data.offset})
        if (list->size() > 1 && (!samples || list->size() != static_cast<std::size_t>(samples->features())))
            list->clear();
    return withFittingLoss(std::move(experiment), samples ? *samples : manyClasses(entry.task));
}

DataSection::DataSection(Session& session, QWidget* parent)
    : FormSection(tr("Data"), parent), session_(session), gallery_(new DataGallery(this)),
      parameters_(new ParameterForm(this)), condition_(new NumberLabel(this)),
      scaledCondition_(new NumberLabel(this)) {
    setObjectName(QStringLiteral("dataSection"));
    addWide(gallery_);
    addGeneratorRows();
    addWide(parameters_);
    addPlaneRows();
    addListRows();
    addSplitRows();
    imageRows_ = addImageRows(*this, session_);
    addCompactRow(
        tr("Input covariance κ"), condition_,
        tr("Largest over smallest eigenvalue of the covariance of the training inputs: how badly the "
           "data alone are conditioned. 1 is best; standardizing mends what comes of scale."));
    condition_->setObjectName(QStringLiteral("inputCondition"));
    addCompactRow(
        tr("κ once scaled"), scaledCondition_,
        tr("The same with each input divided by its own deviation: what methods that treat each input "
           "by itself, such as BN, BNP and Adam, cannot mend. Rotation raises it: what is correlated "
           "no scale takes apart."));
    scaledCondition_->setObjectName(QStringLiteral("scaledCondition"));

    connect(gallery_, &DataGallery::chosen, this, &DataSection::chooseSet);
    connect(parameters_, &ParameterForm::changed, this, &DataSection::changeParameter);
    connect(&session_, &Session::experimentChanged, this, &DataSection::refresh);
    connect(&session_, &Session::ticked, this, &DataSection::refreshCondition);
    refresh();
}

ValueSlider* DataSection::addDial(const char* key, const QString& name, double DataSpec::*member, double from,
                                  double to, const QString& suffix) {
    const Parameter& about = dial(key);
    ValueSlider::Range range = dialRange(about, from, to);
    range.suffix = suffix;
    auto* row = addNumberRow(*this, session_,
                             {name, QString::fromStdString(about.help),
                              [member](const Experiment& e) { return e.data.*member; },
                              [member](Experiment& e, double value) { e.data.*member = value; }},
                             range);
    row->setObjectName(QString::fromLatin1(key));
    return row;
}

void DataSection::addGeneratorRows() {
    const Parameter& about = dial("samples");
    auto* samples =
        addNumberRow(*this, session_,
                     {tr("Samples"), QString::fromStdString(about.help),
                      [](const Experiment& e) { return static_cast<double>(e.data.samples); },
                      [](Experiment& e, double value) { e.data.samples = static_cast<int>(value); }},
                     dialRange(about, 20, 20'000));
    samples->setObjectName(QStringLiteral("samples"));
    generatorRows_ = {samples, addDial("noise", tr("Noise"), &DataSpec::noise, 0, 1)};
}

void DataSection::addPlaneRows() {
    const auto add = [this](const char* key, const QString& name, std::vector<double> DataSpec::*list,
                            std::size_t j, double neutral, const ValueSlider::Range& range) {
        const Binding<double> binding{
            name, QString::fromStdString(dial(key).help),
            [=](const Experiment& e) { return featureValue(e.data.*list, j, neutral); },
            [=](Experiment& e, double value) { setFeatureValue(e.data.*list, j, value, 2, neutral); }};
        auto* row = addNumberRow(*this, session_, binding, range);
        row->setObjectName(QStringLiteral("%1%2").arg(QLatin1String(key)).arg(j));
        planeRows_.push_back(row);
    };
    ValueSlider::Range scale = dialRange(dial("scale"), 0.01, 1000);
    scale.logarithmic = true;
    const ValueSlider::Range offset = dialRange(dial("offset"), -20, 20);
    add("scale", tr("Scale x"), &DataSpec::scale, 0, 1, scale);
    add("scale", tr("Scale y"), &DataSpec::scale, 1, 1, scale);
    add("offset", tr("Offset x"), &DataSpec::offset, 0, 0, offset);
    add("offset", tr("Offset y"), &DataSpec::offset, 1, 0, offset);
}

void DataSection::addListRows() {
    const auto add = [this](const char* key, const QString& name, std::vector<double> DataSpec::*list) {
        auto* field = addListRow(*this, session_,
                                 {name, QString::fromStdString(dial(key).help),
                                  [list](const Experiment& e) { return e.data.*list; },
                                  [list](Experiment& e, const auto& numbers) { e.data.*list = numbers; }},
                                 tr("as they are"));
        field->setObjectName(QString::fromLatin1(key));
        listRows_.push_back(field);
    };
    add("scale", tr("Scale"), &DataSpec::scale);
    add("offset", tr("Offset"), &DataSpec::offset);
}

void DataSection::addSplitRows() {
    rotation_ = addDial("rotation", tr("Rotation"), &DataSpec::rotation, 0, 180, QStringLiteral("°"));
    addDial("label_noise", tr("Label noise"), &DataSpec::labelNoise, 0, 0.5);
    testShare_ = addDial("test_fraction", tr("Test share"), &DataSpec::testFraction, 0, 0.9);
    const Parameter& about = dial("standardize");
    auto* standardize = addSwitchRow(*this, session_,
                                     {QString::fromStdString(about.label), QString::fromStdString(about.help),
                                      [](const Experiment& e) { return e.data.standardize; },
                                      [](Experiment& e, bool on) { e.data.standardize = on; }});
    standardize->setObjectName(QStringLiteral("standardize"));
}

const DataEntry& DataSection::entry() const {
    return dataCatalog().at(session_.experiment().data.set);
}

Index DataSection::features() const {
    if (const auto samples = gallery_->samples(QString::fromStdString(session_.experiment().data.set)))
        return samples->features();
    const auto split = session_.data();
    return split ? split->train.features() : 2;
}

void DataSection::chooseSet(const QString& key) {
    if (dataCatalog().at(key.toStdString()).fromFiles) {
        gallery_->choose(QString::fromStdString(session_.experiment().data.set)); // until there is a file
        emit fileWanted(key == QLatin1String("image_folder"));
        return;
    }
    const auto samples = gallery_->samples(key);
    const QString label = QString::fromStdString(dataCatalog().at(key.toStdString()).label);
    session_.edit(tr("data %1 → %2").arg(QString::fromStdString(entry().label), label),
                  withDataSet(session_.experiment(), key.toStdString(), samples.get()));
    refresh();
}

void DataSection::changeParameter(const QString& key, const ParameterValue& value) {
    const Parameter* parameter = entry().find(key.toStdString());
    const Parameters& present = session_.experiment().data.parameters;
    const auto before = present.values().find(key.toStdString());
    const QString text =
        tr("%1 %2 → %3")
            .arg(QString::fromStdString(parameter->label).toLower(),
                 valueText(before == present.values().end() ? parameter->standard : before->second),
                 valueText(value));
    Experiment after = session_.experiment();
    after.data.parameters.set(key.toStdString(), value);
    // Another number of classes may need another loss: a few samples tell.
    if (entry().generated)
        if (const auto samples = drawSamples(after.data)) after = withFittingLoss(std::move(after), *samples);
    session_.edit(text, std::move(after), QStringLiteral("data/") + key);
    refresh();
}

void DataSection::refresh() {
    const DataSpec& spec = session_.experiment().data;
    const DataEntry& set = entry();
    gallery_->choose(QString::fromStdString(spec.set));
    setNote(spec.path.empty() ? QString::fromStdString(set.label)
                              : QString::fromStdString(spec.path).section(QLatin1Char('/'), -1));
    parameters_->setParameters(set.parameters);
    parameters_->setValues(spec.parameters);
    showFittingRows();
    refreshCondition();
}

/// Rows that the present data have: how many features there are is known once they are loaded.
void DataSection::showFittingRows() {
    const DataEntry& set = entry();
    const bool plane = features() == 2;
    for (QWidget* row : generatorRows_)
        setRowVisible(row, set.generated);
    for (QWidget* row : planeRows_)
        setRowVisible(row, plane);
    for (QWidget* row : imageRows_)
        setRowVisible(row, set.images);
    for (QWidget* row : listRows_)
        setRowVisible(row, !plane);
    setRowVisible(rotation_, features() > 1); // it turns planes
    setRowVisible(testShare_, set.generated || !ownTestPart_);
}

void DataSection::refreshCondition() {
    const auto split = session_.data();
    if (split == measured_.lock()) return;
    measured_ = split;
    // With the share in force: what the form shows may be a drag ahead of the data.
    ownTestPart_ = split && hasOwnTestPart(*split, session_.laboratory().experiment().data.testFraction);
    showFittingRows();
    for (NumberLabel* label : {condition_, scaledCondition_})
        label->setText(formatNumber(std::nan("")));
    if (!split || split->train.features() > conditionFeatures || split->train.samples() < 2) return;
    // Of a few hundred features the eigenvalues take long: never on this thread.
    QThreadPool::globalInstance()->start([guard = QPointer(this), split] {
        const InputConditions conditions = conditionsOf(split->train);
        QMetaObject::invokeMethod(qApp, [guard, split, conditions] {
            if (!guard || guard->measured_.lock() != split) return;
            guard->condition_->setText(formatNumber(conditions.asItIs));
            guard->scaledCondition_->setText(formatNumber(conditions.scaled));
        });
    });
}

} // namespace kappascope::ui
