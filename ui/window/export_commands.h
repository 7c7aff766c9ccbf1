// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

class QWidget;

namespace kappascope::ui {

class MessageBar;
class Session;

/// What other programs read. Files are written by workers; the message bar tells what has been written, what
/// is not in it, and what failed. GUI thread.
class ExportCommands : public QObject {
    Q_OBJECT
public:
    ExportCommands(Session& session, MessageBar& messages, QWidget* window);

    /// The curves of all runs as tidy CSV (HistoryCsv): asks for the file.
    void curves();
    void curvesTo(const QString& file);
    /// The present experiment, from its start, as a script for PyTorch (exportTorch()): asks for the folder.
    void torch();
    /// Into `folder` where it is empty or new, else into a new folder in it.
    void torchTo(const QString& folder);

private:
    void begin(const QString& text);
    void failed(const QString& why);
    QString baseName() const;

    Session& session_;
    MessageBar& messages_;
    QWidget* window_;
};

} // namespace kappascope::ui
