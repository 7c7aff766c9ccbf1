// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/session_json.h"

#include <QObject>
#include <QString>
#include <functional>
#include <vector>

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
    void importFolder(); ///< of images
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
    /// What the session that is being opened brings and what there was before: it is in force only when the
    /// laboratory has set it up.
    struct Opening {
        std::uint64_t number;
        QString file;
        std::string window;
        bool recovered, wasModified;
        double speedBefore;
    };
    void whenSettled(Then then, int attempt = 0);
    void expect(Opening opening, std::uint64_t number);
    void takeOver(std::uint64_t number);
    void stayWithPresent();
    void tellOfReplay();
    void writeTo(const QString& path, Then then);
    void load(const QString& path);
    void show(const SessionDocument& opened, const QString& path, bool recovered);
    void setFile(const QString& path);

    Session& session_;
    MessageBar& messages_;
    QWidget* window_;
    QString file_;
    bool unsaved_ = false;          ///< although the undo stack is clean: it comes from a crash, for instance
    std::vector<Opening> openings_; ///< oldest first
    int replayTicks_ = 0;
    bool tellsOfReplay_ = false;
    std::function<std::string()> saveLayout_;
    std::function<void(const std::string&)> restoreLayout_;
};

/// True for names that hold a session (".kappa").
bool isSessionFile(const QString& path);

} // namespace kappascope::ui
