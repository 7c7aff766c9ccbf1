// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/run_column.h"

#include "ui/panels/run/run_banner.h"
#include "ui/panels/run/run_editor.h"
#include "ui/panels/run/run_header.h"
#include "ui/panels/run/run_readouts.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/views/snapshot_feed.h"
#include "ui/views/view_catalog.h"
#include "ui/widgets/tool_button.h"

#include <QActionGroup>
#include <QKeyEvent>
#include <QMenu>
#include <QVBoxLayout>

namespace kappascope::ui {

namespace {
constexpr int margin = 8;
constexpr qint64 numbersEvery = 100; ///< ms: faster cannot be read
} // namespace

RunColumn::RunColumn(RunEditor& editor, ViewWorker& worker, int run, QWidget* parent)
    : Card(parent), editor_(editor), worker_(worker), run_(run), column_(new QVBoxLayout(this)),
      header_(new RunHeader(editor, run, this)), banner_(new RunBanner(this)),
      readouts_(new RunReadouts(this)), nextView_(makeToolButton(ButtonLook::Word, {}, {}, this)),
      feed_(new SnapshotFeed(editor.session(), run, this)) {
    setContentsMargins(0, 0, 0, 0);
    setFocusPolicy(Qt::ClickFocus);
    column_->setContentsMargins(margin, margin + 3, margin, margin);
    column_->setSpacing(6);
    column_->addWidget(header_);
    column_->addWidget(banner_);
    column_->addStretch(); // while there is no picture
    column_->addWidget(readouts_);
    readouts_->setCaption(nextView_);
    nextView_->hide();

    connect(header_, &RunHeader::settingsWanted, this, [this] { emit settingsWanted(run_); });
    connect(header_, &RunHeader::menuAboutToShow, this, &RunColumn::addViewsTo);
    connect(banner_, &RunBanner::halfRateWanted, this, [this] { editor_.restartAtHalfRate(run_); });
    connect(nextView_, &QToolButton::clicked, this, &RunColumn::showNextView);
    connect(feed_, &SnapshotFeed::dataChanged, this, &RunColumn::follow);
    connect(&Theme::instance(), &Theme::changed, this, &RunColumn::refresh);
    refresh();
}

void RunColumn::refresh() {
    const Session& session = editor_.session();
    const RunSpec* run = session.run(run_);
    if (!run) return;
    const QString name = QString::fromStdString(run->name);
    setObjectName(QStringLiteral("run-%1").arg(name));
    setAccessibleName(tr("Run %1").arg(name));
    const QColor color = Theme::instance().runColor(run->color, session.positionOf(run_));
    setStripe(color);
    setSelected(session.selectedRun() == run_);
    header_->refresh();
    banner_->setRunName(name);
    readouts_->setRunName(name);
    readouts_->setRunColor(color);
    nextView_->setObjectName(QStringLiteral("run-%1-next-view").arg(name));
    if (view_) {
        view_->setObjectName(QStringLiteral("run-%1-view").arg(name));
        view_->setRunColor(color);
    }
    sinceNumbers_.invalidate();
    refreshNumbers();
}

void RunColumn::refreshNumbers() {
    if (sinceNumbers_.isValid() && sinceNumbers_.elapsed() < numbersEvery) return;
    sinceNumbers_.start();
    const Session& session = editor_.session();
    const RunSpec* run = session.run(run_);
    const RunStatus* status = session.runStatus(run_);
    if (run && status) banner_->show(*status, session.status().step, batchNote(session.experiment(), *run));
    readouts_->refresh(session.history(run_).get(), session.status().evaluateEvery, status);
}

void RunColumn::follow(const std::shared_ptr<const Split>& split) {
    data_ = split;
    readouts_->setShown(split->train.task == Task::Classification, split->test.samples() > 0);
    chooseView(wantedView_);
}

void RunColumn::chooseView(const std::string& key) {
    wantedView_ = key;
    if (!data_) return;
    const auto fitting = viewsFor(*data_);
    if (fitting.empty()) return;
    const ViewEntry* chosen = fitting.front();
    for (const ViewEntry* entry : fitting)
        if (entry->key == key) chosen = entry;
    showView(*chosen);
    nextView_->setVisible(fitting.size() > 1);
    viewLabel_ = QString::fromStdString(chosen->label);
    viewCaption_ = QString::fromStdString(chosen->caption);
    captionPicture();
    nextView_->setToolTip(QString::fromStdString(chosen->help) +
                          tr("\nClick for another picture, in all columns"));
    nextView_->setAccessibleName(tr("Picture: %1").arg(QString::fromStdString(chosen->label)));
}

/// The name of the picture, as long as it does not crowd the heads of the numbers beside it.
void RunColumn::captionPicture() {
    const int room = readouts_->captionRoom(width() - 2 * margin);
    const QString arrows = QStringLiteral(" ⇄");
    for (const QString& words : {viewLabel_ + arrows, viewCaption_ + arrows, arrows.trimmed()}) {
        nextView_->setText(words);
        if (nextView_->sizeHint().width() <= room) break;
    }
}

void RunColumn::resizeEvent(QResizeEvent* event) {
    Card::resizeEvent(event);
    captionPicture();
}

void RunColumn::showView(const ViewEntry& entry) {
    if (view_ && entry.key == shownView_) return;
    shownView_ = entry.key;
    delete view_;
    view_ = entry.make(worker_).release();
    view_->setParent(this);
    view_->setMinimumHeight(shortestPicture);
    view_->setToolTip(QString::fromStdString(entry.help));
    view_->setAccessibleDescription(QString::fromStdString(entry.help));
    column_->insertWidget(column_->indexOf(readouts_), view_, 1);
    refresh();
    connect(view_, &RunView::sampleChosen, &editor_.session(), &Session::selectSample);
    feed_->setView(view_);
    view_->show();
}

void RunColumn::addViewsTo(QMenu* menu) {
    if (!data_) return;
    const auto fitting = viewsFor(*data_);
    if (fitting.size() < 2) return;
    menu->addSeparator();
    auto* group = new QActionGroup(menu);
    for (const ViewEntry* entry : fitting) {
        QAction* action = menu->addAction(QString::fromStdString(entry->label));
        action->setObjectName(QString::fromStdString(entry->key));
        action->setToolTip(QString::fromStdString(entry->help));
        action->setCheckable(true);
        action->setChecked(entry->key == shownView_);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, key = entry->key] { emit viewChosen(key); });
    }
}

void RunColumn::showNextView() {
    const auto fitting = viewsFor(*data_);
    for (std::size_t k = 0; k < fitting.size(); ++k)
        if (fitting[k]->key == shownView_) {
            emit viewChosen(fitting[(k + 1) % fitting.size()]->key);
            return;
        }
}

void RunColumn::rename() {
    header_->rename();
}

HeaderArrangement RunColumn::headerFitting(int width) const {
    return header_->fitting(width - 2 * margin);
}

void RunColumn::setHeader(const HeaderArrangement& arrangement) {
    header_->setArrangement(arrangement);
}

int RunColumn::heightFor(int width, const HeaderArrangement& header) const {
    const int inner = width - 2 * margin, spacing = column_->spacing();
    int height =
        3 + 2 * margin + header_->heightFor(header) + spacing + readouts_->heightFor(inner) + spacing;
    if (!banner_->isHidden())
        height += spacing + (banner_->hasHeightForWidth() ? banner_->heightForWidth(inner)
                                                          : banner_->sizeHint().height());
    return height + inner;
}

void RunColumn::mousePressEvent(QMouseEvent* event) {
    editor_.session().selectRun(run_);
    Card::mousePressEvent(event);
}

void RunColumn::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_F2)
        rename();
    else if (event->key() == Qt::Key_Delete && editor_.session().experiment().runs.size() > 1)
        editor_.session().removeRun(run_);
    else
        Card::keyPressEvent(event);
}

} // namespace kappascope::ui
