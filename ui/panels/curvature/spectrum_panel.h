// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace kappascope::ui {

class Session;
class SpectrumTable;
class SpectrumView;

/// The spectrum of the selected run, of the whole network or of one layer, with the numbers that it gives:
/// before the preconditioner, after it, and what it gains. GUI thread only.
class SpectrumPanel : public QWidget {
    Q_OBJECT
public:
    explicit SpectrumPanel(Session& session, QWidget* parent = nullptr);

    SpectrumView* view() const { return view_; }
    int layer() const { return layer_; }
    void setLayer(int layer); ///< as BlockReading::layer
    /// Narrow, it gives the numbers up.
    QSize minimumSizeHint() const override { return {240, 150}; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    void showCaption(const CurvatureReading* reading);
    void fillLayerMenu();
    QString notice() const;

    Session& session_;
    QLabel *caption_, *of_;
    QToolButton *layerButton_, *now_;
    SpectrumView* view_;
    SpectrumTable* table_;
    int layer_ = BlockReading::wholeNetwork;
};

} // namespace kappascope::ui
