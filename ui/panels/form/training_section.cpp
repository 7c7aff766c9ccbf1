// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/training_section.h"

#include "engine/laboratory/experiment_parameters.h"
#include "ui/panels/form/bound_rows.h"
#include "ui/panels/form/fitting_loss.h"
#include "ui/panels/form/form_combo.h"
#include "ui/session.h"
#include "ui/theme/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr double leastL2 = 1e-6; ///< the slider's left end means none

ValueSlider::Range rangeOf(const Parameter& about, double from, double to) {
    ValueSlider::Range range;
    range.minimum = from;
    range.maximum = to;
    range.logarithmic = from > 0;
    range.integer = about.kind == Parameter::Kind::Integer;
    range.lowest = about.minimumAllowed ? about.minimum : std::nextafter(about.minimum, HUGE_VAL);
    range.highest = about.maximum;
    return range;
}

QString helpOf(const char* path) {
    return QString::fromStdString(experimentParameter(path).help);
}

} // namespace

TrainingSection::TrainingSection(Session& session, QWidget* parent)
    : FormSection(tr("Training"), parent), session_(session), loss_(new FormCombo(this)),
      ownRates_(new QLabel(this)) {
    setObjectName(QStringLiteral("trainingSection"));
    addLoss();
    addNumbers();
    connect(&session_, &Session::experimentChanged, this, &TrainingSection::refresh);
    connect(&session_, &Session::restarted, this, &TrainingSection::refreshData);
    refresh();
    refreshData();
}

void TrainingSection::addLoss() {
    loss_->setObjectName(QStringLiteral("loss"));
    addCompactRow(tr("Loss"), loss_, tr("What training makes small: the mean over the mini-batch"));
    connect(loss_, &QComboBox::activated, this, &TrainingSection::chooseLoss);
}

void TrainingSection::addNumbers() {
    batchSize_ = addNumberRow(*this, session_,
                              {tr("Batch size"), helpOf("batch_size"),
                               [](const Experiment& e) { return static_cast<double>(e.batchSize); },
                               [](Experiment& e, double value) { e.batchSize = static_cast<int>(value); }},
                              rangeOf(experimentParameter("batch_size"), 1, 1000));
    batchSize_->setObjectName(QStringLiteral("batchSize"));
    learningRate_ = addNumberRow(*this, session_,
                                 {tr("Learning rate"), helpOf("learning_rate"),
                                  [](const Experiment& e) { return e.learningRate; },
                                  [](Experiment& e, double value) { e.learningRate = value; }},
                                 rangeOf(experimentParameter("learning_rate"), 1e-4, 10));
    learningRate_->setObjectName(QStringLiteral("learningRate"));
    ownRates_->setWordWrap(true);
    addWide(ownRates_);
    auto* l2 =
        addNumberRow(*this, session_,
                     {tr("L2 penalty"), helpOf("model.l2"), [](const Experiment& e) { return e.model.l2; },
                      [](Experiment& e, double value) { e.model.l2 = value <= leastL2 ? 0 : value; }},
                     rangeOf(experimentParameter("model.l2"), leastL2, 1));
    l2->setObjectName(QStringLiteral("l2"));
}

void TrainingSection::chooseLoss(int index) {
    const auto& entry = lossCatalog().at(loss_->itemData(index).toString().toStdString());
    const auto* before = lossCatalog().find(session_.experiment().loss.method);
    const QString text = tr("loss %1 → %2")
                             .arg(before ? QString::fromStdString(before->label) : QString(),
                                  QString::fromStdString(entry.label));
    session_.change(text, [&](Experiment& after) { after.loss = {entry.key, Parameters(entry)}; });
    refresh();
}

void TrainingSection::refresh() {
    const Experiment& experiment = session_.experiment();
    loss_->setCurrentIndex(loss_->findData(QString::fromStdString(experiment.loss.method)));
    const auto own =
        std::ranges::count_if(experiment.runs, [](const auto& run) { return run.learningRate.has_value(); });
    ownRates_->setVisible(own > 0);
    ownRates_->setText(own == static_cast<std::ptrdiff_t>(experiment.runs.size())
                           ? tr("Every run has a rate of its own")
                           : tr("%n run(s) with a rate of their own", nullptr, static_cast<int>(own)));
    ownRates_->setStyleSheet(QStringLiteral("color: %1").arg(Theme::instance().palette().quiet.name()));
}

/// Only losses that fit the data are offered; the batch slider ends at the whole training set.
void TrainingSection::refreshData() {
    const auto split = session_.data();
    std::vector<LossEntry> offered;
    for (const LossEntry& entry : lossCatalog().entries())
        if (!split || lossFits(entry, split->train)) offered.push_back(entry);
    fillCombo(*loss_, offered);
    const int samples = split ? static_cast<int>(split->train.samples()) : 0;
    if (samples > 1 && samples != trainingSamples_) {
        trainingSamples_ = samples;
        batchSize_->setRange(rangeOf(experimentParameter("batch_size"), 1, samples));
        batchSize_->setValue(session_.experiment().batchSize);
    }
    refresh();
}

StopSection::StopSection(Session& session, QWidget* parent)
    : FormSection(tr("Stop at"), parent), session_(session) {
    setObjectName(QStringLiteral("stopSection"));
    const auto add = [this](const char* path, const QString& name, auto member, const QString& zero) {
        using Value = std::remove_cvref_t<decltype(StopSpec{}.*member)>;
        auto* field = addFieldRow(
            *this, session_,
            {name, helpOf(path),
             [member](const Experiment& e) { return static_cast<double>(e.stop.*member); },
             [member](Experiment& e, double value) { e.stop.*member = static_cast<Value>(value); }},
            std::is_integral_v<Value>, zero);
        field->setObjectName(QString::fromLatin1(path));
    };
    add("steps", tr("Steps"), &StopSpec::steps, tr("never"));
    add("stop.epochs", tr("Epochs"), &StopSpec::epochs, tr("never"));
    add("stop.target_loss", tr("Training loss"), &StopSpec::targetLoss, tr("never"));
    add("stop.patience", tr("Patience"), &StopSpec::patience, tr("never"));
    add("stop.divergence_factor", tr("Loss grown by"), &StopSpec::divergenceFactor, tr("not finite"));
    makeFoldable();
    connect(&session_, &Session::experimentChanged, this, &StopSection::refresh);
    refresh();
}

void StopSection::refresh() {
    const StopSpec& stop = session_.experiment().stop;
    QStringList rules;
    if (stop.steps > 0) rules << tr("step %1").arg(formatCount(stop.steps));
    if (stop.epochs > 0) rules << tr("epoch %1").arg(formatNumber(stop.epochs));
    if (stop.targetLoss > 0) rules << tr("loss %1").arg(formatNumber(stop.targetLoss));
    if (stop.patience > 0) rules << tr("patience %1").arg(stop.patience);
    setNote(rules.isEmpty() ? tr("never") : rules.join(QStringLiteral(", ")));
}

AdvancedSection::AdvancedSection(Session& session, QWidget* parent)
    : FormSection(tr("Seeds, precision"), parent) {
    setObjectName(QStringLiteral("advancedSection"));
    const auto addSeed = [&](const QString& name, std::uint64_t SeedSpec::*member, const char* key) {
        auto* field =
            addFieldRow(*this, session,
                        {name, tr("Seed of what is random here; the others keep theirs"),
                         [member](const Experiment& e) { return static_cast<double>(e.seed.*member); },
                         [member](Experiment& e, double value) {
                             e.seed.*member = static_cast<std::uint64_t>(std::max(value, 0.0));
                         }},
                        true);
        field->setObjectName(QString::fromLatin1(key));
    };
    addSeed(tr("Data seed"), &SeedSpec::data, "seed.data");
    addSeed(tr("Weights seed"), &SeedSpec::weights, "seed.weights");
    addSeed(tr("Batches seed"), &SeedSpec::batches, "seed.batches");
    addSeed(tr("Noise seed"), &SeedSpec::noise, "seed.noise");
    addSeed(tr("Augmentation seed"), &SeedSpec::augmentation, "seed.augmentation");
    const std::vector<std::string> keys =
        experimentParameter("precision").choices; // in the enumeration's order
    auto* precision =
        addChoiceRow(*this, session,
                     {tr("Precision"), helpOf("precision"),
                      [keys](const Experiment& e) { return keys[static_cast<std::size_t>(e.precision)]; },
                      [keys](Experiment& e, const std::string& key) {
                          e.precision = static_cast<Precision>(std::ranges::find(keys, key) - keys.begin());
                      }},
                     {{tr("32 bit"), keys[0]}, {tr("64 bit"), keys[1]}});
    precision->setObjectName(QStringLiteral("precision"));
    const auto addCadence = [&](const QString& name, std::int64_t Experiment::*member, const char* path,
                                const QString& zero) {
        auto* field = addFieldRow(
            *this, session,
            {name, helpOf(path), [member](const Experiment& e) { return static_cast<double>(e.*member); },
             [member](Experiment& e, double value) { e.*member = static_cast<std::int64_t>(value); }},
            true, zero);
        field->setObjectName(QString::fromLatin1(path));
    };
    addCadence(tr("Measure every"), &Experiment::measureEvery, "measure_every", tr("automatic"));
    addCadence(tr("Evaluate every"), &Experiment::evaluateEvery, "evaluate_every", tr("as measured"));
    makeFoldable();
}

} // namespace kappascope::ui
