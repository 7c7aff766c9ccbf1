// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <functional>

class QMenu;

namespace kappascope::ui {

/// The sessions opened or saved last, newest first, kept in the user's settings. GUI thread.
class RecentFiles {
public:
    static constexpr int most = 10;

    /// Those that still exist.
    static QStringList list();
    static void add(const QString& file);
    static void clear();

    /// Fills `menu` each time it is about to show.
    static void attachTo(QMenu& menu, std::function<void(const QString&)> open);
};

/// The folder where the user last opened or saved files of this kind ("session", "data", "figure"), or his
/// documents.
QString lastFolder(const QString& purpose);
void rememberFolder(const QString& purpose, const QString& file);

} // namespace kappascope::ui
