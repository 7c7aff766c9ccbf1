// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/network_section.h"

#include "engine/laboratory/experiment_parameters.h"
#include "engine/network/activation.h"
#include "engine/network/initialization.h"
#include "engine/network/layer_catalog.h"
#include "engine/network/network_catalog.h"
#include "ui/panels/form/bound_rows.h"
#include "ui/panels/form/method_row.h"
#include "ui/panels/form/stepper.h"
#include "ui/panels/form/units_editor.h"
#include "ui/theme/theme.h"
#include "ui/widgets/number_label.h"

#include <algorithm>

namespace kappascope::ui {

namespace {

constexpr int mostLayers = 12;   ///< of the form; files may hold more
constexpr int standardUnits = 8; ///< of the first layer that is added to none

QString unitsText(const std::vector<int>& hidden) {
    QStringList parts;
    for (const int units : hidden)
        parts << QString::number(units);
    return parts.isEmpty() ? QObject::tr("no hidden layer") : parts.join(QStringLiteral("-"));
}

} // namespace

NetworkSection::NetworkSection(Session& session, QWidget* parent)
    : FormSection(tr("Network"), parent), session_(session),
      layers_(new Stepper(0, mostLayers, tr("Hidden layers"), this)), units_(new UnitsEditor(this)),
      list_(new NumberLabel(this)), parameterCount_(new NumberLabel(this)) {
    setObjectName(QStringLiteral("networkSection"));
    addLayerRows();
    activation_ = new MethodRow(*this, session_, tr("Activation"), activationCatalog(),
                                [](Experiment& e) -> MethodSpec& { return e.model.activation; });
    activation_->box()->setObjectName(QStringLiteral("activation"));
    auto* initialization = new MethodRow(*this, session_, tr("Initialization"), initializationCatalog(),
                                         [](Experiment& e) -> MethodSpec& { return e.model.initialization; });
    initialization->box()->setObjectName(QStringLiteral("initialization"));
    addFold();
    list_->setObjectName(QStringLiteral("layerList"));
    addCompactRow(
        tr("Layers"), list_,
        tr("The experiment's file may list its layers, or name a network, in place of hidden layers and "
           "their activation (\"model\": {\"layers\": [ ... ]})"));
    addCompactRow(
        tr("Parameters"), parameterCount_,
        tr("Weights and biases of one network; with batch normalization its scales and shifts too"));
    parameterCount_->setObjectName(QStringLiteral("parameterCount"));
    connect(&session_, &Session::experimentChanged, this, &NetworkSection::refresh);
    connect(&session_, &Session::ticked, this, &NetworkSection::refreshCount);
    refresh();
}

void NetworkSection::addLayerRows() {
    const QString help = QString::fromStdString(experimentParameter("model.hidden").help);
    layers_->setObjectName(QStringLiteral("hiddenLayers"));
    addCompactRow(tr("Hidden layers"), layers_, help);
    units_->setObjectName(QStringLiteral("units"));
    addWide(units_);
    connect(layers_, &Stepper::valueChanged, this, &NetworkSection::setLayers);
    connect(units_, &UnitsEditor::unitsChanged, this, &NetworkSection::setUnits);
}

void NetworkSection::addFold() {
    const Parameter& about = experimentParameter("model.fold");
    const auto& keys = about.choices; // in the order of the enumeration
    auto* fold =
        addChoiceRow(*this, session_,
                     {tr("Start folded"), QString::fromStdString(about.help),
                      [keys](const Experiment& e) { return keys[static_cast<std::size_t>(e.model.fold)]; },
                      [keys](Experiment& e, const std::string& key) {
                          e.model.fold = static_cast<Fold>(std::ranges::find(keys, key) - keys.begin());
                      }},
                     {{tr("no"), keys[0]}, {tr("first layer"), keys[1]}, {tr("every layer"), keys[2]}});
    fold->setObjectName(QStringLiteral("fold"));
}

void NetworkSection::setLayers(int count) {
    Experiment after = session_.experiment();
    std::vector<int>& hidden = after.model.hidden;
    hidden.resize(static_cast<std::size_t>(count), hidden.empty() ? standardUnits : hidden.back());
    const QString text =
        tr("layers %1 → %2").arg(unitsText(session_.experiment().model.hidden), unitsText(hidden));
    session_.edit(text, std::move(after), QStringLiteral("network/layers"));
    refresh();
}

void NetworkSection::setUnits(int layer, int units) {
    Experiment after = session_.experiment();
    after.model.hidden[static_cast<std::size_t>(layer)] = units;
    const QString text =
        tr("layers %1 → %2")
            .arg(unitsText(session_.experiment().model.hidden), unitsText(after.model.hidden));
    session_.edit(text, std::move(after), QStringLiteral("network/units%1").arg(layer));
    refresh();
}

void NetworkSection::refresh() {
    const ModelSpec& model = session_.experiment().model;
    const std::vector<int> hidden = model.stacked() ? model.hidden : std::vector<int>{};
    layers_->setValue(static_cast<int>(hidden.size()));
    layers_->setEnabled(model.stacked());
    units_->setUnits(hidden);
    setRowVisible(list_, !model.stacked());
    setRowVisible(layers_, model.stacked());
    units_->setVisible(model.stacked());
    list_->setText(model.stacked()          ? QString()
                   : !model.network.empty() ? QString::fromStdString(networkCatalog().at(model.network).label)
                                            : tr("%1 layers").arg(countLayers(model.layers)));
    for (QWidget* control :
         {static_cast<QWidget*>(activation_->box()), static_cast<QWidget*>(activation_->form())})
        control->setEnabled(!hidden.empty()); // it stands behind hidden layers
    refreshCount();
}

void NetworkSection::refreshCount() {
    const auto& runs = session_.status().runs;
    if (runs.empty() || !session_.status().ready) return parameterCount_->setText(QStringLiteral("—"));
    const auto [least, most] = std::ranges::minmax(runs, {}, &RunStatus::parameters);
    parameterCount_->setText(
        least.parameters == most.parameters
            ? formatCount(least.parameters)
            : tr("%1 – %2").arg(formatCount(least.parameters), formatCount(most.parameters)));
}

} // namespace kappascope::ui
