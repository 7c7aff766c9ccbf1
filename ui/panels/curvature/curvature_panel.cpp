// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/curvature_panel.h"

#include "ui/panels/curvature/conditioning_page.h"
#include "ui/panels/curvature/hessian_page.h"
#include "ui/panels/curvature/page_caption.h"
#include "ui/panels/curvature/spectrum_page.h"
#include "ui/session.h"
#include "ui/theme/theme.h"

#include <QVBoxLayout>

namespace kappascope::ui {

CurvaturePanel::CurvaturePanel(Session& session, Page page, QWidget* parent)
    : QWidget(parent), session_(session), page_(std::move(page)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(page_.widget);
    connect(&session.curvature(), &CurvatureWatch::changed, this, &CurvaturePanel::refreshIfNew);
    connect(&session.curvature(), &CurvatureWatch::paceChanged, this, &CurvaturePanel::refresh);
    connect(&session.curvature(), &CurvatureWatch::subjectChanged, this, &CurvaturePanel::refresh);
    for (const auto signal : {&Session::experimentChanged, &Session::restarted})
        connect(&session, signal, this, &CurvaturePanel::followRun);
    connect(&session, &Session::ticked, this, &CurvaturePanel::showAge);
    connect(&session, &Session::selectedRunChanged, this, &CurvaturePanel::followRun);
    connect(&Theme::instance(), &Theme::changed, this, &CurvaturePanel::followRun);
    followRun();
}

void CurvaturePanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    session_.curvature().setNeeds(this, page_.needs);
    followRun();
}

void CurvaturePanel::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    session_.curvature().setNeeds(this, {});
}

void CurvaturePanel::setNeeds(CurvatureWatch::Needs needs) {
    page_.needs = needs;
    if (isVisible()) session_.curvature().setNeeds(this, needs);
    refresh(); // a reading without them is gone
}

void CurvaturePanel::followRun() {
    const int id = session_.selectedRun();
    if (const RunSpec* run = session_.run(id))
        page_.setRun(QString::fromStdString(run->name),
                     Theme::instance().runColor(run->color, session_.positionOf(id)));
    refresh();
}

QString CurvaturePanel::hint() const {
    const int run = session_.selectedRun();
    if (!session_.run(run)) return tr("Select a run: click its column.");
    if (session_.run(run)->hidden) return tr("This run is hidden: show it to have it measured.");
    const QString failure = session_.curvature().failure(run);
    if (!failure.isEmpty()) return tr("The curvature could not be measured: %1.").arg(failure);
    if (session_.curvature().pace() == CurvatureWatch::Pace::Paused)
        return tr("Measurements are paused: resume them, or measure now, in the menu Run.");
    return tr("Measuring…");
}

void CurvaturePanel::refresh() {
    if (!isVisible()) return;
    shownHint_ = hint();
    shown_ = session_.curvature().latest(session_.selectedRun());
    page_.setHint(shownHint_);
    page_.setReading(shown_);
    sinceAge_.invalidate();
    showAge();
}

/// Most of what is measured is of other runs.
void CurvaturePanel::refreshIfNew() {
    if (shown_ != session_.curvature().latest(session_.selectedRun()) || shownHint_ != hint()) refresh();
}

/// A few times a second, so that it can be read; ticks go on for longer than that when the training rests.
void CurvaturePanel::showAge() {
    constexpr int everyMs = 100;
    if (!isVisible() || (sinceAge_.isValid() && sinceAge_.elapsed() < everyMs)) return;
    sinceAge_.start();
    const int run = session_.selectedRun();
    const auto reading = session_.curvature().latest(run);
    const RunStatus* status = session_.runStatus(run);
    if (reading && status)
        page_.widget->findChild<PageCaption*>()->setAge(
            std::max<std::int64_t>(status->step - reading->step, 0));
}

CurvaturePanel* makeSpectrumPanel(Session& session, ViewWorker& worker, QWidget* parent) {
    auto* page = new SpectrumPage(worker);
    QObject::connect(page, &SpectrumPage::measurementWanted, &session.curvature(),
                     &CurvatureWatch::measureNow);
    const auto needs = [page] {
        return CurvatureWatch::Needs{.layerSpectra = page->wantsLayers(), .vectors = true};
    };
    auto* panel = new CurvaturePanel(
        session,
        {page, needs(), [page](const QString& name, const QColor& color) { page->setRun(name, color); },
         [page](const std::shared_ptr<const CurvatureReading>& reading) { page->setReading(reading); },
         [page](const QString& hint) { page->setHint(hint); }},
        parent);
    QObject::connect(page, &SpectrumPage::blockChosen, panel, [panel, needs] { panel->setNeeds(needs()); });
    return panel;
}

CurvaturePanel* makeHessianPanel(Session& session, QWidget* parent) {
    auto* page = new HessianPage;
    return new CurvaturePanel(
        session,
        {page,
         {.matrices = true},
         [page](const QString& name, const QColor& color) { page->setRun(name, color); },
         [page](const std::shared_ptr<const CurvatureReading>& reading) { page->setReading(reading); },
         [page](const QString& hint) { page->setHint(hint); }},
        parent);
}

CurvaturePanel* makeConditioningPanel(Session& session, QWidget* parent) {
    auto* page = new ConditioningPage;
    const auto show = [&session, page](const std::shared_ptr<const CurvatureReading>& reading) {
        constexpr auto enough = static_cast<std::int64_t>(recentLosses);
        const SeriesKey key{"train_loss_full"};
        std::vector<std::int64_t> steps;
        std::vector<double> losses;
        if (const auto history = session.history(session.selectedRun()))
            history->raw(key, std::max<std::int64_t>(0, history->size(key) - enough), steps, losses);
        page->setReading(reading, steps, losses);
    };
    return new CurvaturePanel(
        session,
        {page,
         {.alignment = true},
         [page](const QString& name, const QColor& color) { page->setRun(name, color); },
         show,
         [page](const QString& hint) { page->setHint(hint); }},
        parent);
}

} // namespace kappascope::ui
