// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/layer_editor.h"

#include "engine/network/activation.h"
#include "engine/network/layer_catalog.h"
#include "engine/network/loss.h"
#include "ui/panels/form/layer_rows.h"
#include "ui/panels/form/parameter_form.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/tool_button.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>
#include <algorithm>

namespace kappascope::ui {

namespace {

constexpr const char* functionKey = "function"; ///< of an activation: decides which parameters it has

std::string functionOf(const LayerSpec& layer) {
    return layer.parameters.has(functionKey) ? layer.parameters.choice(functionKey) : "relu";
}

} // namespace

LayerEditor::LayerEditor(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), rows_(new LayerRows(this)), tools_(new QWidget(this)),
      menu_(new QMenu(this)), parameters_(new ParameterForm(this)) {
    setObjectName(QStringLiteral("layerEditor"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    makeTools();
    layout->addWidget(tools_);
    layout->addWidget(rows_);
    makeMessage();
    layout->addWidget(parameters_);
    connect(rows_, &LayerRows::selectionMoved, this, &LayerEditor::showSelected);
    connect(rows_, &LayerRows::moveAsked, this, &LayerEditor::move);
    connect(rows_, &LayerRows::stepAsked, this, &LayerEditor::step);
    connect(rows_, &LayerRows::removalAsked, this, &LayerEditor::remove);
    connect(parameters_, &ParameterForm::changed, this, &LayerEditor::setParameter);
    connect(menu_, &QMenu::aboutToShow, this, &LayerEditor::fillMenu);
    connect(&session_, &Session::experimentChanged, this, &LayerEditor::refresh);
    connect(&session_, &Session::restarted, this, [this] {
        lookAtData();
        display();
    });
    lookAtData();
    refresh();
}

QToolButton* LayerEditor::addTool(const QString& icon, const QString& name, const QString& help) {
    QToolButton* button = makeToolButton(ButtonLook::Flat, icon, help, tools_);
    button->setObjectName(name);
    tools_->layout()->addWidget(button);
    return button;
}

void LayerEditor::makeTools() {
    auto* line = new QHBoxLayout(tools_);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(0);
    add_ = addTool(QStringLiteral("plus"), QStringLiteral("addLayer"),
                   tr("Add a layer behind the selected one, or at the end"));
    add_->setMenu(menu_);
    copy_ = addTool(QStringLiteral("copy"), QStringLiteral("duplicateLayer"), tr("Duplicate the layer"));
    up_ = addTool(QStringLiteral("chevron-up"), QStringLiteral("layerUp"),
                  tr("Move the layer up, into a residual block or out of it (Alt+Up, or drag it)"));
    down_ = addTool(QStringLiteral("chevron-down"), QStringLiteral("layerDown"),
                    tr("Move the layer down, into a residual block or out of it (Alt+Down, or drag it)"));
    remove_ =
        addTool(QStringLiteral("trash"), QStringLiteral("removeLayer"), tr("Remove the layer (Delete)"));
    line->addStretch(1);
    connect(copy_, &QToolButton::clicked, this, &LayerEditor::duplicate);
    connect(up_, &QToolButton::clicked, this, [this] { step(true); });
    connect(down_, &QToolButton::clicked, this, [this] { step(false); });
    connect(remove_, &QToolButton::clicked, this, &LayerEditor::remove);
}

void LayerEditor::makeMessage() {
    message_ = new QLabel(this);
    message_->setObjectName(QStringLiteral("layerMistake"));
    message_->setWordWrap(true);
    message_->setTextFormat(Qt::PlainText);
    message_->setMinimumWidth(1);
    layout()->addWidget(message_);
    auto* line = new QWidget(this);
    auto* words = new QHBoxLayout(line);
    words->setContentsMargins(0, 0, 0, 0);
    const auto word = [&](const QString& text, const QString& name, const QString& help) {
        QToolButton* button = makeToolButton(ButtonLook::Word, text, help, line);
        button->setObjectName(name);
        words->addWidget(button);
        return button;
    };
    convert_ = word(tr("Convert to a list"), QStringLiteral("convertToList"),
                    tr("The same network as a list of layers that can be edited"));
    apply_ = word(tr("Apply"), QStringLiteral("applyLayers"), tr("Train with these layers"));
    back_ = word(tr("Back to what trains"), QStringLiteral("revertLayers"),
                 tr("Drop the changes that are not applied"));
    words->addStretch(1);
    layout()->addWidget(line);
    connect(convert_, &QToolButton::clicked, this, &LayerEditor::convertToList);
    connect(apply_, &QToolButton::clicked, this, [this] { enter(tr("layers")); });
    connect(back_, &QToolButton::clicked, this, [this] {
        draft_ = inForce_;
        display();
    });
}

bool LayerEditor::isApplied() const {
    return draft_ == inForce_;
}

/// The shapes between which the layers stand; those of the last data until new ones are there.
void LayerEditor::lookAtData() {
    const std::shared_ptr<const Split> split = session_.data();
    if (!split) return;
    const Dataset& train = split->train;
    const MethodSpec& loss = session_.experiment().loss;
    try {
        if (const auto* entry = lossCatalog().find(loss.method))
            outputs_ = entry->make<double>(loss.parameters)->outputs(train);
        inputs_ = train.image ? MapShape(train.image->channels, train.image->height, train.image->width)
                              : MapShape(train.features());
    } catch (const InputError&) {
        return; // the loss is already that of other data, which are on their way
    }
}

std::optional<LayerOutline> LayerEditor::outlineOf(const Layers& layers) const {
    if (outputs_ == 0) return std::nullopt;
    return outlineLayers(layers, inputs_, outputs_, "model.layers");
}

void LayerEditor::refresh() {
    const ModelSpec& model = session_.experiment().model;
    const Layers present = model.stacked() ? Layers{} : layersOf(model);
    if (present != inForce_) draft_ = inForce_ = present;
    rows_->setEditable(model.network.empty());
    display();
}

void LayerEditor::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    display();
}

void LayerEditor::display() {
    if (!isVisible() && isVisibleTo(parentWidget())) return; // showEvent() comes
    const auto outline = outlineOf(draft_);
    rows_->showLayers(draft_, outline ? &*outline : nullptr, inputs_);
    showState(outline);
    showSelected();
}

void LayerEditor::showState(const std::optional<LayerOutline>& outline) {
    const bool named = !session_.experiment().model.network.empty();
    const bool mistaken = outline && outline->mistake;
    tools_->setVisible(!named);
    convert_->setVisible(named);
    apply_->setVisible(!isApplied() && !mistaken);
    back_->setVisible(!isApplied());
    message_->setVisible(!isApplied());
    message_->setStyleSheet(QStringLiteral("color: %1").arg(Theme::instance().palette().warning.name()));
    if (!mistaken) return message_->setText(tr("Not applied yet."));
    const InputError& mistake = *outline->mistake;
    message_->setText(
        tr("Not applied: %1. %2")
            .arg(QString::fromStdString(mistake.problem()), QString::fromStdString(mistake.advice()))
            .trimmed());
}

void LayerEditor::showSelected() {
    const bool editable = session_.experiment().model.network.empty();
    const std::optional<LayerPath> path = rows_->selected();
    Layers trial = draft_;
    for (QToolButton* button : {copy_, up_, down_, remove_})
        button->setEnabled(path.has_value());
    if (path) {
        up_->setEnabled(stepLayer(trial, *path, true).has_value());
        trial = draft_;
        down_->setEnabled(stepLayer(trial, *path, false).has_value());
        remove_->setEnabled(path->size() > 1 || draft_.size() > 1); // an empty list is no list
    }
    if (!path || !editable) return parameters_->setParameters({});
    const LayerSpec& layer = layerAt(draft_, *path);
    parameters_->setParameters(layerParameters(layer.type, functionOf(layer)));
    parameters_->setValues(layer.parameters);
}

void LayerEditor::fillMenuFor(QMenu& menu, const LayerPath& before) {
    const auto action = [&](QMenu& to, const Description& entry) {
        QAction* added = to.addAction(QString::fromStdString(entry.label));
        added->setObjectName(QString::fromStdString(entry.key));
        added->setToolTip(QString::fromStdString(entry.help));
        connect(added, &QAction::triggered, this, [this, key = entry.key, before] { add(key, before); });
    };
    menu.setToolTipsVisible(true);
    for (const LayerEntry& entry : layerCatalog().entries()) {
        if (entry.holdsLayers && before.size() > 1) continue; // no block within a block
        if (!entry.find(functionKey)) {
            action(menu, entry);
            continue;
        }
        QMenu* functions = menu.addMenu(QString::fromStdString(entry.label));
        functions->setToolTipsVisible(true);
        for (const auto& function : activationCatalog().entries())
            action(*functions, function);
    }
}

void LayerEditor::fillMenu() {
    menu_->clear();
    const std::optional<LayerPath> path = rows_->selected();
    LayerPath behind = path.value_or(LayerPath{static_cast<int>(draft_.size()) - 1});
    ++behind.back();
    if (path && isBlock(layerAt(draft_, *path))) {
        QMenu* within = menu_->addMenu(tr("Into the block"));
        within->setObjectName(QStringLiteral("intoBlock"));
        fillMenuFor(*within, {path->front(), static_cast<int>(layerAt(draft_, *path).layers.size())});
        menu_->addSeparator();
    }
    fillMenuFor(*menu_, behind);
}

/// What a layer receives that is put before the one at `path`: what the one before it gives.
MapShape LayerEditor::shapeBefore(const LayerPath& path) const {
    Layers shortened(draft_.begin(), draft_.begin() + path.front());
    if (shortened.empty()) return inputs_;
    const auto outline = outlineOf(shortened);
    for (std::size_t k = outline ? outline->layers.size() : 0; k-- > 0;)
        if (outline->layers[k].place.find('.', outline->layers[k].place.find(']')) == std::string::npos)
            return outline->layers[k].gives.value_or(inputs_);
    return inputs_;
}

void LayerEditor::add(const std::string& name, const LayerPath& before) {
    LayerSpec layer = newLayer(name, shapeBefore(before));
    const QString text = tr("add layer %1").arg(layerTitle(layer));
    insertLayer(draft_, before, std::move(layer));
    enter(text);
    rows_->select(before);
}

void LayerEditor::remove() {
    const std::optional<LayerPath> path = rows_->selected();
    if (!path || !remove_->isEnabled()) return;
    const QString text = tr("remove layer %1").arg(layerTitle(layerAt(draft_, *path)));
    removeLayer(draft_, *path);
    enter(text);
    LayerPath next = *path;
    if (!rows_->itemAtPath(next)) --next.back();
    if (next.back() < 0) next.pop_back(); // the block is empty
    if (!next.empty()) rows_->select(next);
}

void LayerEditor::duplicate() {
    const std::optional<LayerPath> path = rows_->selected();
    if (!path) return;
    const LayerSpec copy = layerAt(draft_, *path);
    LayerPath behind = *path;
    ++behind.back();
    insertLayer(draft_, behind, copy);
    enter(tr("duplicate layer %1").arg(layerTitle(copy)));
    rows_->select(behind);
}

void LayerEditor::step(bool up) {
    const std::optional<LayerPath> path = rows_->selected();
    if (!path) return;
    const QString title = layerTitle(layerAt(draft_, *path));
    if (const auto to = stepLayer(draft_, *path, up)) {
        enter(up ? tr("move layer %1 up").arg(title) : tr("move layer %1 down").arg(title));
        rows_->select(*to);
    }
}

void LayerEditor::move(const LayerPath& from, const LayerPath& to) {
    const QString title = layerTitle(layerAt(draft_, from));
    const auto stands = moveLayer(draft_, from, to);
    if (!stands || *stands == from) return;
    enter(tr("move layer %1").arg(title));
    rows_->select(*stands);
}

/// Another function of an activation brings its own parameters.
void LayerEditor::setParameter(const QString& key, const ParameterValue& value) {
    const std::optional<LayerPath> path = rows_->selected();
    if (!path) return;
    LayerSpec& layer = layerAt(draft_, *path);
    const ParameterValue before = layer.parameters.values().at(key.toStdString());
    if (key == QLatin1String(functionKey))
        layer = layerNamed(std::get<std::string>(value));
    else
        layer.parameters.set(key.toStdString(), value);
    QStringList place;
    for (const int number : *path)
        place << QString::number(number + 1);
    const QString where = place.join(QLatin1Char('.'));
    enter(tr("layer %1 %2 %3 → %4").arg(where, key, valueText(before), valueText(value)),
          QStringLiteral("network/layer%1/%2").arg(where, key));
}

/// Applies the draft where it is sound; else shows what is wrong.
void LayerEditor::enter(const QString& text, const QString& mergeKey) {
    const auto outline = outlineOf(draft_);
    const bool sound = !outline || !outline->mistake;
    if (sound && draft_ != inForce_) {
        const Layers wanted = draft_;
        session_.change(
            text,
            [&](Experiment& after) {
                after.model.network.clear();
                after.model.layers = wanted;
            },
            mergeKey);
    }
    display();
}

void LayerEditor::convertToList() {
    const ModelSpec& model = session_.experiment().model;
    const Layers list = listOf(model, !inputs_.flat());
    if (list.empty()) return;
    session_.change(tr("network as a list of layers"), [&](Experiment& after) {
        after.model.network.clear();
        after.model.layers = list;
    });
    refresh();
}

} // namespace kappascope::ui
