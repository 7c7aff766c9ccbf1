// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/session_json.h"

#include <QObject>
#include <QString>
#include <functional>

class QWidget;

namespace kappascope::ui {

class MessageBar;
class Session;

/// New, open, save: which file the session belongs to and whether it holds what the user has. Files are read
/// and written by workers; a file that cannot be read leaves the session as it is and says why in the message
/// bar. GUI thread.
class FileCommands : public QObject {
    Q_OBJECT
public:
    using Then = std::function<void()>;

    FileCommands(Session& session, MessageBar& messages, QWidget* window);

    /// How the window's layout gets into files and out of them, as JSON; see SessionDocument::window.
    void setLayoutKeeper(std::function<std::string()> save, std::function<void(const std::string&)> restore);

    /// Empty while the session has never been saved.
    const QString& file() const { return file_; }
    /// The file's name, or the experiment's.
    QString name() const;
    bool isModified() const;

    /// The session as it stands, with its log.
    SessionDocument document() const;

    void newSession();
    void openExperiment(const Experiment& experiment); ///< a preset; asks first
    void open();
    /// A session is opened, anything else is data to import. Asks first.
    void openFile(const QString& path);
    void importData();
    void save(Then then = {});
    void saveAs(Then then = {});
    void saveTo(const QString& path, Then then = {});
    /// Calls `then` at once when nothing would be lost, else after the user has saved or discarded it.
    void confirmLoss(Then then);
    /// A session left by a crash: it belongs to no file and is not saved.
    void recover(const SessionDocument& recovered);

signals:
    void titleChanged();
    void importWanted(const QString& path);
    void saved(const QString& path);

private:
    static constexpr int settleAttempts = 300; ///< three seconds: a run that catches up may delay an edit
    void whenSettled(Then then, int attempts = settleAttempts);
    void writeTo(const QString& path, Then then);
    void load(const QString& path);
    void show(const SessionDocument& opened, const QString& path);
    void setFile(const QString& path);

    Session& session_;
    MessageBar& messages_;
    QWidget* window_;
    QString file_;
    bool recovered_ = false;
    std::function<std::string()> saveLayout_;
    std::function<void(const std::string&)> restoreLayout_;
};

/// True for names that hold a session (".kappa").
bool isSessionFile(const QString& path);

} // namespace kappascope::ui
