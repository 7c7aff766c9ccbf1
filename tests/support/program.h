// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QProcess>

namespace kappascope::test {

inline constexpr int patience = 300'000; // milliseconds

/// What the command line program said and how it ended.
struct Said {
    int status;
    QString output, errors;
};

/// The command line program of this build.
inline QString program() {
    return QString(KAPPASCOPE_BINARY_DIR) + "/app/kappascope-cli";
}

inline Said cli(const QStringList& arguments) {
    QProcess process;
    process.start(program(), arguments);
    if (!process.waitForFinished(patience)) return {-1, {}, process.errorString()};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

/// The bytes of `file`; none when it is not there.
inline QByteArray read(const QString& file) {
    QFile stream(file);
    return stream.open(QIODevice::ReadOnly) ? stream.readAll() : QByteArray();
}

} // namespace kappascope::test
