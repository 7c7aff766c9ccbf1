// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/after_painting.h"

#include <QCoreApplication>
#include <QEvent>
#include <QObject>
#include <utility>

namespace kappascope::ui {

namespace {

/// Requests to paint are posted with Qt's low priority: what comes after them must have a lower one. Queued
/// replots are posted too, and request painting when they are done: so it takes two rounds.
constexpr int behindPainting = Qt::LowEventPriority - 1;
constexpr int rounds = 2;

class Waiting : public QObject {
public:
    Waiting(QObject* context, std::function<void()> act) : QObject(context), act_(std::move(act)) { wait(); }

protected:
    void customEvent(QEvent*) override {
        if (++round_ < rounds) return wait();
        act_();
        deleteLater();
    }

private:
    void wait() { QCoreApplication::postEvent(this, new QEvent(QEvent::User), behindPainting); }

    std::function<void()> act_;
    int round_ = 0;
};

} // namespace

void afterPainting(QObject* context, std::function<void()> act) {
    new Waiting(context, std::move(act)); // the context's, until it is done
}

} // namespace kappascope::ui
