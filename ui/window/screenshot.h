// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QString>
#include <cstdint>

class QWidget;

namespace kappascope::ui {

class Session;

/// A picture of the window for the documentation.
struct ScreenshotRequest {
    QString file;
    QSize size{1440, 900};
    std::int64_t steps = 400; ///< trained, live, before the picture is taken, and the curvature measured
};

/// Paces the session, and starts it when it was opened in a pause, so that `steps` take a few seconds, writes
/// the picture while it trains and ends the program: with status 1 and a message on standard error when
/// training stopped early or the file cannot be written. GUI thread.
void takeScreenshot(Session& session, QWidget& window, const ScreenshotRequest& request);

} // namespace kappascope::ui
