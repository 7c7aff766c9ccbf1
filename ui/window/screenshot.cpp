// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/screenshot.h"

#include "ui/session.h"

#include <QCoreApplication>
#include <QPixmap>
#include <QTimer>
#include <QWidget>
#include <cstdio>

namespace kappascope::ui {

namespace {

constexpr double seconds = 3;     ///< long enough for maps and curves to be drawn as in use
constexpr int longestMs = 60'000; ///< loading data included

void finish(QWidget& window, const QString& file) {
    const bool written = window.grab().save(file);
    if (!written) std::fprintf(stderr, "kappascope: cannot write %s\n", qPrintable(file));
    QCoreApplication::exit(written ? 0 : 1);
}

} // namespace

void takeScreenshot(Session& session, QWidget& window, const ScreenshotRequest& request) {
    session.setSpeed(static_cast<double>(request.steps) / seconds);
    auto* once = new QObject(&window);
    QObject::connect(&session, &Session::ticked, once, [once, &session, &window, request] {
        if (session.status().step < request.steps) return;
        once->deleteLater();
        once->disconnect();
        // After this tick's painting.
        QTimer::singleShot(0, &window, [&window, request] { finish(window, request.file); });
    });
    QTimer::singleShot(longestMs, once, [&session, request] {
        std::fprintf(stderr, "kappascope: no picture: %lld of %lld steps after %d s. %s\n",
                     static_cast<long long>(session.status().step), static_cast<long long>(request.steps),
                     longestMs / 1000, session.status().failure.c_str());
        QCoreApplication::exit(1);
    });
}

} // namespace kappascope::ui
