// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/view_worker.h"

#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <QThread>
#include <stdexcept>

using namespace kappascope;
using namespace kappascope::ui;

/// Jobs are held at gates, so that nothing here depends on how fast the machine is.
class ViewWorkerTest : public QObject {
    Q_OBJECT
private slots:
    void deliversOnTheGuiThreadWhatWasComputedElsewhere();
    void deliversTheRunningAndTheLatestRequestOnly();
    void replacesARequestThatWaitsBehindAnotherChannel();
    void servesChannelsInTurn();
    void cancelledRequestsTellTheJobAndDeliverNothing();
    void aRequestAfterACancelIsDelivered();
    void survivesAChannelThatDiesWhileItsJobRuns();
    void aJobThatThrowsIsToldAndTheNextOneRuns();
    void endsWhileAJobRuns();
    void refreshesMoreSeldomAsPicturesBecomeExpensive();
    void isNotDueWhileBusyOrTooSoon();
    void survivesAStormOfRequestsAndCancels();
};

namespace {

/// A job that reports when it begins and waits to be let go.
struct Gate {
    QSemaphore begun, go;
    auto job(int result) {
        return [this, result](const Cancelled&) {
            begun.release();
            go.acquire();
            return result;
        };
    }
};

auto give(int result) {
    return [result](const Cancelled&) { return result; };
}

} // namespace

void ViewWorkerTest::deliversOnTheGuiThreadWhatWasComputedElsewhere() {
    ViewWorker worker;
    ViewChannel channel(worker);
    QThread* computedIn = nullptr;
    QThread* deliveredIn = nullptr;
    channel.request([](const Cancelled&) { return QThread::currentThread(); },
                    [&](QThread* thread) {
                        computedIn = thread;
                        deliveredIn = QThread::currentThread();
                    });
    QTRY_VERIFY(deliveredIn);
    QCOMPARE(deliveredIn, thread());
    QVERIFY(computedIn != thread());
    QVERIFY(!channel.busy());
}

void ViewWorkerTest::deliversTheRunningAndTheLatestRequestOnly() {
    ViewWorker worker;
    ViewChannel channel(worker);
    Gate gate;
    QList<int> delivered;
    const auto deliver = [&](int result) { delivered << result; };
    channel.request(gate.job(0), deliver);
    gate.begun.acquire();
    for (int k = 1; k <= 10; ++k)
        channel.request(give(k), deliver);
    gate.go.release();
    QTRY_COMPARE(delivered, (QList<int>{0, 10}));
}

void ViewWorkerTest::replacesARequestThatWaitsBehindAnotherChannel() {
    ViewWorker worker;
    ViewChannel busy(worker), waiting(worker);
    Gate gate;
    QList<int> delivered;
    busy.request(gate.job(0), [](int) {});
    gate.begun.acquire();
    for (int k = 1; k <= 5; ++k)
        waiting.request(give(k), [&](int result) { delivered << result; });
    gate.go.release();
    QTRY_VERIFY(!waiting.busy());
    QCOMPARE(delivered, QList<int>{5});
}

void ViewWorkerTest::servesChannelsInTurn() {
    ViewWorker worker;
    ViewChannel a(worker), b(worker);
    Gate gate;
    QList<int> delivered;
    const auto deliver = [&](int result) { delivered << result; };
    a.request(gate.job(1), deliver);
    gate.begun.acquire();
    b.request(give(2), deliver);
    a.request(give(3), deliver); // a's second job comes after b's first
    gate.go.release();
    QTRY_COMPARE(delivered, (QList<int>{1, 2, 3}));
}

void ViewWorkerTest::cancelledRequestsTellTheJobAndDeliverNothing() {
    ViewWorker worker;
    ViewChannel channel(worker);
    QSemaphore begun, sawTheFlag;
    bool delivered = false;
    channel.request(
        [&](const Cancelled& cancelled) {
            begun.release();
            while (!cancelled)
                QThread::yieldCurrentThread();
            sawTheFlag.release();
            return 0;
        },
        [&](int) { delivered = true; });
    begun.acquire();
    channel.cancel();
    QVERIFY(!channel.busy());
    sawTheFlag.acquire();
    // What comes through the same worker afterwards has overtaken nothing.
    bool later = false;
    ViewChannel other(worker);
    other.request(give(1), [&](int) { later = true; });
    QTRY_VERIFY(later);
    QVERIFY(!delivered);
}

void ViewWorkerTest::aRequestAfterACancelIsDelivered() {
    ViewWorker worker;
    ViewChannel channel(worker);
    Gate gate;
    QList<int> delivered;
    const auto deliver = [&](int result) { delivered << result; };
    channel.request(gate.job(1), deliver);
    gate.begun.acquire();
    channel.cancel();
    channel.request(give(2), deliver);
    gate.go.release();
    QTRY_VERIFY(!channel.busy());
    QCOMPARE(delivered, QList<int>{2});
}

void ViewWorkerTest::survivesAChannelThatDiesWhileItsJobRuns() {
    ViewWorker worker;
    Gate gate;
    bool delivered = false;
    {
        ViewChannel channel(worker);
        channel.request(gate.job(1), [&](int) { delivered = true; });
        gate.begun.acquire();
    }
    gate.go.release();
    ViewChannel other(worker);
    bool later = false;
    other.request(give(2), [&](int) { later = true; });
    QTRY_VERIFY(later);
    QVERIFY(!delivered);
}

void ViewWorkerTest::aJobThatThrowsIsToldAndTheNextOneRuns() {
    ViewWorker worker;
    ViewChannel channel(worker);
    QSignalSpy failed(&channel, &ViewChannel::failed);
    bool delivered = false;
    channel.request([](const Cancelled&) -> int { throw std::runtime_error("no room"); },
                    [&](int) { delivered = true; });
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(failed[0][0].toString(), QString("no room"));
    QVERIFY(!delivered && !channel.busy());
    channel.request(give(1), [&](int) { delivered = true; });
    QTRY_VERIFY(delivered);
}

void ViewWorkerTest::endsWhileAJobRuns() {
    QSemaphore begun;
    auto worker = std::make_unique<ViewWorker>();
    ViewChannel channel(*worker);
    bool delivered = false;
    channel.request(
        [&](const Cancelled& cancelled) {
            begun.release();
            while (!cancelled)
                QThread::yieldCurrentThread();
            return 0;
        },
        [&](int) { delivered = true; });
    begun.acquire();
    worker.reset();
    QCoreApplication::processEvents();
    QVERIFY(!delivered);
    QVERIFY(!channel.due()); // nobody is there to serve it
    channel.request(give(1), [](int) {});
}

void ViewWorkerTest::refreshesMoreSeldomAsPicturesBecomeExpensive() {
    constexpr int expensive = 100;          // ms
    constexpr int shortest = 50, share = 3; // of ViewWorker: a third of one thread
    ViewWorker worker;
    QCOMPARE(worker.interval(), shortest);
    ViewChannel channel(worker);
    bool done = false;
    channel.request(
        [](const Cancelled&) {
            QThread::msleep(expensive);
            return 0;
        },
        [&](int) { done = true; });
    QTRY_VERIFY(done);
    QVERIFY2(worker.interval() >= share * expensive, qPrintable(QString::number(worker.interval())));
}

void ViewWorkerTest::isNotDueWhileBusyOrTooSoon() {
    ViewWorker worker;
    ViewChannel channel(worker);
    QVERIFY(channel.due());
    Gate gate;
    channel.request(gate.job(1), [](int) {});
    QVERIFY(!channel.due());
    gate.go.release();
    QTRY_VERIFY(channel.due());
}

void ViewWorkerTest::survivesAStormOfRequestsAndCancels() {
    constexpr int requests = 2000;
    ViewWorker worker(2);
    std::vector<std::unique_ptr<ViewChannel>> channels;
    for (int c = 0; c < 8; ++c)
        channels.push_back(std::make_unique<ViewChannel>(worker));
    std::vector<int> newest(channels.size(), -1);
    for (int k = 0; k < requests; ++k) {
        const auto c = static_cast<std::size_t>(k) % channels.size();
        channels[c]->request(give(k), [&, c](int result) {
            QVERIFY2(result > newest[c], "an older result came after a newer one");
            newest[c] = result;
        });
        if (k % 7 == 0) channels[(c + 3) % channels.size()]->cancel();
        if (k % 5 == 0) QCoreApplication::processEvents();
    }
    for (std::size_t c = 0; c < channels.size(); ++c)
        channels[c]->request(give(requests + 1), [&, c](int result) { newest[c] = result; });
    for (const int& result : newest)
        QTRY_COMPARE(result, requests + 1);
}

QTEST_GUILESS_MAIN(ViewWorkerTest)
#include "view_worker_test.moc"
