// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/loader_thread.h"

#include <QTest>

#include <array>
#include <atomic>
#include <semaphore>

using namespace kappascope;

namespace {

struct Counting final : LoaderJob {
    int done = 0;
    void work() override { ++done; }
};

/// Works until it is let go.
struct Held final : LoaderJob {
    std::binary_semaphore begun{0}, letGo{0};
    std::atomic<bool> ended = false;
    void work() override {
        begun.release();
        letGo.acquire();
        ended = true;
    }
};

} // namespace

class LoaderThreadTest : public QObject {
    Q_OBJECT
private slots:
    void everyJobIsDoneOnceByTheLoaderOrLeft() {
        LoaderThread loader;
        std::array<Counting, 3> jobs;
        for (int round = 1; round <= 20'000; ++round)
            for (Counting& job : jobs) {
                if (!loader.finish(job) && job.done < round - 1) job.work(); // left to us
                QCOMPARE(job.done, round - 1);
                loader.post(job);
            }
        for (Counting& job : jobs)
            loader.finish(job);
    }

    void aJobThatWasNotPostedIsTheCallers() {
        LoaderThread loader;
        Counting job;
        QVERIFY(!loader.finish(job));
        QCOMPARE(job.done, 0);
    }

    void aJobIsDoneWhileNobodyAsks() {
        LoaderThread loader;
        Held job;
        loader.post(job);
        job.begun.acquire(); // the loader has taken it by itself
        job.letGo.release();
        QVERIFY(loader.finish(job)); // waits for its end
        QVERIFY(job.ended);
        QVERIFY(!loader.finish(job)); // once
    }

    void whatWaitsBehindAnotherIsTakenBack() {
        LoaderThread loader;
        Held first;
        Counting second;
        loader.post(first);
        first.begun.acquire();
        loader.post(second);
        QVERIFY(!loader.finish(second));
        QCOMPARE(second.done, 0);
        first.letGo.release();
        QVERIFY(loader.finish(first));
    }
};

QTEST_APPLESS_MAIN(LoaderThreadTest)
#include "loader_thread_test.moc"
