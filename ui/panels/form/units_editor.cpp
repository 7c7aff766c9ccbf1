// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/units_editor.h"

#include "engine/laboratory/experiment_parameters.h"
#include "ui/panels/form/stepper.h"

#include <QGridLayout>
#include <QLineEdit>

namespace kappascope::ui {

namespace {
constexpr int across = 2;
}

UnitsEditor::UnitsEditor(QWidget* parent) : QWidget(parent), grid_(new QGridLayout(this)) {
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(8);
    grid_->setVerticalSpacing(4);
    for (int column = 0; column < across; ++column)
        grid_->setColumnStretch(column, 1);
}

void UnitsEditor::setUnits(const std::vector<int>& units) {
    const Parameter& about = experimentParameter("model.hidden");
    while (layers_.size() > units.size()) {
        layers_.back()->hide();
        layers_.back()->deleteLater(); // it may be the sender
        layers_.pop_back();
    }
    while (layers_.size() < units.size()) {
        const int l = static_cast<int>(layers_.size());
        auto* stepper = new Stepper(static_cast<int>(about.minimum), static_cast<int>(about.maximum),
                                    tr("Units of hidden layer %1").arg(l + 1), this);
        stepper->setObjectName(QStringLiteral("units%1").arg(l));
        connect(stepper, &Stepper::valueChanged, this, [this, l](int value) { emit unitsChanged(l, value); });
        grid_->addWidget(stepper, l / across, l % across);
        layers_.push_back(stepper);
    }
    for (std::size_t l = 0; l < units.size(); ++l)
        layers_[l]->setValue(units[l]);
    setVisible(!units.empty());
}

} // namespace kappascope::ui
