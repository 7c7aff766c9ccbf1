// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/message_bar.h"

#include "tests/support/window_sandbox.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace kappascope::ui;
using Kind = MessageBar::Kind;

class MessageBarTest : public QObject {
    Q_OBJECT
private slots:
    void aNewerMessageTakesTheOldersPlace() {
        MessageBar bar;
        bar.show(Kind::Error, "file", "first");
        bar.show(Kind::Error, "file", "second");
        bar.show(Kind::Notice, "other", "third");
        QCOMPARE(bar.texts(), QStringList({"second", "third"}));
    }
    void theCrossDismisses() {
        MessageBar bar;
        QSignalSpy empty(&bar, &MessageBar::emptyChanged);
        bar.show(Kind::Error, "file", "text");
        bar.findChild<QToolButton*>("dismiss")->click();
        QVERIFY(bar.texts().isEmpty());
        QCOMPARE(empty, QList<QVariantList>({{false}, {true}}));
    }
    void aChoiceActsAndDismisses() {
        MessageBar bar;
        int restored = 0;
        bar.show(Kind::Notice, "recovery", "text", {{"Restore", [&] { ++restored; }}, {"Discard", [] {}}});
        bar.findChild<QPushButton*>()->click();
        QCOMPARE(restored, 1);
        QVERIFY(bar.texts().isEmpty());
    }
    void dismissingWhatIsNotThereDoesNothing() {
        MessageBar bar;
        bar.dismiss("nothing");
        bar.dismissAll();
        QVERIFY(bar.texts().isEmpty());
    }

private:
    kappascope::test::WindowSandbox sandbox_;
};

QTEST_MAIN(MessageBarTest)
#include "message_bar_test.moc"
