// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/run_banner.h"

#include "ui/theme/theme.h"

#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace kappascope::ui {

namespace {
constexpr int progressSteps = 1000;
constexpr int roomForLongText = 178; ///< px, of the button and of what was seen
} // namespace

QString batchNote(const Experiment& experiment, const RunSpec& run) {
    if (experiment.batchSize != 1 || run.normalization.method != "batch_norm") return {};
    if (!experiment.model.stacked()) // a map has as many values of a channel as it has positions
        return RunBanner::tr(
            "N = 1: where a channel has a single value, behind dense layers and maps of 1 × 1, "
            "BN makes it 0 and lets no gradient pass.");
    return RunBanner::tr(
        "N = 1: BN stands still. The values that it normalizes are all 0, and no gradient passes them.");
}

QString stateText(const RunStatus& status) {
    const QString why = QString::fromStdString(status.why);
    switch (status.state) {
    case RunState::CatchingUp:
        return RunBanner::tr("catching up, step %1").arg(formatCount(status.step));
    case RunState::Finished:
        return why.isEmpty() ? RunBanner::tr("finished") : RunBanner::tr("finished: %1").arg(why);
    case RunState::Diverged:
        return why.isEmpty() ? RunBanner::tr("diverged at step %1").arg(formatCount(status.step)) : why;
    case RunState::Training:
        break;
    }
    return RunBanner::tr("training");
}

QString stateHeadline(const RunStatus& status, bool littleRoom) {
    const QString text = stateText(status);
    const auto colon = text.indexOf(u':');
    if (littleRoom && status.state == RunState::Diverged && colon > 0) return text.left(colon);
    const auto end = text.indexOf(QStringLiteral(". "));
    return end > 0 ? text.left(end) : text;
}

RunBanner::RunBanner(QWidget* parent)
    : QFrame(parent), text_(new QLabel(this)), progress_(new QProgressBar(this)),
      restart_(new QPushButton(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 6, 8, 6);
    column->setSpacing(6);
    for (QWidget* widget :
         {static_cast<QWidget*>(text_), static_cast<QWidget*>(progress_), static_cast<QWidget*>(restart_)})
        column->addWidget(widget);
    text_->setWordWrap(true);
    text_->setMinimumWidth(1);
    progress_->setRange(0, progressSteps);
    progress_->setTextVisible(false);
    progress_->setFixedHeight(4);
    restart_->setMinimumWidth(1);
    progress_->hide();
    restart_->hide();
    restart_->setToolTip(
        tr("Starts this run again from step 0 with half its learning rate; it catches up with the others"));
    connect(restart_, &QPushButton::clicked, this, &RunBanner::halfRateWanted);
    connect(&Theme::instance(), &Theme::changed, this, &RunBanner::restyle);
    hide();
}

void RunBanner::setRunName(const QString& name) {
    setObjectName(QStringLiteral("run-%1-banner").arg(name));
    text_->setObjectName(QStringLiteral("run-%1-state").arg(name));
    progress_->setObjectName(QStringLiteral("run-%1-progress").arg(name));
    restart_->setObjectName(QStringLiteral("run-%1-restart").arg(name));
}

void RunBanner::show(const RunStatus& status, std::int64_t target, const QString& note) {
    const bool changed = status.state != state_;
    status_ = status;
    state_ = status.state;
    note_ = note;
    const bool said = state_ != RunState::Training || !note_.isEmpty();
    setVisible(said);
    if (said) showText();
    if (state_ == RunState::CatchingUp && target > 0)
        progress_->setValue(static_cast<int>(status.step * progressSteps / target));
    if (!changed) return;
    progress_->setVisible(state_ == RunState::CatchingUp);
    restart_->setVisible(state_ == RunState::Diverged);
    restyle();
}

void RunBanner::showText() {
    const bool noted = state_ == RunState::Training;
    const bool littleRoom = width() < roomForLongText;
    const QString brief = littleRoom ? note_.section(QStringLiteral(". "), 0, 0) : note_;
    const QString text = noted ? brief : stateHeadline(status_, littleRoom);
    const QString all = noted ? note_ : stateText(status_);
    if (text_->text() != text) text_->setText(text);
    text_->setToolTip(all);
    text_->setAccessibleDescription(all);
}

void RunBanner::restyle() {
    const Palette& colors = Theme::instance().palette();
    const QColor& color = state_ == RunState::Diverged ? colors.warning : colors.quiet;
    text_->setStyleSheet(QStringLiteral("color: %1").arg(color.name()));
    update();
}

void RunBanner::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    if (!isHidden()) showText();
    restart_->setText(width() >= roomForLongText ? tr("Restart with half the rate")
                                                 : tr("Restart, rate / 2"));
    restart_->setAccessibleName(tr("Restart with half the rate"));
}

void RunBanner::paintEvent(QPaintEvent*) {
    const Palette& colors = Theme::instance().palette();
    QColor color = state_ == RunState::Diverged ? colors.warning : colors.line;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(color);
    color.setAlphaF(state_ == RunState::Diverged ? 0.08f : 0.25f);
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
}

} // namespace kappascope::ui
