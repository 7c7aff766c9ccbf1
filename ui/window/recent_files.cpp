// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recent_files.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QMenu>
#include <QSettings>
#include <QStandardPaths>

namespace kappascope::ui {

namespace {
const QString listKey = QStringLiteral("files/recent");

QString folderKey(const QString& purpose) {
    return QStringLiteral("folders/") + purpose;
}
} // namespace

QStringList RecentFiles::list() {
    QStringList files = QSettings().value(listKey).toStringList();
    files.removeIf([](const QString& file) { return !QFileInfo(file).isFile(); });
    return files;
}

void RecentFiles::add(const QString& file) {
    const QString path = QFileInfo(file).absoluteFilePath();
    QStringList files = QSettings().value(listKey).toStringList();
    files.removeAll(path);
    files.prepend(path);
    QSettings().setValue(listKey, QStringList(files.mid(0, most)));
}

void RecentFiles::clear() {
    QSettings().remove(listKey);
}

void RecentFiles::attachTo(QMenu& menu, std::function<void(const QString&)> open) {
    QObject::connect(&menu, &QMenu::aboutToShow, &menu, [&menu, open = std::move(open)] {
        menu.clear();
        const QStringList files = list();
        for (const QString& file : files) {
            QAction* action = menu.addAction(QFileInfo(file).fileName(), [open, file] { open(file); });
            action->setToolTip(file);
            action->setStatusTip(file);
        }
        if (files.isEmpty())
            menu.addAction(QCoreApplication::translate("RecentFiles", "None yet"))->setEnabled(false);
        menu.addSeparator();
        QAction* forget = menu.addAction(QCoreApplication::translate("RecentFiles", "Clear list"), &clear);
        forget->setEnabled(!files.isEmpty());
    });
}

QString lastFolder(const QString& purpose) {
    return QSettings()
        .value(folderKey(purpose), QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation))
        .toString();
}

void rememberFolder(const QString& purpose, const QString& file) {
    QSettings().setValue(folderKey(purpose), QFileInfo(file).absolutePath());
}

} // namespace kappascope::ui
