// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;

namespace kappascope::ui {

/// How a run stands when it does not simply train: diverged (why, and what to do), catching up (how far),
/// finished (which rule), or with a note. Invisible otherwise. GUI thread only.
class RunBanner : public QFrame {
    Q_OBJECT
public:
    explicit RunBanner(QWidget* parent = nullptr);

    void setRunName(const QString& name);
    /// `target`: the step that a run which catches up will reach. `note`: what is worth knowing of a run
    /// while it trains, or empty.
    void show(const RunStatus& status, std::int64_t target, const QString& note = {});

signals:
    void halfRateWanted(); ///< "Restart with half the rate"

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void restyle();
    void showText();

    RunStatus status_;
    QString note_;
    RunState state_ = RunState::Training; ///< for which the parts are shown
    QLabel* text_;
    QProgressBar* progress_;
    QPushButton* restart_;
};

/// What batches of one sample mean for a run with batch normalization; empty for all others.
QString batchNote(const Experiment& experiment, const RunSpec& run);

/// The whole of what there is to say of a state: "training", "Diverged at step 412: the loss was ... Try
/// ...".
QString stateText(const RunStatus& status);
/// Its first sentence; of a run that diverged, where there is little room, no more than the step.
QString stateHeadline(const RunStatus& status, bool littleRoom = false);

} // namespace kappascope::ui
