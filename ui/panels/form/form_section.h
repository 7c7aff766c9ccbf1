// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QWidget>

class QGridLayout;
class QLabel;
class QToolButton;

namespace kappascope::ui {

/// A part of a form under its heading: rows of a label and a control, or a control over the whole width; may
/// be folded away. GUI thread.
class FormSection : public QWidget {
    Q_OBJECT
public:
    explicit FormSection(const QString& title, QWidget* parent = nullptr);

    /// `help` is shown on hover over the row. Returns the label.
    QLabel* addRow(const QString& label, QWidget* control, const QString& help = {});
    /// The control keeps its own width, at the right.
    QLabel* addCompactRow(const QString& label, QWidget* control, const QString& help = {});
    void addWide(QWidget* control);
    /// Shows or hides a control with its label.
    void setRowVisible(QWidget* control, bool visible);

    /// What stands quietly beside the heading: the chosen set, a summary while folded.
    void setNote(const QString& note);
    /// A heading that folds the rows away; folded from the start.
    void makeFoldable();
    bool isFolded() const;
    void setFolded(bool folded);

private:
    QLabel* makeLabel(const QString& text, QWidget* control, const QString& help);
    void restyle();

    QLabel* note_;
    QToolButton* foldButton_ = nullptr;
    QWidget* body_;
    QGridLayout* rows_;
    QHash<QWidget*, QWidget*> labels_; ///< of a control: its label, or the line that holds both
};

} // namespace kappascope::ui
