// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/saved_layouts.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

namespace kappascope::ui {

namespace {

const QString settingsKey = QStringLiteral("window/layouts"); ///< {name: WindowLayout::toJson()}

QJsonObject all() {
    return QJsonDocument::fromJson(QSettings().value(settingsKey).toByteArray()).object();
}

void keep(const QJsonObject& layouts) {
    QSettings().setValue(settingsKey, QJsonDocument(layouts).toJson(QJsonDocument::Compact));
}

} // namespace

QStringList SavedLayouts::names() const {
    return all().keys();
}

void SavedLayouts::save(const QString& name) const {
    if (name.trimmed().isEmpty()) return;
    QJsonObject layouts = all();
    layouts[name.trimmed()] = QString::fromStdString(present_());
    keep(layouts);
}

void SavedLayouts::restore(const QString& name) const {
    const QJsonValue layout = all()[name];
    if (layout.isString()) restore_(layout.toString().toStdString());
}

void SavedLayouts::remove(const QString& name) const {
    QJsonObject layouts = all();
    layouts.remove(name);
    keep(layouts);
}

} // namespace kappascope::ui
