// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QToolBar>

class QLabel;
class QLineEdit;
class QSlider;
class QToolButton;

namespace kappascope::ui {

class ActionSet;
class NumberLabel;
class Session;

/// Play, step, reset, the speed, where training stands; on the right the seed. GUI thread.
class TransportBar : public QToolBar {
    Q_OBJECT
public:
    /// Shows the actions "run.*" and "view.theme".
    TransportBar(Session& session, const ActionSet& actions, QWidget* parent = nullptr);

    /// A choice of experiments, shown on the right.
    void setExperimentChooser(QWidget* chooser);

signals:
    void speedShown(const QString& text); ///< "61 steps/s", as it shows it now; empty while training rests

private:
    QToolButton* addButton(QAction* action, const QString& icon, bool filled = false);
    void addSpeed();
    void addCounters();
    void addRightSide(QAction* theme);
    QLabel* addLabel(const QString& text);
    void refresh();
    void showSpeed();
    void measureSpeed();
    void showSeed();
    void enterSeed();
    void restyle();

    Session& session_;
    QToolButton *playButton_, *themeButton_ = nullptr;
    QSlider* speed_;
    NumberLabel *speedText_, *stepText_, *detailText_;
    QAction* chooserPlace_ = nullptr;
    QLineEdit* seed_;
    QList<QLabel*> labels_;
    bool showsPause_ = false;
    QString stepsPerSecond_; ///< as it is shown
    QElapsedTimer sinceMeasured_;
};

/// Steps per second of a speed slider at `position` in [0, speedPositions]: 1 to 100,000 over decades; the
/// last position is 0, as fast as the machine goes.
double speedAt(int position);
int speedPosition(double stepsPerSecond);
inline constexpr int speedPositions = 500;

} // namespace kappascope::ui
