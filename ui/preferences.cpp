// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/preferences.h"

#include <QSettings>
#include <algorithm>

namespace kappascope::ui {

namespace {
const QString threadsKey = QStringLiteral("training/threads");
const QString smoothingKey = QStringLiteral("plots/smoothing");
const QString swapKey = QStringLiteral("plots/swapGestures");
constexpr double mostSmoothing = 0.99;
} // namespace

Preferences& Preferences::instance() {
    static Preferences preferences;
    return preferences;
}

int Preferences::threads() const {
    return std::max(QSettings().value(threadsKey, 0).toInt(), 0);
}

void Preferences::setThreads(int threads) {
    QSettings().setValue(threadsKey, threads);
    emit changed();
}

double Preferences::smoothing() const {
    return std::clamp(QSettings().value(smoothingKey, 0.0).toDouble(), 0.0, mostSmoothing);
}

void Preferences::setSmoothing(double weight) {
    QSettings().setValue(smoothingKey, weight);
    emit changed();
}

bool Preferences::swapsGestures() const {
    return QSettings().value(swapKey, false).toBool();
}

void Preferences::setSwapsGestures(bool swaps) {
    QSettings().setValue(swapKey, swaps);
    emit changed();
}

} // namespace kappascope::ui
