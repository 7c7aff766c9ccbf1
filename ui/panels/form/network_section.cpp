// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/network_section.h"

#include "engine/laboratory/experiment_parameters.h"
#include "engine/network/activation.h"
#include "engine/network/initialization.h"
#include "engine/network/network_catalog.h"
#include "ui/panels/form/bound_rows.h"
#include "ui/panels/form/layer_editor.h"
#include "ui/panels/form/method_row.h"
#include "ui/panels/form/stepper.h"
#include "ui/panels/form/units_editor.h"
#include "ui/theme/theme.h"
#include "ui/widgets/number_label.h"

#include <QLabel>
#include <algorithm>

namespace kappascope::ui {

namespace {

constexpr int mostLayers = 12;   ///< of the form; files may hold more
constexpr int standardUnits = 8; ///< of the first layer that is added to none

const QString stackKey = QStringLiteral("hidden"), listKey = QStringLiteral("layers"); ///< as in files

QString architectureOf(const ModelSpec& model) {
    if (!model.network.empty()) return QString::fromStdString(model.network);
    return model.layers.empty() ? stackKey : listKey;
}

QString unitsText(const std::vector<int>& hidden) {
    QStringList parts;
    for (const int units : hidden)
        parts << QString::number(units);
    return parts.isEmpty() ? QObject::tr("no hidden layer") : parts.join(QStringLiteral("-"));
}

} // namespace

NetworkSection::NetworkSection(Session& session, QWidget* parent)
    : FormSection(tr("Network"), parent), session_(session), architecture_(new FormCombo(this)),
      misfit_(new QLabel(this)), layers_(new Stepper(0, mostLayers, tr("Hidden layers"), this)),
      units_(new UnitsEditor(this)), list_(new LayerEditor(session, this)),
      parameterCount_(new NumberLabel(this)) {
    setObjectName(QStringLiteral("networkSection"));
    addArchitecture();
    addLayerRows();
    addWide(list_);
    activation_ = new MethodRow(*this, session_, tr("Activation"), activationCatalog(),
                                [](Experiment& e) -> MethodSpec& { return e.model.activation; });
    activation_->box()->setObjectName(QStringLiteral("activation"));
    auto* initialization = new MethodRow(*this, session_, tr("Initialization"), initializationCatalog(),
                                         [](Experiment& e) -> MethodSpec& { return e.model.initialization; });
    initialization->box()->setObjectName(QStringLiteral("initialization"));
    addFold();
    addCompactRow(
        tr("Parameters"), parameterCount_,
        tr("Weights and biases of one network; with batch normalization its scales and shifts too"));
    parameterCount_->setObjectName(QStringLiteral("parameterCount"));
    connect(&session_, &Session::experimentChanged, this, &NetworkSection::refresh);
    connect(&session_, &Session::ticked, this, &NetworkSection::refreshCount);
    refresh();
}

void NetworkSection::addArchitecture() {
    architecture_->setObjectName(QStringLiteral("architecture"));
    architecture_->addItem(tr("Dense layers"), stackKey);
    architecture_->addItem(tr("List of layers"), listKey);
    architecture_->insertSeparator(architecture_->count());
    for (const NetworkEntry& entry : networkCatalog().entries()) {
        architecture_->addItem(QString::fromStdString(entry.label), QString::fromStdString(entry.key));
        architecture_->setItemData(architecture_->count() - 1, QString::fromStdString(entry.help),
                                   Qt::ToolTipRole);
    }
    addCompactRow(tr("Architecture"), architecture_,
                  tr("Dense layers by their units; a list of layers of any kind, which starts as the network "
                     "that is there; or a network with a name"));
    misfit_->setObjectName(QStringLiteral("misfit"));
    misfit_->setWordWrap(true);
    misfit_->setTextFormat(Qt::PlainText);
    misfit_->setMinimumWidth(1);
    addWide(misfit_);
    showMisfit({});
    connect(architecture_, &QComboBox::activated, this, [this](int index) {
        chooseArchitecture(architecture_->itemData(index).toString());
        refresh();
    });
}

void NetworkSection::showMisfit(const QString& why) {
    misfit_->setStyleSheet(QStringLiteral("color: %1").arg(Theme::instance().palette().warning.name()));
    misfit_->setText(why);
    misfit_->setVisible(!why.isEmpty());
}

/// A network that the data do not fit is not taken, and the reason shown.
void NetworkSection::chooseArchitecture(const QString& key) {
    const ModelSpec& model = session_.experiment().model;
    showMisfit({});
    if (key == architectureOf(model)) return;
    if (key == listKey) {
        if (model.stacked() && model.hidden.empty())
            return showMisfit(tr("There is no hidden layer yet to make a list of."));
        return list_->convertToList();
    }
    const NetworkEntry* network = networkCatalog().find(key.toStdString());
    const auto outline = network ? list_->outlineOf(network->layers) : std::nullopt;
    if (outline && outline->mistake)
        return showMisfit(tr("%1 does not fit these data: %2")
                              .arg(QString::fromStdString(network->label),
                                   QString::fromStdString(outline->mistake->problem())));
    const QString name = network ? QString::fromStdString(network->label) : tr("dense layers");
    session_.change(tr("network %1").arg(name), [&](Experiment& after) {
        after.model.network = network ? network->key : std::string();
        after.model.layers.clear();
    });
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
    architecture_->setCurrentIndex(architecture_->findData(architectureOf(model)));
    list_->setVisible(!model.stacked());
    setRowVisible(layers_, model.stacked());
    units_->setVisible(!hidden.empty());
    setRowVisible(activation_->box(), model.stacked()); // a list has its own
    activation_->form()->setVisible(model.stacked() && !activation_->form()->isEmpty());
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
