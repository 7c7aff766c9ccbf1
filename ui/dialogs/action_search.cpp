// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/action_search.h"

#include "ui/window/action_set.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace kappascope::ui {

namespace {

constexpr int wide = 420, high = 340, fromTop = 72;
constexpr int startOfText = 4, startOfWord = 3, inARow = 2, inOrder = 1;

bool hasInOrder(const QString& text, const QString& typed) {
    qsizetype at = 0;
    for (const QChar letter : typed) {
        at = text.indexOf(letter, at);
        if (at < 0) return false;
        ++at;
    }
    return true;
}

} // namespace

int matchQuality(const QString& text, const QString& typed) {
    const QString in = text.toCaseFolded(), wanted = typed.trimmed().toCaseFolded();
    if (in.startsWith(wanted)) return startOfText;
    if (in.contains(QLatin1Char(' ') + wanted)) return startOfWord;
    if (in.contains(wanted)) return inARow;
    return hasInOrder(in, wanted) ? inOrder : 0;
}

ActionSearch::ActionSearch(const ActionSet& actions, QWidget* window)
    : QFrame(window, Qt::Popup), actions_(actions), field_(new QLineEdit(this)),
      list_(new QListWidget(this)) {
    setObjectName(QStringLiteral("actionSearch"));
    setFrameShape(QFrame::StyledPanel);
    field_->setPlaceholderText(tr("Search commands"));
    field_->setClearButtonEnabled(true);
    field_->installEventFilter(this);
    list_->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(field_);
    layout->addWidget(list_);
    connect(field_, &QLineEdit::textChanged, this, &ActionSearch::showMatches);
    connect(list_, &QListWidget::itemClicked, this, &ActionSearch::runCurrent);
}

void ActionSearch::open() {
    field_->clear();
    showMatches();
    resize(wide, high);
    const QWidget* window = parentWidget();
    QWidget::move(window->mapToGlobal(QPoint((window->width() - wide) / 2, fromTop)));
    show();
    field_->setFocus();
}

void ActionSearch::showMatches() {
    struct Match {
        QAction* action;
        int quality;
    };
    std::vector<Match> matches;
    for (QAction* action : actions_.all())
        if (const int quality = matchQuality(plainText(action), field_->text()); quality > 0)
            matches.push_back({action, quality});
    std::ranges::stable_sort(matches, std::greater{}, &Match::quality);
    list_->clear();
    for (const auto& [action, quality] : matches) {
        const QString key = action->shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(QStringLiteral("%1 › %2%3")
                                             .arg(groupTitle(ActionSet::groupOf(action)), plainText(action),
                                                  key.isEmpty() ? QString() : QStringLiteral("    ") + key),
                                         list_);
        item->setData(Qt::UserRole, action->objectName());
        item->setToolTip(action->statusTip());
        if (!action->isEnabled()) item->setFlags(Qt::NoItemFlags);
    }
    move(0);
}

/// To the next entry that can be run, from the present row or the first one.
void ActionSearch::move(int by) {
    int row = by == 0 ? 0 : list_->currentRow() + by;
    const int on = by == 0 ? 1 : by;
    while (row >= 0 && row < list_->count() && !(list_->item(row)->flags() & Qt::ItemIsEnabled))
        row += on;
    if (row >= 0 && row < list_->count()) list_->setCurrentRow(row);
}

void ActionSearch::runCurrent() {
    const QListWidgetItem* item = list_->currentItem();
    QAction* action = item ? actions_.find(item->data(Qt::UserRole).toString()) : nullptr;
    hide(); // before it acts: it may open a window of its own
    if (action) action->trigger();
}

bool ActionSearch::eventFilter(QObject* watched, QEvent* event) {
    if (watched == field_ && event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Down:
            move(1);
            return true;
        case Qt::Key_Up:
            move(-1);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            runCurrent();
            return true;
        default:
            break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace kappascope::ui
