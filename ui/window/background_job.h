// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"

#include <QCoreApplication>
#include <QPointer>
#include <QString>
#include <QThreadPool>
#include <optional>
#include <type_traits>

namespace kappascope::ui {

/// Runs `work` on a worker thread and then, on the GUI thread and only if `receiver` still lives, `done` with
/// its result, or `failed` with the text of what it threw. What the two capture must outlive them or be
/// copied.
template<class Work, class Done, class Failed>
void runInBackground(QObject* receiver, Work work, Done done, Failed failed,
                     QThreadPool* pool = QThreadPool::globalInstance()) {
    using Result = std::invoke_result_t<Work>;
    static_assert(!std::is_void_v<Result>, "return something, for instance true");
    pool->start([guard = QPointer<QObject>(receiver), work = std::move(work), done = std::move(done),
                 failed = std::move(failed)]() mutable {
        std::optional<Result> result;
        QString error;
        try {
            result = work();
        } catch (const std::exception& exception) {
            error = QString::fromUtf8(exception.what());
        }
        QMetaObject::invokeMethod(QCoreApplication::instance(),
                                  [guard, done, failed, result = std::move(result), error]() mutable {
                                      if (!guard) return;
                                      if (result)
                                          done(*std::move(result));
                                      else
                                          failed(error);
                                  });
    });
}

} // namespace kappascope::ui
