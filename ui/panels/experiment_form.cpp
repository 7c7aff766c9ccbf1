// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/experiment_form.h"

#include "ui/panels/form/data_section.h"
#include "ui/panels/form/network_section.h"
#include "ui/panels/form/training_section.h"
#include "ui/widgets/card.h"

#include <QEvent>
#include <QScrollBar>
#include <QVBoxLayout>

namespace kappascope::ui {

ExperimentForm::ExperimentForm(Session& session, QWidget* parent) : QScrollArea(parent) {
    setObjectName(QStringLiteral("experimentForm"));
    setAccessibleName(tr("Experiment"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* card = new Card(this);
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(0, 0, 0, 0); // the card has its own
    layout->setSpacing(14);
    auto* dataSection = new DataSection(session, card);
    connect(dataSection, &DataSection::fileWanted, this, &ExperimentForm::fileWanted);
    for (QWidget* section : std::initializer_list<QWidget*>{
             dataSection, new NetworkSection(session, card), new TrainingSection(session, card),
             new StopSection(session, card), new AdvancedSection(session, card)})
        layout->addWidget(section);
    layout->addStretch(1);
    setWidget(card);
    card->installEventFilter(this);
}

void ExperimentForm::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    keepRowsWhole();
}

bool ExperimentForm::eventFilter(QObject* watched, QEvent* event) {
    const bool handled = QScrollArea::eventFilter(watched, event);
    if (watched == widget() && event->type() == QEvent::LayoutRequest) keepRowsWhole(); // rows came or went
    return handled;
}

/// Never scrolls sideways: as narrow as its rows allow, no narrower.
void ExperimentForm::keepRowsWhole() {
    const int wanted = widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width();
    if (minimumWidth() != wanted) setMinimumWidth(wanted);
}

} // namespace kappascope::ui
