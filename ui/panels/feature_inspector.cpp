// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/feature_inspector.h"

#include "ui/panels/form/form_combo.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/views/feature_map_view.h"
#include "ui/views/snapshot_feed.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace kappascope::ui {

namespace {
constexpr int lowestPicture = 60; ///< px: many runs leave the panel little room
}

FeatureInspector::FeatureInspector(Session& session, ViewWorker& worker, QWidget* parent)
    : QWidget(parent), session_(session), run_(new QLabel(this)), layer_(new FormCombo(this)),
      view_(new FeatureMapView(worker, this)), feed_(new SnapshotFeed(session, session.selectedRun(), this)) {
    setObjectName(QStringLiteral("feature-inspector"));
    view_->setObjectName(QStringLiteral("feature-map-view"));
    view_->setMinimumHeight(lowestPicture);
    run_->setTextFormat(Qt::RichText);
    run_->setMinimumWidth(1); // what does not fit is cut off
    layer_->setObjectName(QStringLiteral("mapLayer"));
    layer_->setAccessibleName(tr("Layer"));
    layer_->setToolTip(tr("Whose maps are shown; the number counts the layers with weights"));
    auto* caption = new QHBoxLayout;
    caption->setContentsMargins(4, 0, 4, 0);
    caption->addWidget(run_, 1);
    caption->addWidget(layer_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(caption);
    layout->addWidget(view_, 1);
    feed_->setView(view_);
    view_->setSample(session.selectedSample());
    connect(layer_, &QComboBox::activated, this, [this] { view_->setLayer(layer_->currentText()); });
    connect(&session, &Session::selectedSampleChanged, view_, &FeatureMapView::setSample);
    connect(&session, &Session::selectedRunChanged, feed_, &SnapshotFeed::setRun);
    connect(&session, &Session::selectedRunChanged, this, &FeatureInspector::showCaption);
    connect(&session, &Session::experimentChanged, this, &FeatureInspector::showCaption);
    connect(view_, &RunView::shown, this, &FeatureInspector::showCaption);
    connect(&Theme::instance(), &Theme::changed, this, &FeatureInspector::showCaption);
    showCaption();
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
    const int id = session_.selectedRun();
    const RunSpec* run = session_.run(id);
    if (!run) return run_->clear();
    const Theme& theme = Theme::instance();
    QStringList facts;
    if (!picture.sampleText.isEmpty()) facts << picture.sampleText;
    if (view_->shownStep() >= 0) facts << tr("step %1").arg(formatCount(view_->shownStep()));
    run_->setText(QStringLiteral("<span style=\"color:%1; font-weight:600\">%2</span>&emsp;"
                                 "<span style=\"color:%3\">%4</span>")
                      .arg(theme.runColor(run->color, session_.positionOf(id)).name(),
                           QString::fromStdString(run->name).toHtmlEscaped(), theme.palette().quiet.name(),
                           facts.join(QStringLiteral(" · ")).toHtmlEscaped()));
    run_->setToolTip(
        tr("The selected run, the sample that was clicked among its pictures, step of the picture"));
}

} // namespace kappascope::ui
