// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace kappascope::ui {

class FeatureMapView;
class FormCombo;
class Session;
class ViewWorker;

/// Kernels and feature maps of the selected run for the sample that was clicked, under a line that says which
/// and lets choose the layer: a page of the inspector. GUI thread only.
class FeatureInspector : public QWidget {
    Q_OBJECT
public:
    FeatureInspector(Session& session, ViewWorker& worker, QWidget* parent = nullptr);

    FeatureMapView* view() const { return view_; }

private:
    void showCaption();

    Session& session_;
    QLabel* run_;
    FormCombo* layer_;
    FeatureMapView* view_;
};

} // namespace kappascope::ui
