// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/session_test.h"
#include "tests/support/window_sandbox.h"
#include "ui/main_window.h"
#include "ui/panels/run_table.h"
#include "ui/plots/plot_panel.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHelpEvent>
#include <QInputDialog>
#include <QMenu>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QTextBrowser>
#include <QWhatsThis>

using namespace kappascope;
using namespace kappascope::ui;

/// Commands of the window that belong to no panel: copy, stop, manual, explain, pin.
class CommandsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init() {
        window_ = std::make_unique<MainWindow>(session_);
        window_->resize(1440, 900);
        window_->show();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    }
    void cleanup() { window_.reset(); }

    void everyKeyIsGivenOnce() {
        QStringList keys;
        for (const QAction* action : window_->actionSet().all())
            for (const QKeySequence& key : action->shortcuts())
                keys << key.toString();
        QStringList once = keys;
        once.removeDuplicates();
        QCOMPARE(keys, once);
        for (const char* usual : {"Ctrl+N",
                                  "Ctrl+O",
                                  "Ctrl+S",
                                  "Ctrl+Shift+S",
                                  "Ctrl+I",
                                  "Ctrl+E",
                                  "Ctrl+P",
                                  "Ctrl+Q",
                                  "Ctrl+Z",
                                  "Ctrl+Shift+Z",
                                  "Ctrl+C",
                                  "Del",
                                  "Ctrl+,",
                                  "Space",
                                  "S",
                                  ".",
                                  "Shift+S",
                                  "Ctrl+R",
                                  "Ctrl+Shift+R",
                                  "Ctrl+D",
                                  "Esc",
                                  "X",
                                  "Y",
                                  "F",
                                  "Home",
                                  "+",
                                  "-",
                                  "L",
                                  "Ctrl++",
                                  "Ctrl+-",
                                  "Ctrl+0",
                                  "F11",
                                  "F5",
                                  "B",
                                  "H",
                                  "F2",
                                  "Shift+F1",
                                  "F1",
                                  "Ctrl+/",
                                  "Ctrl+K"})
            QVERIFY2(keys.contains(QLatin1String(usual)), usual);
    }

    void copyTakesTheRowsOfTheTableElseThePlot() {
        QVERIFY(session_.train(5));
        auto* table = window_->findChild<RunTable*>();
        table->selectRow(0);
        table->copy();
        const QString rows = QGuiApplication::clipboard()->text();
        QVERIFY(rows.contains(QLatin1Char('\t')));
        QGuiApplication::clipboard()->clear();
        window_->activateWindow();
        window_->setFocus();
        window_->actionSet().find("edit.copy")->trigger();
        QVERIFY(QGuiApplication::clipboard()->mimeData()->hasImage());
        window_->docks().reset();
        table->window()->raise();
        table->parentWidget()->show();
        table->setFocus();
        if (QApplication::focusWidget() == table) {
            window_->actionSet().find("edit.copy")->trigger();
            QVERIFY(QGuiApplication::clipboard()->text().startsWith(rows.left(20)));
        }
    }

    void settingsOfARunAreCopiedToAnother() {
        const int plain = session_.idOf("Plain"), bnp = session_.idOf("BNP");
        const RunSpec before = *session_.run(plain);
        QVERIFY(session_.changeRun(bnp, "rate", [](RunSpec& run) { run.learningRate = 0.25; }));
        session_.selectRun(bnp);
        window_->actionSet().find("edit.copySettings")->trigger();
        const QString text = QGuiApplication::clipboard()->text();
        QVERIFY2(text.contains("\"bnp\"") && text.contains("0.25") && !text.contains("BNP"),
                 qPrintable(text));
        session_.selectRun(plain);
        window_->actionSet().find("edit.pasteSettings")->trigger();
        RunSpec expected = *session_.run(bnp); // the methods of the one, the identity of the other
        expected.id = before.id;
        expected.name = before.name;
        expected.color = before.color;
        QVERIFY(*session_.run(plain) == expected);
        session_.laboratory().wait();
        QVERIFY(session_.laboratory().experiment().runs[0] == expected);
        session_.undoStack()->undo();
        QVERIFY(*session_.run(plain) == before);
    }

    void whatIsNoSettingsIsNotPasted_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("why");
        QTest::newRow("prose")
            << "hello"
            << "clipboard: it holds no settings of a run. Copy the settings of a run first.";
        QTest::newRow("list")
            << "[1]"
            << "clipboard: it holds a list, no settings of a run. Copy the settings of a run "
               "first.";
        QTest::newRow("unknown") << R"({"optimiser": "adam"})"
                                 << "clipboard: runs.Plain.optimiser: unknown key. Did you mean 'optimizer'?";
    }

    void whatIsNoSettingsIsNotPasted() {
        QFETCH(QString, text);
        QFETCH(QString, why);
        session_.selectRun(session_.idOf("Plain"));
        const Experiment before = session_.experiment();
        QSignalSpy refused(&session_, &Session::editRefused);
        QGuiApplication::clipboard()->setText(text);
        window_->actionSet().find("edit.pasteSettings")->trigger();
        QCOMPARE(refused.size(), 1);
        QCOMPARE(refused.front().front().toString(), why);
        QVERIFY(session_.experiment() == before);
    }

    void layoutsAreKeptUnderNames() {
        auto* plots = window_->findChild<PlotPanel*>();
        const auto entries = [this] {
            auto* menu = window_->findChild<QMenu*>("savedLayouts");
            emit menu->aboutToShow();
            return menu->actions();
        };
        const auto textsOf = [](const QList<QAction*>& actions) {
            QStringList texts;
            for (const QAction* action : actions)
                texts << action->text();
            return texts;
        };
        QCOMPARE(textsOf(entries()), QStringList{"none yet"});
        plots->restoreLayout({});
        plots->addPlot("update_size");
        const QJsonArray mine = plots->layoutState();
        window_->actionSet().find("view.saveLayout")->trigger();
        auto* dialog = window_->findChild<QInputDialog*>("layoutName");
        QVERIFY(dialog && dialog->isVisible());
        dialog->setTextValue("Mine & ours");
        dialog->accept();
        plots->showStandardPlots();
        QVERIFY(plots->layoutState() != mine);
        QCOMPARE(entries().front()->text(), QString("Mine && ours"));
        entries().front()->trigger();
        QCOMPARE(plots->layoutState(), mine);
        entries().back()->menu()->actions().front()->trigger(); // Remove
        QCOMPARE(textsOf(entries()), QStringList{"none yet"});
    }

    void escapeStops() {
        session_.play();
        QTRY_VERIFY(session_.laboratory().status().playing);
        window_->actionSet().find("run.stop")->trigger();
        QTRY_VERIFY(!session_.laboratory().status().playing);
        QVERIFY(!session_.isPlaying());
    }

    void theManualHasTheTour() {
        window_->actionSet().find("help.manual")->trigger();
        auto* text = window_->findChild<QTextBrowser*>("manual-text");
        QVERIFY(text && text->isVisible());
        QVERIFY(text->toPlainText().contains("A tour"));
        QVERIFY(text->toPlainText().contains("The command line"));
        QVERIFY(text->document()->begin().blockFormat().topMargin() > 0);
    }

    void explainSaysWhatTheToolTipSays() {
        auto* loss = window_->findChild<QWidget*>(
            QStringLiteral("run-%1-loss").arg(QString::fromStdString(session_.experiment().runs[0].name)));
        QVERIFY(loss && !loss->toolTip().isEmpty());
        QHelpEvent asked(QEvent::QueryWhatsThis, {}, {});
        asked.ignore();
        QVERIFY(QApplication::sendEvent(loss, &asked) && asked.isAccepted());
        window_->actionSet().find("help.explain")->trigger();
        QVERIFY(QWhatsThis::inWhatsThisMode());
        QTest::mouseClick(loss, Qt::LeftButton);
        QVERIFY(!QWhatsThis::inWhatsThisMode());
        QWidget* shown = nullptr;
        for (QWidget* widget : QApplication::topLevelWidgets())
            if (widget->inherits("QWhatsThat") && widget->isVisible()) shown = widget;
        QVERIFY(shown);
        QWhatsThis::hideText();
    }

private:
    test::WindowSandbox sandbox_;
    test::PausedSession session_;
    std::unique_ptr<MainWindow> window_;
};

QTEST_MAIN(CommandsTest)
#include "commands_test.moc"
