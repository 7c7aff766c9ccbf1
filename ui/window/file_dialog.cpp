// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/file_dialog.h"

#include "ui/window/recent_files.h"

#include <QFileDialog>

namespace kappascope::ui {

QFileDialog* makeFileDialog(QWidget* window, const QString& title, const QString& filter,
                            const QString& purpose) {
    auto* dialog = new QFileDialog(window, title, lastFolder(purpose), filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog,
                     [purpose](const QString& path) { rememberFolder(purpose, path); });
    return dialog;
}

std::filesystem::path pathOf(const QString& file) {
    return {file.toStdU16String()};
}

} // namespace kappascope::ui
