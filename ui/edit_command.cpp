// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/edit_command.h"

#include <QCoreApplication>

namespace kappascope::ui {

namespace {
/// Longer pauses within a drag end the change: the user has looked at the result.
constexpr qint64 mergeWithinMs = 1500;
} // namespace

EditCommand::EditCommand(const QString& text, Experiment before, Experiment after, const QString& mergeKey,
                         Apply apply)
    : QUndoCommand(text), before_(std::move(before)), after_(std::move(after)), mergeKey_(mergeKey),
      apply_(std::move(apply)) {
    sinceLast_.start();
}

void EditCommand::redo() {
    const QString again = QCoreApplication::translate("EditCommand", "redo: %1");
    apply_(after_, done_ ? again.arg(text()) : text());
    done_ = true;
}

void EditCommand::undo() {
    apply_(before_, QCoreApplication::translate("EditCommand", "undo: %1").arg(text()));
}

int EditCommand::id() const {
    // QUndoStack merges commands of one id; -1 never merges.
    return mergeKey_.isEmpty() ? -1 : static_cast<int>(qHash(mergeKey_) & 0x7fffffff);
}

bool EditCommand::mergeWith(const QUndoCommand* other) {
    const auto* next = static_cast<const EditCommand*>(other);
    if (next->mergeKey_ != mergeKey_ || sinceLast_.elapsed() > mergeWithinMs) return false;
    after_ = next->after_;
    setText(joinedTexts(text(), next->text()));
    setObsolete(after_ == before_);
    sinceLast_.restart();
    return true;
}

QString joinedTexts(const QString& earlier, const QString& later) {
    const QString arrow = QStringLiteral(" → ");
    const auto from = earlier.indexOf(arrow), to = later.lastIndexOf(arrow);
    return from < 0 || to < 0 ? later : earlier.left(from) + later.mid(to);
}

} // namespace kappascope::ui
