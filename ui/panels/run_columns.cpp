// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run_columns.h"

#include "ui/panels/run/run_column.h"
#include "ui/panels/run/run_editor.h"
#include "ui/panels/run/run_header.h"
#include "ui/panels/run_settings.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/tool_button.h"

#include <QApplication>
#include <QEvent>
#include <QScrollBar>
#include <algorithm>

namespace kappascope::ui {

namespace {
constexpr int afterTicksMs = 150;      ///< without a tick: there will be none for a while
constexpr std::size_t ticksForAll = 4; ///< until every column has its newest numbers

/// One arrangement of the controls for all columns: what fits for each.
HeaderArrangement headerFor(const std::vector<RunColumn*>& columns, int width) {
    HeaderArrangement common{true, true, true};
    for (const RunColumn* column : columns)
        common = narrower(common, column->headerFitting(width));
    return common;
}
} // namespace

RunColumns::RunColumns(Session& session, ViewWorker& worker, QWidget* parent)
    : QScrollArea(parent), session_(session), worker_(worker), editor_(new RunEditor(session, this)),
      content_(new QWidget), add_(makeToolButton(ButtonLook::Outline, "plus", tr("Add a run"), content_)),
      showHidden_(makeToolButton(ButtonLook::Flat, "eye-off", tr("Show all runs"), content_)) {
    setObjectName("run-columns");
    setFrameShape(QFrame::NoFrame);
    setWidget(content_);
    viewport()->setAutoFillBackground(false);
    content_->setAutoFillBackground(false);
    add_->setObjectName("run-add");
    showHidden_->setObjectName("run-show-hidden");
    showHidden_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(add_, &QToolButton::clicked, &session, &Session::addRun);
    connect(showHidden_, &QToolButton::clicked, editor_, &RunEditor::showAll);
    connect(&session, &Session::experimentChanged, this, &RunColumns::rebuild);
    connect(&session, &Session::selectedRunChanged, this, &RunColumns::select);
    connect(&session, &Session::ticked, this, &RunColumns::refreshNumbers);
    afterTicks_.setSingleShot(true);
    afterTicks_.setInterval(afterTicksMs);
    connect(&afterTicks_, &QTimer::timeout, this, [this] {
        for (const auto& [run, column] : columns_)
            column->refreshNumbers();
    });
    connect(&Theme::instance(), &Theme::changed, this, &RunColumns::arrange);
    connect(horizontalScrollBar(), &QScrollBar::valueChanged, this, &RunColumns::placeAddCard);
    // A control of a column that gets the focus selects the run.
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        for (const auto& [run, column] : columns_)
            if (now && column->isAncestorOf(now)) session_.selectRun(run);
    });
    rebuild();
}

RunColumns::~RunColumns() = default;

RunColumn* RunColumns::column(int run) const {
    const auto found = columns_.find(run);
    return found == columns_.end() ? nullptr : found->second;
}

void RunColumns::rebuild() {
    std::map<int, RunColumn*> kept;
    for (const RunSpec& run : session_.experiment().runs) {
        if (run.hidden) continue;
        RunColumn* column = this->column(run.id);
        if (!column) {
            column = new RunColumn(*editor_, worker_, run.id, content_);
            column->chooseView(viewKey_);
            column->installEventFilter(this);
            connect(column, &RunColumn::viewChosen, this, &RunColumns::chooseView);
            connect(column, &RunColumn::settingsWanted, this, &RunColumns::openSettings);
            column->show();
        }
        columns_.erase(run.id);
        kept[run.id] = column;
        column->refresh();
    }
    for (const auto& [run, column] : columns_) {
        column->hide();
        column->deleteLater(); // it may be the one whose button was clicked
    }
    columns_ = std::move(kept);
    const auto hidden = std::ranges::count_if(session_.experiment().runs, &RunSpec::hidden);
    showHidden_->setText(QString::number(hidden));
    showHidden_->setToolTip(tr("%n run(s) hidden: show all", nullptr, static_cast<int>(hidden)));
    showHidden_->setVisible(hidden > 0);
    add_->setEnabled(session_.experiment().runs.size() < mostRunsByHand);
    arrange();
}

void RunColumns::refreshNumbers() {
    if (!isVisible() || columns_.empty()) return;
    afterTicks_.start();
    // A few columns at each tick: all at once would make every fourth frame a long one.
    const std::size_t few = (columns_.size() + ticksForAll - 1) / ticksForAll;
    auto next = columns_.upper_bound(lastRefreshed_);
    for (std::size_t k = 0; k < few; ++k, ++next) {
        if (next == columns_.end()) next = columns_.begin();
        next->second->refreshNumbers();
        lastRefreshed_ = next->first;
    }
}

void RunColumns::select(int selected) {
    for (const auto& [run, column] : columns_)
        column->setSelected(run == selected);
    if (RunColumn* shown = column(selected)) ensureWidgetVisible(shown, 0, 0);
}

void RunColumns::chooseView(const std::string& key) {
    viewKey_ = key;
    for (const auto& [run, column] : columns_)
        column->chooseView(key);
}

void RunColumns::renameSelected() {
    if (RunColumn* selected = column(session_.selectedRun())) selected->rename();
}

void RunColumns::openSettings(int run) {
    RunSettings::open(*editor_, run > 0 ? run : session_.selectedRun(), this);
}

void RunColumns::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    arrange();
}

bool RunColumns::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::LayoutRequest) // a banner came or went
        QMetaObject::invokeMethod(this, &RunColumns::arrange, Qt::QueuedConnection);
    return QScrollArea::eventFilter(watched, event);
}

std::vector<RunColumn*> RunColumns::shownColumns() const {
    std::vector<RunColumn*> ordered;
    for (const RunSpec& run : session_.experiment().runs)
        if (RunColumn* shown = column(run.id)) ordered.push_back(shown);
    return ordered;
}

ColumnArrangement RunColumns::planFor(QSize room) const {
    const std::vector<RunColumn*> columns = shownColumns();
    const double scale = Theme::instance().scale();
    ColumnNeeds needs;
    needs.narrowest = qRound(needs.narrowest * scale);
    needs.comfortable = qRound(needs.comfortable * scale);
    needs.tallest = [&](int width) {
        int tallest = 0;
        const HeaderArrangement header = headerFor(columns, width);
        for (const RunColumn* column : columns)
            tallest = std::max(tallest, column->heightFor(width, header));
        return tallest;
    };
    needs.shortest = [&](int width) {
        return needs.tallest(width) - std::max(0, width - 16 - RunColumn::shortestPicture);
    };
    const int count = static_cast<int>(columns.size());
    const ColumnArrangement plan = arrangeColumns(count, room, needs);
    const bool tooWide = plan.size.width() > room.width(), tooHigh = plan.size.height() > room.height();
    if (!tooWide && !tooHigh) return plan;
    // Scroll bars take their part.
    if (tooWide) room.rheight() -= horizontalScrollBar()->sizeHint().height();
    if (tooHigh) room.rwidth() -= verticalScrollBar()->sizeHint().width();
    return arrangeColumns(count, room, needs);
}

int RunColumns::usableHeight(int most) const {
    const int width = maximumViewportSize().width();
    const QSize size = planFor({width, most}).size;
    const int bar = size.width() > width ? horizontalScrollBar()->sizeHint().height() : 0;
    return std::min(most, size.height() + bar);
}

void RunColumns::arrange() {
    const std::vector<RunColumn*> ordered = shownColumns();
    const ColumnArrangement plan = planFor(maximumViewportSize());
    content_->resize(plan.size);
    const HeaderArrangement header =
        ordered.empty() ? HeaderArrangement{} : headerFor(ordered, plan.columns.front().width());
    for (std::size_t k = 0; k < ordered.size(); ++k) {
        ordered[k]->setHeader(header);
        ordered[k]->setGeometry(plan.columns[k]);
    }
    addPlace_ = plan.addCard;
    if (RunColumn* selected = column(session_.selectedRun())) ensureWidgetVisible(selected, 0, 0);
    placeAddCard();
    emit arranged();
}

/// Below columns that are scrolled sideways the card stays where it is seen.
void RunColumns::placeAddCard() {
    const bool beside = addPlace_.height() > addPlace_.width();
    const QRect card = beside ? addPlace_ : addPlace_.translated(horizontalScrollBar()->value(), 0);
    add_->setGeometry(card);
    showHidden_->adjustSize();
    showHidden_->move(beside ? card.left() + (card.width() - showHidden_->width()) / 2
                             : card.right() - showHidden_->width() - 8,
                      beside ? card.bottom() - showHidden_->height() - 8
                             : card.center().y() - showHidden_->height() / 2);
    showHidden_->raise();
}

} // namespace kappascope::ui
