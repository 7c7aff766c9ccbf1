// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/presenter_mode.h"

#include "ui/theme/theme.h"

#include <QMainWindow>
#include <algorithm>

namespace kappascope::ui {

namespace {
constexpr double presenterScale = 1.4; ///< readable from the back of a lecture room at 1080 lines
}

PresenterMode::PresenterMode(QMainWindow& window) : QObject(&window), window_(window) {}

PresenterMode::~PresenterMode() {
    if (isPresenting()) Theme::instance().setScale(scaleBefore_);
}

bool PresenterMode::isFullScreen() const {
    return window_.isFullScreen();
}

void PresenterMode::toggleFullScreen() {
    if (window_.isFullScreen()) {
        maximizedBefore_ ? window_.showMaximized() : window_.showNormal();
    } else {
        maximizedBefore_ = window_.isMaximized();
        window_.showFullScreen();
    }
    emit changed();
}

void PresenterMode::togglePresenter() {
    if (isPresenting()) {
        Theme::instance().setScale(std::exchange(scaleBefore_, 0));
        if (!fullScreenBefore_ && window_.isFullScreen()) toggleFullScreen();
    } else {
        scaleBefore_ = Theme::instance().scale();
        fullScreenBefore_ = window_.isFullScreen();
        Theme::instance().setScale(std::max(scaleBefore_, presenterScale));
        if (!fullScreenBefore_) toggleFullScreen();
    }
    emit changed();
}

void PresenterMode::leave() {
    if (isPresenting()) togglePresenter();
    if (window_.isFullScreen()) toggleFullScreen();
}

} // namespace kappascope::ui
