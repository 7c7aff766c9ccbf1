// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/action_search.h"

#include "tests/support/window_sandbox.h"
#include "ui/dialogs/shortcuts_dialog.h"
#include "ui/window/action_set.h"

#include <QLineEdit>
#include <QListWidget>
#include <QTest>
#include <QTreeWidget>

using namespace kappascope::ui;

class ActionSearchTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        window_ = std::make_unique<QWidget>();
        actions_ = new ActionSet(window_.get());
        for (const char* name : {"Open recent", "Save", "Restart, same seeds", "Reset layout"})
            actions_->add(QString("file.%1").arg(name), name, {}, "help", [this, name] { ran_ = name; });
        actions_->add("run.play", "&Play or pause", {Qt::Key_Space}, "help", [this] { ran_ = "play"; });
        ran_.clear();
    }

    void betterMatchesComeFirst() {
        QVERIFY(matchQuality("Save", "sav") > matchQuality("Restart, same seeds", "sa"));
        QVERIFY(matchQuality("Restart, same seeds", "sam") > matchQuality("Unsaved", "sav"));
        QVERIFY(matchQuality("Reset layout", "rlay") > 0);
        QCOMPARE(matchQuality("Save", "xyz"), 0);
    }
    void typingAndReturnRunTheCommand() {
        ActionSearch search(*actions_, window_.get());
        search.open();
        QTest::keyClicks(search.field(), "layout");
        QCOMPARE(search.list()->count(), 1);
        QTest::keyClick(search.field(), Qt::Key_Return);
        QCOMPARE(ran_, QString("Reset layout"));
        QVERIFY(!search.isVisible());
    }
    void theArrowKeysSkipWhatCannotBeRun() {
        actions_->find("file.Save")->setEnabled(false);
        ActionSearch search(*actions_, window_.get());
        search.open();
        QTest::keyClick(search.field(), Qt::Key_Down); // from "Open recent" over "Save"
        QTest::keyClick(search.field(), Qt::Key_Return);
        QCOMPARE(ran_, QString("Restart, same seeds"));
    }
    void theListOfShortcutsHoldsEveryKey() {
        const ShortcutsDialog dialog(*actions_);
        QStringList lines;
        for (QTreeWidgetItemIterator it(dialog.findChild<QTreeWidget*>()); *it; ++it)
            lines << (*it)->text(0) + '|' + (*it)->text(1);
        QVERIFY(lines.contains("Play or pause|Space"));
    }

private:
    kappascope::test::WindowSandbox sandbox_;
    std::unique_ptr<QWidget> window_;
    ActionSet* actions_ = nullptr;
    QString ran_;
};

QTEST_MAIN(ActionSearchTest)
#include "action_search_test.moc"
