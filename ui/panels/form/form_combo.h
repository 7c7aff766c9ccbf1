// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QWheelEvent>

namespace kappascope::ui {

/// A list of choices in a form that scrolls: the wheel scrolls the form and never changes the choice.
class FormCombo : public QComboBox {
    Q_OBJECT
public:
    explicit FormCombo(QWidget* parent = nullptr) : QComboBox(parent) {
        setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        setMinimumContentsLength(8);
    }

protected:
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

/// Fills `box` with the members of a catalog; each entry's data is its key, its tool tip the help. Keeps what
/// is there when the keys are the same.
template<class Entries>
void fillCombo(QComboBox& box, const Entries& entries) {
    QStringList keys, present;
    for (const auto& entry : entries)
        keys << QString::fromStdString(entry.key);
    for (int i = 0; i < box.count(); ++i)
        present << box.itemData(i).toString();
    if (keys == present) return;
    box.clear();
    for (const auto& entry : entries) {
        box.addItem(QString::fromStdString(entry.label), QString::fromStdString(entry.key));
        box.setItemData(box.count() - 1, QString::fromStdString(entry.help), Qt::ToolTipRole);
    }
}

} // namespace kappascope::ui
