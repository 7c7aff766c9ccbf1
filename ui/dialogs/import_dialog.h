// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/data/data_spec.h"
#include "engine/data/dataset.h"

#include <QDialog>
#include <memory>

class QComboBox;
class QDialogButtonBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace kappascope {
struct CsvPreview;
}

namespace kappascope::ui {

class ImageStrip;
class ParameterForm;
class Session;
class SwitchButton;

/// Data from a file: a preview of what it holds, how it is to be read, and then one undoable change of the
/// experiment. Files are read by workers; what is wrong with them is said in the dialog, and the session
/// stays as it is. GUI thread.
class ImportDialog : public QDialog {
    Q_OBJECT
public:
    /// `path`: a CSV table, a file of images (IDX, CIFAR), or a folder of them (PNG, too).
    ImportDialog(Session& session, const QString& path, QWidget* parent = nullptr);
    ~ImportDialog() override; ///< what is still being read is given up

    /// Whether the newest preview is shown and nothing is wrong with it.
    bool isReady() const;
    QString problem() const;
    ParameterForm* options() const { return options_; }

    void accept() override;

signals:
    void previewed(); ///< a preview is shown, or a problem

private:
    void build();
    void changeOption(const QString& key, const ParameterValue& value);
    void preview();
    void previewTable();
    void previewImages();
    void showTable(const CsvPreview& preview);
    void showImages(const std::shared_ptr<const Split>& split);
    void showProblem(const QString& problem);
    void buildTarget();
    void fillTarget(const CsvPreview& preview);
    int targetColumn() const;
    void markTarget();
    void setWaiting(bool waiting);
    std::shared_ptr<const Cancelled> beginReading();
    void finish(const std::shared_ptr<const Split>& split);

    Session& session_;
    DataSpec spec_;
    QLabel *summary_, *problem_;
    QStackedWidget* pages_;
    QTableWidget* table_;
    ImageStrip* images_;
    QWidget* targetRow_;
    QComboBox* target_; ///< of a table: which column is to be predicted
    ParameterForm* options_;
    SwitchButton* standardize_;
    QDialogButtonBox* buttons_;
    QPushButton* import_ = nullptr;
    unsigned request_ = 0; ///< number of the newest preview asked for: older answers are dropped
    std::shared_ptr<Cancelled> reading_; ///< the newest one; set for older ones
    bool waiting_ = false;
};

} // namespace kappascope::ui
