// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

namespace kappascope::test {

/// Settings and data folders of its own for a test of the window: it neither sees nor changes the user's.
/// Make one before anything that reads settings.
class WindowSandbox {
public:
    WindowSandbox() {
        QCoreApplication::setOrganizationName(QStringLiteral("KappascopeTests"));
        QCoreApplication::setApplicationName(QStringLiteral("window"));
        qputenv("XDG_DATA_HOME", folder_.filePath(QStringLiteral("data")).toUtf8());
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope,
                           folder_.filePath(QStringLiteral("settings")));
    }
    QString file(const QString& name) const { return folder_.filePath(name); }
    QString write(const QString& name, const QByteArray& content) const {
        QFile out(file(name));
        if (out.open(QIODevice::WriteOnly)) out.write(content);
        return file(name);
    }

private:
    QTemporaryDir folder_;
};

inline const LaboratoryOptions oneThread{.threads = 1};

/// The default experiment, small enough to be set up at once.
inline Experiment smallExperiment() {
    Experiment experiment = defaultExperiment();
    experiment.data.samples = 60;
    return experiment;
}

/// Until the laboratory stands as the session wants it, and the session knows.
inline bool settle(ui::Session& session) {
    session.laboratory().wait();
    return QTest::qWaitFor([&] {
        const LaboratoryStatus now = session.laboratory().status();
        return session.status().generation == now.generation && session.status().step == now.step &&
               session.status().playing == now.playing && session.status().ready;
    });
}

} // namespace kappascope::test
