// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/session_json.h"

#include <QLockFile>
#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <functional>
#include <memory>

namespace kappascope::ui {

class MessageBar;
class Session;

/// Writes the session to the user's data folder every 30 seconds and soon after each change, and removes the
/// file at a clean end. A file whose program is gone was left by a crash: it is offered again. Each running
/// program has a file of its own. GUI thread; files are written by a worker.
class Autosave : public QObject {
    Q_OBJECT
public:
    using Document = std::function<SessionDocument()>;

    Autosave(Session& session, Document document, QObject* parent = nullptr);
    ~Autosave() override; ///< a clean end

    /// Sessions of programs that are gone, newest first; each is kept from other programs until it is
    /// discarded.
    QStringList leftBehind();
    void discard(const QString& file);

    /// Says in `messages` that there is a session to bring back; `restore` gets it.
    void offer(MessageBar& messages, std::function<void(const SessionDocument&)> restore);

    const QString& file() const { return file_; }
    void writeNow();

    static QString folder();

private:
    Session& session_;
    Document document_;
    QString file_;
    std::unique_ptr<QLockFile> lock_;
    std::vector<std::unique_ptr<QLockFile>> heldLocks_; ///< of files left behind
    QTimer regularly_, soon_;
    QThreadPool writer_;     ///< one thread: writes follow each other
    QStringList restored_;   ///< files whose session is being opened
    QStringList superseded_; ///< files whose session the next write holds
    std::int64_t writtenStep_ = -1;
    bool changed_ = true;
};

} // namespace kappascope::ui
