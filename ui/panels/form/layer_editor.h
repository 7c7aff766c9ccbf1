// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/form/layer_path.h"

#include "engine/network/layer_outline.h"

#include <QWidget>

class QLabel;
class QMenu;
class QToolButton;

namespace kappascope::ui {

class LayerRows;
class ParameterForm;
class Session;

/// The session's network as a list of layers to edit: add, remove, duplicate, move, and the parameters of the
/// selected one, with shapes and parameter counts at every moment. A sound list is one undoable change of the
/// experiment and starts the runs over; one with a mistake stays here, shows it at its layer, and is not
/// applied. A network with a name is only shown, until it is made a list. GUI thread.
class LayerEditor : public QWidget {
    Q_OBJECT
public:
    explicit LayerEditor(Session& session, QWidget* parent = nullptr);

    LayerRows* rows() const { return rows_; }
    ParameterForm* parameters() const { return parameters_; }
    const Layers& layers() const { return draft_; } ///< as shown, applied or not
    QMenu* addMenu() const { return menu_; }
    bool isApplied() const;

    /// What the network would be on the session's data, of any list; nothing until the data are there.
    std::optional<LayerOutline> outlineOf(const Layers& layers) const;

    /// The experiment's network becomes a list, as it is.
    void convertToList();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QToolButton* addTool(const QString& icon, const QString& name, const QString& help);
    void makeTools();
    void makeMessage();
    void fillMenu();
    void fillMenuFor(QMenu& menu, const LayerPath& before);
    void refresh();
    void lookAtData();
    void display();
    void showSelected();
    void showState(const std::optional<LayerOutline>& outline);

    void add(const std::string& name, const LayerPath& before);
    void remove();
    void duplicate();
    void step(bool up);
    void move(const LayerPath& from, const LayerPath& to);
    void setParameter(const QString& key, const ParameterValue& value);
    void enter(const QString& text, const QString& mergeKey = {});
    MapShape shapeBefore(const LayerPath& path) const;

    Session& session_;
    LayerRows* rows_;
    QWidget* tools_;
    QMenu* menu_;
    QToolButton *add_, *up_, *down_, *copy_, *remove_;
    QLabel* message_;
    QToolButton *back_, *apply_, *convert_;
    ParameterForm* parameters_;
    Layers draft_, inForce_;
    MapShape inputs_;
    Index outputs_ = 0; ///< 0 until the data are there
};

} // namespace kappascope::ui
