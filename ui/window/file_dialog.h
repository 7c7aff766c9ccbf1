// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <filesystem>

class QFileDialog;
class QWidget;

namespace kappascope::ui {

/// A dialog that begins in the folder last used for this purpose, remembers the one that is chosen, and
/// deletes itself. Set its mode, connect fileSelected and open() it. GUI thread.
QFileDialog* makeFileDialog(QWidget* window, const QString& title, const QString& filter,
                            const QString& purpose);

/// `file` for the engine.
std::filesystem::path pathOf(const QString& file);

} // namespace kappascope::ui
