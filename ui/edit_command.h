// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"

#include <QElapsedTimer>
#include <QUndoCommand>
#include <functional>

namespace kappascope::ui {

/// One undoable change of the experiment. Changes with the same merge key in quick succession become one, as
/// when a slider is dragged. GUI thread.
class EditCommand : public QUndoCommand {
public:
    /// Brings an experiment into force; the text describes the change for the time axis.
    using Apply = std::function<void(const Experiment&, const QString&)>;

    EditCommand(const QString& text, Experiment before, Experiment after, const QString& mergeKey,
                Apply apply);

    void redo() override;
    void undo() override;
    int id() const override;
    bool mergeWith(const QUndoCommand* other) override;

private:
    Experiment before_, after_;
    QString mergeKey_;
    Apply apply_;
    QElapsedTimer sinceLast_;
    bool done_ = false;
};

/// "rate 0.1 → 0.2" and "rate 0.2 → 0.3" together: "rate 0.1 → 0.3". Other texts: the later one.
QString joinedTexts(const QString& earlier, const QString& later);

} // namespace kappascope::ui
