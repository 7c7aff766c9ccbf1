// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/feature_inspector.h"

#include "ui/panels/form/form_combo.h"
#include "ui/panels/inspector_frame.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/views/feature_map_view.h"

#include <QLabel>

namespace kappascope::ui {

FeatureInspector::FeatureInspector(Session& session, ViewWorker& worker, QWidget* parent)
    : QWidget(parent), session_(session), run_(new QLabel(this)), layer_(new FormCombo(this)),
      view_(new FeatureMapView(worker, this)) {
    setObjectName(QStringLiteral("feature-inspector"));
    view_->setObjectName(QStringLiteral("feature-map-view"));
    layer_->setObjectName(QStringLiteral("mapLayer"));
    layer_->setAccessibleName(tr("Layer"));
    layer_->setToolTip(tr("Whose maps are shown; the number counts the layers with weights"));
    run_->setToolTip(
        tr("The selected run, the sample that was clicked among its pictures, step of the picture"));
    view_->setSample(session.selectedSample());
    connect(layer_, &QComboBox::activated, this, [this] { view_->setLayer(layer_->currentText()); });
    connect(&session, &Session::selectedSampleChanged, view_, &FeatureMapView::setSample);
    arrangeInspector(*this, session, *view_, *run_, *layer_, [this] { showCaption(); });
}

void FeatureInspector::showCaption() {
    const FeatureMapPicture& picture = view_->picture();
    QStringList present;
    for (int i = 0; i < layer_->count(); ++i)
        present << layer_->itemText(i);
    if (present != picture.layers) {
        layer_->clear();
        layer_->addItems(picture.layers);
    }
    layer_->setVisible(!picture.layers.isEmpty());
    if (!layer_->view()->isVisible()) layer_->setCurrentIndex(picture.layer);
    QStringList facts;
    if (!picture.sampleText.isEmpty()) facts << picture.sampleText;
    if (view_->shownStep() >= 0) facts << tr("step %1").arg(formatCount(view_->shownStep()));
    run_->setText(captionOfSelectedRun(session_, facts));
}

} // namespace kappascope::ui
