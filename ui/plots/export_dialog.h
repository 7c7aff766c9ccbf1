// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/figure.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QSpinBox;

namespace kappascope::ui {

/// Asks for format and size of a figure, then for the file. Opens without blocking; remembers the choices and
/// the folder. The preview shows what will be written.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    ExportDialog(FigureContent content, QWidget* parent);

    FigureOptions options() const;
    QString format() const; ///< "pdf", "svg" or "png"
    /// Writes without asking for a name; shows what went wrong in the dialog and returns false.
    bool save(const QString& path);

signals:
    void saved(const QString& path);

private:
    void chooseFile();
    void remember() const;
    void recall();
    void showPreview();
    void buildForm();

    FigureContent content_;
    QComboBox *format_, *theme_;
    QSpinBox *width_, *height_, *scale_;
    QCheckBox *legend_, *flags_;
    QLabel *preview_, *problem_;
};

} // namespace kappascope::ui
