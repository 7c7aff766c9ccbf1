// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/preferences_dialog.h"

#include "ui/preferences.h"
#include "ui/theme/theme.h"
#include "ui/widgets/switch_button.h"
#include "ui/widgets/value_slider.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QPushButton>
#include <QSpinBox>
#include <QThread>
#include <QVBoxLayout>

namespace kappascope::ui {

PreferencesDialog::PreferencesDialog(QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Preferences"));
    setObjectName(QStringLiteral("preferences"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(16);
    auto* rows = new QFormLayout;
    rows->setHorizontalSpacing(16);
    rows->setVerticalSpacing(10);
    addLook(*rows);
    addPlots(*rows);
    addTraining(*rows);
    layout->addLayout(rows);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false); // Return belongs to the fields
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
    resize(420, sizeHint().height());
}

void PreferencesDialog::addLook(QFormLayout& rows) {
    auto* mode = new QComboBox(this);
    mode->setObjectName(QStringLiteral("themeMode"));
    mode->addItems({tr("As the system"), tr("Light"), tr("Dark")}); // in the order of Theme::Mode
    mode->setCurrentIndex(static_cast<int>(Theme::instance().mode()));
    connect(mode, &QComboBox::activated, this,
            [](int index) { Theme::instance().setMode(static_cast<Theme::Mode>(index)); });
    rows.addRow(tr("Theme"), mode);

    auto* scale = new ValueSlider(
        {.minimum = 75, .maximum = 200, .integer = true, .suffix = QStringLiteral(" %")}, this);
    scale->setObjectName(QStringLiteral("textScale"));
    scale->setName(tr("Text size"), tr("Size of all text, of its standard size"));
    scale->setValue(100 * Theme::instance().scale());
    // The slider changes size with the text: wait until the hand lets go.
    connect(scale, &ValueSlider::editingFinished, this,
            [scale] { Theme::instance().setScale(scale->value() / 100); });
    rows.addRow(tr("Text size"), scale);
}

void PreferencesDialog::addPlots(QFormLayout& rows) {
    Preferences& preferences = Preferences::instance();
    auto* smoothing = new ValueSlider({.minimum = 0, .maximum = 0.99}, this);
    smoothing->setObjectName(QStringLiteral("smoothing"));
    smoothing->setName(
        tr("Smoothing"),
        tr("Weight of the past in the smoothed curves that a new session starts with; 0: none, but for the "
           "losses of mini-batches of few samples"));
    smoothing->setValue(preferences.smoothing());
    connect(smoothing, &ValueSlider::valueChanged, &preferences, &Preferences::setSmoothing);
    rows.addRow(tr("Smoothing of plots"), smoothing);

    auto* swap = new SwitchButton({}, this);
    swap->setObjectName(QStringLiteral("swapGestures"));
    swap->setToolTip(tr("Off: dragging draws a zoom box and Ctrl+drag pans. On: the other way round"));
    swap->setChecked(preferences.swapsGestures());
    connect(swap, &SwitchButton::clicked, &preferences, &Preferences::setSwapsGestures);
    rows.addRow(tr("Dragging in a plot pans"), swap);
}

void PreferencesDialog::addTraining(QFormLayout& rows) {
    Preferences& preferences = Preferences::instance();
    auto* threads = new QSpinBox(this);
    threads->setObjectName(QStringLiteral("threads"));
    threads->setRange(0, 4 * QThread::idealThreadCount());
    threads->setSpecialValueText(tr("All of this machine (%1)").arg(QThread::idealThreadCount()));
    threads->setValue(preferences.threads());
    threads->setToolTip(tr("The curves are the same, bit for bit, for any number of threads"));
    connect(threads, &QSpinBox::valueChanged, &preferences, &Preferences::setThreads);
    rows.addRow(tr("Threads (from the next start)"), threads);
}

} // namespace kappascope::ui
