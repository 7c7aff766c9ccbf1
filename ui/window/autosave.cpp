// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/autosave.h"

#include "ui/session.h"
#include "ui/window/background_job.h"
#include "ui/window/file_dialog.h"
#include "ui/window/message_bar.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QStandardPaths>
#include <filesystem>
#include <utility>

namespace kappascope::ui {

namespace {

constexpr int regularlyMs = 30'000;
constexpr int soonMs = 1'000; ///< after the last of a series of changes
const QString topic = QStringLiteral("recovery");

QString lockOf(const QString& file) {
    return file + QStringLiteral(".lock");
}

std::unique_ptr<QLockFile> makeLock(const QString& file) {
    auto lock = std::make_unique<QLockFile>(lockOf(file));
    lock->setStaleLockTime(0); // stale only when its program is gone
    return lock;
}

} // namespace

QString Autosave::folder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/autosave");
}

Autosave::Autosave(Session& session, Document document, QObject* parent)
    : QObject(parent), session_(session), document_(std::move(document)) {
    QDir().mkpath(folder());
    file_ = QStringLiteral("%1/%2-%3.kappa")
                .arg(folder())
                .arg(QDateTime::currentMSecsSinceEpoch())
                .arg(QCoreApplication::applicationPid());
    lock_ = makeLock(file_);
    lock_->tryLock(0);
    writer_.setMaxThreadCount(1);
    soon_.setSingleShot(true);
    connect(&session_, &Session::experimentChanged, this, [this] {
        changed_ = true;
        soon_.start(soonMs);
    });
    connect(&session_, &Session::opened, this, [this] {
        changed_ = true;
        soon_.start(soonMs);
        superseded_ += std::exchange(restored_, {});
    });
    connect(&session_, &Session::failed, this, [this] {
        if (!session_.isOpening()) restored_.clear(); // what was left behind is still all there is
    });
    connect(&soon_, &QTimer::timeout, this, &Autosave::writeNow);
    connect(&regularly_, &QTimer::timeout, this, &Autosave::writeNow);
    regularly_.start(regularlyMs);
}

Autosave::~Autosave() {
    writer_.waitForDone();
    QFile::remove(file_);
}

void Autosave::writeNow() {
    const std::int64_t step = session_.status().step;
    if (!changed_ && step == writtenStep_) return;
    changed_ = false;
    writtenStep_ = step;
    const QStringList superseded = std::exchange(superseded_, {});
    runInBackground(
        this,
        [document = document_(), file = file_] {
            saveSession(document, pathOf(file));
            return true;
        },
        [this, superseded](bool) {
            for (const QString& file : superseded)
                discard(file);
        },
        [this, superseded](const QString& error) {
            superseded_ += superseded;
            changed_ = true; // tried again the next time
            qWarning("autosave: %s", qPrintable(error));
        },
        &writer_);
}

QStringList Autosave::leftBehind() {
    const QFileInfoList files =
        QDir(folder()).entryInfoList({QStringLiteral("*.kappa")}, QDir::Files, QDir::Time);
    QStringList left;
    for (const QFileInfo& info : files) {
        const QString file = info.absoluteFilePath();
        if (file == QFileInfo(file_).absoluteFilePath()) continue;
        auto lock = makeLock(file);
        if (!lock->tryLock(0)) continue; // its program runs
        heldLocks_.push_back(std::move(lock));
        left << file;
    }
    return left;
}

void Autosave::discard(const QString& file) {
    QFile::remove(file);
    std::erase_if(heldLocks_, [&](const auto& lock) { return lock->fileName() == lockOf(file); });
}

void Autosave::offer(MessageBar& messages, std::function<void(const SessionDocument&)> restore) {
    const QStringList files = leftBehind();
    if (files.isEmpty()) return;
    const QString newest = files.front();
    const QString when = QLocale().toString(QFileInfo(newest).lastModified(), QLocale::ShortFormat);
    const auto discardAll = [this, files] {
        for (const QString& file : files)
            discard(file);
    };
    const auto bringBack = [this, newest, files, restore = std::move(restore), &messages] {
        runInBackground(
            this, [newest] { return loadSession(pathOf(newest)); },
            [this, restore, files](const SessionDocument& document) {
                restore(document);
                restored_ = files;
            },
            [&messages](const QString& error) { messages.show(MessageBar::Kind::Error, topic, error); });
    };
    messages.show(MessageBar::Kind::Notice, topic,
                  tr("Kappascope did not end properly. The session of %1 was kept.").arg(when),
                  {{tr("Restore"), bringBack}, {tr("Discard"), discardAll}});
}

} // namespace kappascope::ui
