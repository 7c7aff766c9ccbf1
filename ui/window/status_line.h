// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

class QLabel;

namespace kappascope::ui {

class FrameMeter;
class Session;

/// What the status bar says of the runs: how many train together and in what they differ. Derived from
/// `experiment` and `status`, so that it is true.
QString lockstepText(const Experiment& experiment, const LaboratoryStatus& status);

/// "61 steps/s": how fast the runs train together; empty while they rest.
QString speedText(const LaboratoryStatus& status);

/// "epoch 1.3 of 3, 2:05 left": how far the training is and, from the speed of the last second, for how long
/// it goes on; the loss or patience may end it earlier. Empty without a rule that counts steps or epochs.
QString progressText(const StopSpec& stop, const LaboratoryStatus& status);

/// Resident memory of this program in bytes; 0 where the system does not tell.
qint64 residentBytes();

/// The content of the status bar. GUI thread.
class StatusLine : public QWidget {
    Q_OBJECT
public:
    StatusLine(Session& session, const FrameMeter& meter, QWidget* parent = nullptr);

    /// What the transport shows: one number in both places.
    void showSpeed(const QString& text);

private:
    void refreshText();
    void refreshNumbers();

    Session& session_;
    const FrameMeter& meter_;
    QTimer timer_;
    QLabel *text_, *numbers_;
    QString speed_;
    QElapsedTimer sinceEvaluating_; ///< valid while it does
};

} // namespace kappascope::ui
