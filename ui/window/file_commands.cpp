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
#include <algorithm>
#include <filesystem>
#include <utility>

namespace kappascope::ui {

namespace {

const QString topic = QStringLiteral("file");
const QString suffix = QStringLiteral("kappa");

const QString replayTopic = QStringLiteral("replay");

constexpr int settleMs = 10;
constexpr int attemptsBeforeTelling = 50; ///< half a second
constexpr int ticksBeforeTelling = 20; ///< a third of a second: a replay that is over at once needs no words

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
    connect(&session_, &Session::opened, this, &FileCommands::takeOver);
    connect(&session_, &Session::failed, this, &FileCommands::stayWithPresent);
    connect(&session_, &Session::ticked, this, &FileCommands::tellOfReplay);
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
    return unsaved_ || !session_.undoStack()->isClean();
}

SessionDocument FileCommands::document() const {
    SessionDocument document;
    Session::Log log = session_.log();
    document.start = std::move(log.start);
    document.changes = std::move(log.changes);
    document.step = log.step;
    document.playing = session_.goesOn();
    document.speed = session_.speed();
    if (saveLayout_) document.window = saveLayout_();
    return document;
}

void FileCommands::newSession() {
    openExperiment(defaultExperiment());
}

void FileCommands::openExperiment(const Experiment& experiment) {
    confirmLoss([this, experiment] {
        const Opening before{0, {}, {}, false, isModified(), session_.speed()};
        expect(before, session_.open(experiment, true));
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
    auto* dialog =
        makeFileDialog(window_, tr("Import data"),
                       tr("Tables and images (*.csv *.tsv *.txt *.idx *ubyte *.bin *.gz);;All files (*)"),
                       QStringLiteral("data"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &FileCommands::importWanted);
    dialog->open();
}

void FileCommands::importFolder() {
    auto* dialog = makeFileDialog(window_, tr("Import a folder of images"), {}, QStringLiteral("data"));
    dialog->setFileMode(QFileDialog::Directory);
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
            show(opened, path, false);
        },
        [this](const QString& error) { messages_.show(MessageBar::Kind::Error, topic, error); });
}

void FileCommands::show(const SessionDocument& opened, const QString& path, bool recovered) {
    const Opening opening{0, path, opened.window, recovered, isModified(), session_.speed()};
    session_.setSpeed(opened.speed);
    expect(opening, session_.openReplayed(opened.start, opened.changes, opened.step, opened.playing));
}

void FileCommands::recover(const SessionDocument& recovered) {
    show(recovered, {}, true);
}

void FileCommands::expect(Opening opening, std::uint64_t number) {
    if (!openings_.empty()) { // what is in force is what it was before those
        opening.wasModified = openings_.front().wasModified;
        opening.speedBefore = openings_.front().speedBefore;
    }
    opening.number = number;
    openings_.push_back(std::move(opening));
    emit titleChanged();
}

void FileCommands::takeOver(std::uint64_t number) {
    const auto found = std::ranges::find(openings_, number, &Opening::number);
    if (found == openings_.end()) return;
    const Opening opened = *found;
    openings_.erase(openings_.begin(), found + 1);
    if (restoreLayout_ && !opened.window.empty()) restoreLayout_(opened.window);
    unsaved_ = opened.recovered;
    for (Opening& later : openings_)
        later.wasModified = opened.recovered;
    setFile(opened.file);
    if (!opened.file.isEmpty()) RecentFiles::add(opened.file);
}

/// What could not be opened leaves file and changes what they were.
void FileCommands::stayWithPresent() {
    if (openings_.empty() || session_.isOpening()) return;
    const Opening failed = openings_.back();
    openings_.clear();
    unsaved_ = failed.wasModified;
    session_.setSpeed(failed.speedBefore);
    emit titleChanged();
}

void FileCommands::tellOfReplay() {
    const LaboratoryStatus& status = session_.status();
    if (status.replayTo == 0 || status.opening) {
        if (std::exchange(tellsOfReplay_, false)) messages_.dismiss(replayTopic);
        replayTicks_ = 0;
    } else if (++replayTicks_ == ticksBeforeTelling) {
        tellsOfReplay_ = true;
        messages_.show(MessageBar::Kind::Notice, replayTopic,
                       tr("Replaying the session to step %L1. It can be changed when that is done.")
                           .arg(status.replayTo),
                       {{tr("Stop here"), [this] { session_.stopReplay(); }}});
    }
}

void FileCommands::save(Then then) {
    if (!openings_.empty()) // whose file it will be is not known yet
        whenSettled([this, then = std::move(then)] { save(then); });
    else if (file_.isEmpty())
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

/// However long that takes: a file without the last changes, or of another session, is worse than a late one.
void FileCommands::whenSettled(Then then, int attempt) {
    if (openings_.empty() && session_.isSettled()) {
        if (attempt > attemptsBeforeTelling) messages_.dismiss(topic);
        return then();
    }
    if (attempt == attemptsBeforeTelling)
        messages_.show(MessageBar::Kind::Notice, topic,
                       tr("The session is saved as soon as its last change has come into force."));
    QTimer::singleShot(settleMs, this,
                       [this, then = std::move(then), attempt] { whenSettled(then, attempt + 1); });
}

void FileCommands::writeTo(const QString& path, Then then) {
    const int index = session_.undoStack()->index();
    const std::uint64_t number = session_.status().replay;
    runInBackground(
        this,
        [path, document = document()] {
            saveSession(document, pathOf(path));
            return true;
        },
        [this, path, index, number, written = session_.experiment(), then = std::move(then)](bool) {
            messages_.dismiss(topic);
            RecentFiles::add(path);
            if (session_.status().replay == number && openings_.empty()) {
                unsaved_ = false;
                // What was changed since then is not in the file; a drag goes on within one entry.
                if (session_.undoStack()->index() == index && session_.experiment() == written)
                    session_.undoStack()->setClean();
                setFile(path);
            }
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
