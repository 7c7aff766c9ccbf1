// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/history_csv.h"

#include "tests/support/input_errors.h"

#include <QtTest>

#include <cmath>

using namespace kappascope;

namespace {

const SeriesKey loss{"train_loss"};
const SeriesKey firstLayer{"gradient_norm", 0};

QStringList linesOf(const QString& file) {
    QFile csv(file);
    if (!csv.open(QIODevice::ReadOnly)) return {};
    return QString::fromUtf8(csv.readAll()).split('\n', Qt::SkipEmptyParts);
}

void push(History& history, const SeriesKey& key, std::int64_t step, double value) {
    const History::Sample sample{step, value};
    history.push(key, {&sample, 1});
}

} // namespace

class HistoryCsvTest : public QObject {
    Q_OBJECT
private slots:
    void oneValueARowInOrder() {
        const auto a = std::make_shared<History>(), b = std::make_shared<History>();
        for (std::int64_t step = 0; step < 2; ++step) {
            push(*b, loss, step, 3);
            push(*a, loss, step, 0.5);
            push(*a, firstLayer, step, 2);
        }
        HistoryCsv csv(path(), Precision::Float64);
        csv.append({{1, "A", a}, {2, "B", b}});
        csv.finish();
        QCOMPARE(linesOf(file()),
                 (QStringList{"run,step,metric,layer,value", "A,0,gradient_norm,0,2", "A,0,train_loss,,0.5",
                              "B,0,train_loss,,3", "A,1,gradient_norm,0,2", "A,1,train_loss,,0.5",
                              "B,1,train_loss,,3"}));
    }

    void severalCallsGiveTheSameRowsAsOne() {
        const auto a = std::make_shared<History>(), b = std::make_shared<History>();
        HistoryCsv parts(path(), Precision::Float64);
        for (std::int64_t step = 0; step < 100; ++step) {
            push(*a, loss, step, std::sin(step));
            if (step % 10 == 0) push(*b, firstLayer, step, std::cos(step));
            if (step % 7 == 6) parts.append({{1, "A", a}, {2, "B", b}});
        }
        parts.append({{1, "A", a}, {2, "B", b}});
        parts.append({{1, "A", a}, {2, "B", b}}); // nothing is new
        parts.finish();
        const QStringList inParts = linesOf(file());
        HistoryCsv whole(path(), Precision::Float64);
        whole.append({{1, "A", a}, {2, "B", b}});
        whole.finish();
        QCOMPARE(inParts.size(), 111);
        QCOMPARE(inParts, linesOf(file()));
    }

    void nothingIsLostWhileAppendIsCalledInTime() {
        const auto history = std::make_shared<History>(1 << 16); // far less than what is pushed
        HistoryCsv csv(path(), Precision::Float64);
        std::int64_t step = 0;
        for (int call = 0; call < 500; ++call) {
            for (int i = 0; i < 100; ++i, ++step)
                push(*history, loss, step, static_cast<double>(step) / 3);
            csv.append({{1, "A", history}});
        }
        csv.finish();
        QCOMPARE(csv.missed(), std::int64_t{0});
        const QStringList lines = linesOf(file());
        QCOMPARE(lines.size(), step + 1);
        for (qsizetype i = 1; i < lines.size(); ++i)
            QCOMPARE(lines[i].section(',', 4).toDouble(), static_cast<double>(i - 1) / 3);
    }

    void whatCameTooLateIsCounted() {
        const auto history = std::make_shared<History>(1 << 16);
        for (std::int64_t step = 0; step < 100'000; ++step)
            push(*history, loss, step, 1);
        HistoryCsv csv(path(), Precision::Float64);
        csv.append({{1, "A", history}});
        csv.finish();
        QVERIFY(csv.missed() > 0);
        QCOMPARE(csv.missed() + linesOf(file()).size() - 1, std::int64_t{100'000});
    }

    void runsKeepTheirPlaceThroughRenames() {
        const auto history = std::make_shared<History>();
        HistoryCsv csv(path(), Precision::Float64);
        push(*history, loss, 0, 1);
        csv.append({{1, "old", history}});
        push(*history, loss, 1, 2);
        csv.append({{1, "new", history}});
        csv.finish();
        QCOMPARE(linesOf(file()).mid(1), (QStringList{"old,0,train_loss,,1", "new,1,train_loss,,2"}));
    }

    void theFileAppearsWhenItIsFinished() {
        const QString unfinished = folder_.filePath("unfinished.csv");
        {
            HistoryCsv csv(unfinished.toStdString(), Precision::Float64);
            QVERIFY(!QFile::exists(unfinished));
            QVERIFY(QFile::exists(unfinished + ".part"));
        }
        QVERIFY(!QFile::exists(unfinished + ".part")); // given up
    }

    void aFullDiskIsNamed() {
        const auto history = std::make_shared<History>();
        for (std::int64_t step = 0; step < 20'000; ++step)
            push(*history, loss, step, 1.0 / 3);
        const QString error = test::inputErrorOf([&] {
            HistoryCsv csv("/dev/full", Precision::Float64);
            csv.append({{1, "A", history}});
            csv.finish();
        });
        QCOMPARE(error, QString("/dev/full: cannot be written: No space left on device."));
    }

private:
    QString file() const { return folder_.filePath("history.csv"); }
    std::filesystem::path path() const { return file().toStdString(); }

    QTemporaryDir folder_;
};

QTEST_APPLESS_MAIN(HistoryCsvTest)
#include "history_csv_test.moc"
