// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/window_layout.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QScreen>
#include <QSettings>

namespace kappascope::ui {

namespace {
const QString geometryKey = QStringLiteral("window/geometry");
const QString panelsKey = QStringLiteral("window/panels");
const QString panelsName = QStringLiteral("panels"); ///< in a session's file
const QString plotsName = QStringLiteral("plots");
constexpr QSize standardSize{1440, 900};
constexpr double mostOfScreen = 0.95;
} // namespace

std::string WindowLayout::toJson() const {
    QJsonObject object{{panelsName, QString::fromLatin1(panels.toBase64())}};
    if (plots) object[plotsName] = *plots;
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

WindowLayout WindowLayout::fromJson(const std::string& json) {
    const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
    WindowLayout layout;
    layout.panels = QByteArray::fromBase64(object[panelsName].toString().toLatin1());
    if (const QJsonValue plots = object[plotsName]; plots.isArray()) layout.plots = plots.toArray();
    return layout;
}

QByteArray savedGeometry() {
    return QSettings().value(geometryKey).toByteArray();
}

QByteArray savedPanels() {
    return QSettings().value(panelsKey).toByteArray();
}

void rememberLayout(const QByteArray& geometry, const QByteArray& panels) {
    QSettings().setValue(geometryKey, geometry);
    QSettings().setValue(panelsKey, panels);
}

QSize standardWindowSize(const QScreen* screen) {
    return screen ? standardSize.boundedTo(screen->availableSize() * mostOfScreen) : standardSize;
}

} // namespace kappascope::ui
