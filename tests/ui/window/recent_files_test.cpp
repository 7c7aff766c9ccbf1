// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recent_files.h"

#include "tests/support/window_sandbox.h"

#include <QMenu>
#include <QTest>

using namespace kappascope::ui;

class RecentFilesTest : public QObject {
    Q_OBJECT
private slots:
    void init() { RecentFiles::clear(); }

    void theNewestIsFirstAndStandsOnce() {
        const QString a = sandbox_.write("a.kappa", "{}"), b = sandbox_.write("b.kappa", "{}");
        RecentFiles::add(a);
        RecentFiles::add(b);
        RecentFiles::add(a);
        QCOMPARE(RecentFiles::list(), QStringList({a, b}));
    }
    void missingFilesAreSkipped() {
        const QString gone = sandbox_.write("gone.kappa", "{}");
        RecentFiles::add(gone);
        QFile::remove(gone);
        QVERIFY(RecentFiles::list().isEmpty());
    }
    void tenAreKept() {
        for (int i = 0; i < 12; ++i)
            RecentFiles::add(sandbox_.write(QString("%1.kappa").arg(i), "{}"));
        QCOMPARE(RecentFiles::list().size(), RecentFiles::most);
        QVERIFY(RecentFiles::list().front().endsWith("11.kappa"));
    }
    void theMenuOpensThem() {
        const QString file = sandbox_.write("a.kappa", "{}");
        RecentFiles::add(file);
        QMenu menu;
        QString opened;
        RecentFiles::attachTo(menu, [&](const QString& path) { opened = path; });
        emit menu.aboutToShow();
        menu.actions().front()->trigger();
        QCOMPARE(opened, file);
        menu.actions().back()->trigger();
        QVERIFY(RecentFiles::list().isEmpty());
    }

private:
    kappascope::test::WindowSandbox sandbox_;
};

QTEST_MAIN(RecentFilesTest)
#include "recent_files_test.moc"
