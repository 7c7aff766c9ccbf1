// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/file_commands.h"

#include "ui/session.h"
#include "ui/window/background_job.h"
#include "ui/window/file_dialog.h"
#include "ui/window/message_bar.h"
#include "ui/window/recent_files.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QTimer>
#include <filesystem>

namespace kappascope::ui {

namespace {

const QString topic = QStringLiteral("file");
const QString suffix = QStringLiteral("kappa");

constexpr int settleMs = 10;

/// On a worker. Finds what would only fail after the present session is gone.
SessionDocument loadChecked(const QString& file) {
    SessionDocument document = loadSession(pathOf(file));
    validate(document.start);
    for (const Change& change : document.changes)
        validate(change.after);
    const std::string& data = document.start.data.path;
    if (!data.empty() && !std::filesystem::exists(data))
        throw InputError("data.path", "there is no file '" + data + "'",
                         "Put the data back in their place, or mend the path in " + file.toStdString() + ".");
    return document;
}

} // namespace

bool isSessionFile(const QString& path) {
    return QFileInfo(path).suffix().compare(suffix, Qt::CaseInsensitive) == 0;
}

FileCommands::FileCommands(Session& session, MessageBar& messages, QWidget* window)
    : QObject(window), session_(session), messages_(messages), window_(window) {
    connect(session_.undoStack(), &QUndoStack::cleanChanged, this, &FileCommands::titleChanged);
    connect(&session_, &Session::experimentChanged, this, &FileCommands::titleChanged);
}

void FileCommands::setLayoutKeeper(std::function<std::string()> save,
                                   std::function<void(const std::string&)> restore) {
    saveLayout_ = std::move(save);
    restoreLayout_ = std::move(restore);
}

QString FileCommands::name() const {
    return file_.isEmpty() ? QString::fromStdString(session_.experiment().name)
                           : QFileInfo(file_).completeBaseName();
}

bool FileCommands::isModified() const {
    return recovered_ || !session_.undoStack()->isClean();
}

SessionDocument FileCommands::document() const {
    SessionDocument document;
    Session::Log log = session_.log();
    document.start = std::move(log.start);
    document.changes = std::move(log.changes);
    document.step = log.step;
    document.playing = session_.isPlaying();
    document.speed = session_.speed();
    if (saveLayout_) document.window = saveLayout_();
    return document;
}

void FileCommands::newSession() {
    openExperiment(defaultExperiment());
}

void FileCommands::openExperiment(const Experiment& experiment) {
    confirmLoss([this, experiment] {
        session_.open(experiment, true);
        recovered_ = false;
        setFile({});
    });
}

void FileCommands::open() {
    auto* dialog = makeFileDialog(window_, tr("Open session"),
                                  tr("Kappascope sessions (*.kappa);;All files (*)"), suffix);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &FileCommands::openFile);
    dialog->open();
}

void FileCommands::importData() {
    auto* dialog = makeFileDialog(
        window_, tr("Import data"),
        tr("Tables and images (*.csv *.tsv *.txt *.idx *ubyte *.gz);;All files (*)"), QStringLiteral("data"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &FileCommands::importWanted);
    dialog->open();
}

void FileCommands::openFile(const QString& path) {
    if (!isSessionFile(path)) {
        emit importWanted(path);
        return;
    }
    confirmLoss([this, path] { load(path); });
}

void FileCommands::load(const QString& path) {
    runInBackground(
        this, [path] { return loadChecked(path); },
        [this, path](const SessionDocument& opened) {
            messages_.dismiss(topic);
            show(opened, path);
            RecentFiles::add(path);
        },
        [this](const QString& error) { messages_.show(MessageBar::Kind::Error, topic, error); });
}

void FileCommands::show(const SessionDocument& opened, const QString& path) {
    session_.setSpeed(opened.speed);
    session_.openReplayed(opened.start, opened.changes, opened.step, opened.playing);
    if (restoreLayout_ && !opened.window.empty()) restoreLayout_(opened.window);
    recovered_ = false;
    setFile(path);
}

void FileCommands::recover(const SessionDocument& recovered) {
    show(recovered, {});
    recovered_ = true;
    emit titleChanged();
}

void FileCommands::save(Then then) {
    if (file_.isEmpty())
        saveAs(std::move(then));
    else
        saveTo(file_, std::move(then));
}

void FileCommands::saveAs(Then then) {
    auto* dialog = makeFileDialog(window_, tr("Save session"), tr("Kappascope sessions (*.kappa)"), suffix);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(name() + QLatin1Char('.') + suffix);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, then = std::move(then)](const QString& path) { saveTo(path, then); });
    dialog->open();
}

void FileCommands::saveTo(const QString& path, Then then) {
    // An edit of a moment ago belongs into the file.
    whenSettled([this, path, then = std::move(then)] { writeTo(path, then); });
}

void FileCommands::whenSettled(Then then, int attempts) {
    if (session_.isSettled() || attempts == 0) return then();
    QTimer::singleShot(settleMs, this,
                       [this, then = std::move(then), attempts] { whenSettled(then, attempts - 1); });
}

void FileCommands::writeTo(const QString& path, Then then) {
    const int index = session_.undoStack()->index();
    runInBackground(
        this,
        [path, written = document()] {
            saveSession(written, pathOf(path));
            return true;
        },
        [this, path, index, then = std::move(then)](bool) {
            messages_.dismiss(topic);
            recovered_ = false;
            // What was changed since then is not in the file.
            if (session_.undoStack()->index() == index) session_.undoStack()->setClean();
            setFile(path);
            RecentFiles::add(path);
            emit saved(path);
            if (then) then();
        },
        [this](const QString& error) { messages_.show(MessageBar::Kind::Error, topic, error); });
}

void FileCommands::confirmLoss(Then then) {
    if (!isModified()) return then();
    auto* box = new QMessageBox(QMessageBox::Question, tr("Unsaved changes"),
                                tr("Save the changes to “%1”?").arg(name()),
                                QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, window_);
    box->setObjectName(QStringLiteral("confirmLoss"));
    box->setInformativeText(tr("What you changed since it was saved would be lost."));
    box->setDefaultButton(QMessageBox::Save);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(box, &QMessageBox::finished, this, [this, then = std::move(then)](int answer) {
        if (answer == QMessageBox::Save) save(then);
        if (answer == QMessageBox::Discard) then();
    });
    box->open();
}

void FileCommands::setFile(const QString& path) {
    file_ = path;
    emit titleChanged();
}

} // namespace kappascope::ui
