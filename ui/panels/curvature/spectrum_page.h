// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"
#include "ui/views/curvature/spectrum_view.h"

#include <QWidget>

class QBoxLayout;
class QComboBox;
class QScrollArea;
class QStackedWidget;

namespace kappascope::ui {

class DirectionView;
class PageCaption;
class SpectrumTable;
class ViewWorker;

/// A spectrum with its numbers beside it (below it where there is little room), and in their place, once an
/// eigenvalue is clicked, what its direction does. Of the readings that it is given; knows no session. GUI
/// thread only.
class SpectrumPage : public QWidget {
    Q_OBJECT
public:
    explicit SpectrumPage(ViewWorker& worker, QWidget* parent = nullptr);

    /// Null: nothing was measured yet.
    void setReading(std::shared_ptr<const CurvatureReading> reading);
    void setRun(const QString& name, const QColor& color);
    void setHint(const QString& hint);

    SpectrumView* view() const { return view_; }
    SpectrumTable* table() const { return table_; }
    DirectionView* direction() const { return direction_; }
    QComboBox* blocks() const { return blocks_; }
    bool showsDirection() const;
    /// As a click on the n-th largest eigenvalue, from 1, of the matrix that steps meet. False where there is
    /// none, or no eigenvector.
    bool openDirection(Index n);

    /// Whether the block of a layer is chosen: its spectrum must be measured.
    bool wantsLayers() const { return wanted_ != BlockReading::wholeNetwork; }

signals:
    void measurementWanted(); ///< the user wants a reading now
    void blockChosen();       ///< by the user

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    int layer() const;
    void fillBlocks();
    void showBlock();
    void showCaption();
    void showDirection(const EigenvalueChoice& which);
    void closeDirection();
    bool hasVectors(const EigenvalueChoice& which) const;

    std::shared_ptr<const CurvatureReading> reading_;
    int wanted_ = BlockReading::wholeNetwork; ///< the block that the user chose
    PageCaption* caption_;
    QComboBox* blocks_;
    QScrollArea* scroll_;
    QBoxLayout* body_;
    SpectrumView* view_;
    QStackedWidget* side_;
    SpectrumTable* table_;
    DirectionView* direction_;
};

} // namespace kappascope::ui
