// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/transport_bar.h"

#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/number_label.h"
#include "ui/widgets/tool_button.h"
#include "ui/window/action_set.h"
#include "ui/window/status_line.h"

#include <QLabel>
#include <QLineEdit>
#include <QRegularExpressionValidator>
#include <QSlider>
#include <QToolButton>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr double fastestLimit = 1e5; ///< steps per second
constexpr int lastLimited = speedPositions - 1;

QString speedText(double stepsPerSecond) {
    if (stepsPerSecond <= 0) return QObject::tr("max");
    return QObject::tr("%1/s").arg(formatCount(std::llround(stepsPerSecond)));
}

} // namespace

double speedAt(int position) {
    if (position > lastLimited) return 0;
    const double rate = std::pow(fastestLimit, static_cast<double>(std::max(position, 0)) / lastLimited);
    // Two digits: a slider's value is meant to be read.
    const double unit = std::pow(10.0, std::floor(std::log10(rate)) - 1);
    return std::max(std::round(std::round(rate / unit) * unit), 1.0);
}

int speedPosition(double stepsPerSecond) {
    if (stepsPerSecond <= 0) return speedPositions;
    const double share = std::log(stepsPerSecond) / std::log(fastestLimit);
    return std::clamp(static_cast<int>(std::lround(share * lastLimited)), 0, lastLimited);
}

TransportBar::TransportBar(Session& session, const ActionSet& actions, QWidget* parent)
    : QToolBar(tr("Transport"), parent), session_(session) {
    setObjectName(QStringLiteral("transport"));
    setMovable(false);
    toggleViewAction()->setVisible(false); // it always has its place
    playButton_ = addButton(actions.find(QStringLiteral("run.play")), QStringLiteral("play"), true);
    playButton_->setObjectName(QStringLiteral("playButton"));
    addButton(actions.find(QStringLiteral("run.step")), QStringLiteral("step"));
    addButton(actions.find(QStringLiteral("run.epoch")), QStringLiteral("step-epoch"));
    addButton(actions.find(QStringLiteral("run.reset")), QStringLiteral("reset"));
    addButton(actions.find(QStringLiteral("run.newSeed")), QStringLiteral("die"));
    addSeparator();
    addSpeed();
    addSeparator();
    addCounters();
    addRightSide(actions.find(QStringLiteral("view.theme")));

    connect(&session_, &Session::ticked, this, &TransportBar::refresh);
    connect(&session_, &Session::experimentChanged, this, &TransportBar::showSeed);
    connect(&Theme::instance(), &Theme::changed, this, &TransportBar::restyle);
    showSeed();
    showSpeed();
    restyle();
    refresh();
}

QToolButton* TransportBar::addButton(QAction* action, const QString& icon, bool filled) {
    QToolButton* button =
        makeToolButton(filled ? ButtonLook::Filled : ButtonLook::Flat, icon, tipWithKey(action), this);
    button->setObjectName(action->objectName() + QStringLiteral(".button"));
    connect(button, &QToolButton::clicked, action, &QAction::trigger);
    addWidget(button);
    return button;
}

QLabel* TransportBar::addLabel(const QString& text) {
    auto* label = new QLabel(text, this);
    label->setContentsMargins(4, 0, 4, 0);
    labels_ << label;
    addWidget(label);
    return label;
}

void TransportBar::addSpeed() {
    QLabel* label = addLabel(tr("Speed"));
    speed_ = new QSlider(Qt::Horizontal, this);
    speed_->setObjectName(QStringLiteral("speed"));
    speed_->setRange(0, speedPositions);
    speed_->setPageStep(speedPositions / 5); // a decade
    speed_->setFixedWidth(120);
    speed_->setAccessibleName(tr("Speed"));
    speed_->setToolTip(
        tr("Steps per second, from 1 to 100,000; at the right end as fast as the machine goes"));
    label->setBuddy(speed_);
    addWidget(speed_);
    speedText_ = new NumberLabel(this, NumberLabel::Role::Body);
    speedText_->setAlignment(Qt::AlignLeft);
    speedText_->reserve(speedText(fastestLimit));
    speedText_->setToolTip(tr("Steps per second at most; max: as fast as the machine goes"));
    addWidget(speedText_);
    connect(speed_, &QSlider::valueChanged, this, [this](int position) {
        session_.setSpeed(speedAt(position));
        showSpeed();
    });
}

void TransportBar::addCounters() {
    stepText_ = new NumberLabel(this, NumberLabel::Role::Counter);
    stepText_->setObjectName(QStringLiteral("stepText"));
    stepText_->setAlignment(Qt::AlignLeft);
    stepText_->setToolTip(tr("Steps, one mini-batch each, that all runs have done"));
    addWidget(stepText_);
    detailText_ = new NumberLabel(this, NumberLabel::Role::Body);
    detailText_->setObjectName(QStringLiteral("detailText"));
    detailText_->setAlignment(Qt::AlignLeft);
    detailText_->setQuiet(true);
    detailText_->setToolTip(
        tr("Passes over the training set, and lockstep steps per second over the last second"));
    detailText_->setContentsMargins(8, 0, 0, 0);
    auto* gap = new QWidget(this);
    gap->setFixedWidth(8);
    addWidget(gap);
    addWidget(detailText_);
}

void TransportBar::addRightSide(QAction* theme) {
    auto* stretch = new QWidget(this);
    stretch->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    addWidget(stretch);
    QLabel* label = addLabel(tr("Seed"));
    chooserPlace_ = actions().last();
    seed_ = new QLineEdit(this);
    seed_->setObjectName(QStringLiteral("seed"));
    seed_->setAccessibleName(tr("Seed"));
    seed_->setAlignment(Qt::AlignCenter);
    seed_->setFixedWidth(56);
    seed_->setValidator(
        new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{1,15}")), seed_));
    label->setBuddy(seed_);
    connect(seed_, &QLineEdit::editingFinished, this, &TransportBar::enterSeed);
    addWidget(seed_);
    themeButton_ = addButton(theme, QStringLiteral("moon"));
}

void TransportBar::setExperimentChooser(QWidget* chooser) {
    auto* label = new QLabel(tr("Experiment"), this);
    label->setContentsMargins(4, 0, 4, 0);
    label->setBuddy(chooser);
    labels_ << label;
    insertWidget(chooserPlace_, label);
    insertWidget(chooserPlace_, chooser);
    restyle();
}

void TransportBar::refresh() {
    const LaboratoryStatus& status = session_.status();
    stepText_->setText(tr("Step %1").arg(formatCount(status.step)));
    // Whole epochs once there are many: the last digits would only flicker.
    const QString epoch = status.epoch < 100 && status.epoch != std::floor(status.epoch)
                              ? QString::number(status.epoch, 'f', 1)
                              : formatCount(static_cast<qint64>(status.epoch));
    QString detail = tr("epoch %1").arg(epoch);
    measureSpeed();
    if (!stepsPerSecond_.isEmpty()) detail += QStringLiteral(" · ") + stepsPerSecond_;
    detailText_->setText(detail);
    showSpeed();
    if (session_.isPlaying() != showsPause_) {
        showsPause_ = session_.isPlaying();
        playButton_->setIcon(
            Theme::instance().icon(showsPause_ ? QStringLiteral("pause") : QStringLiteral("play")));
    }
}

/// A few times a second, so that it can be read.
void TransportBar::measureSpeed() {
    constexpr int everyMs = 300;
    const QString now = speedText(session_.status());
    if (now.isEmpty() == stepsPerSecond_.isEmpty() && sinceMeasured_.isValid() &&
        sinceMeasured_.elapsed() < everyMs)
        return;
    sinceMeasured_.start();
    if (now == stepsPerSecond_) return;
    stepsPerSecond_ = now;
    emit speedShown(now);
}

void TransportBar::showSpeed() {
    const QSignalBlocker quiet(speed_);
    if (speedAt(speed_->value()) != session_.speed()) speed_->setValue(speedPosition(session_.speed()));
    speedText_->setText(speedText(session_.speed()));
}

void TransportBar::showSeed() {
    const SeedSpec& seed = session_.experiment().seed;
    seed_->setText(QString::number(seed.data));
    const bool one = seed == SeedSpec::of(seed.data);
    seed_->setToolTip(one ? tr("The seed of everything that is random: same seed, same curves, bit for bit")
                          : tr("Seeds: data %1, weights %2, batches %3, noise %4, augmentation %5. A number "
                               "entered here is "
                               "for all")
                                .arg(seed.data)
                                .arg(seed.weights)
                                .arg(seed.batches)
                                .arg(seed.noise)
                                .arg(seed.augmentation));
}

void TransportBar::enterSeed() {
    if (!seed_->isModified()) return;
    seed_->setModified(false);
    bool isNumber = false;
    const std::uint64_t number = seed_->text().toULongLong(&isNumber);
    if (!isNumber) return showSeed();
    const auto text = tr("seed %1 → %2").arg(session_.experiment().seed.data).arg(number);
    session_.change(text, [number](Experiment& after) { after.seed = SeedSpec::of(number); });
    showSeed();
}

void TransportBar::restyle() {
    const QString quiet = QStringLiteral("color: %1").arg(Theme::instance().palette().quiet.name());
    for (QLabel* label : labels_)
        label->setStyleSheet(quiet);
    seed_->setFont(Theme::instance().numbers());
    themeButton_->setIcon(
        Theme::instance().icon(Theme::instance().isDark() ? QStringLiteral("sun") : QStringLiteral("moon")));
}

} // namespace kappascope::ui
