// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/about_dialog.h"

#include "tests/support/window_sandbox.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>

using namespace kappascope::ui;

class AboutDialogTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }

    void everyLibraryStandsWithItsVersionAndLicence_data() {
        QTest::addColumn<QString>("licence");
        QTest::newRow("Qt") << "LGPL-3.0";
        QTest::newRow("QCustomPlot") << "GPL-3.0-or-later";
        QTest::newRow("Eigen") << "MPL-2.0";
        QTest::newRow("Spectra") << "MPL-2.0";
        QTest::newRow("Highway") << "Apache-2.0";
        QTest::newRow("JSON for Modern C++") << "MIT";
        QTest::newRow("CLI11") << "BSD-3-Clause";
        QTest::newRow("zlib") << "Zlib";
        QTest::newRow("libpng") << "libpng-2.0";
    }
    void everyLibraryStandsWithItsVersionAndLicence() {
        QFETCH(QString, licence);
        const QString name = QTest::currentDataTag();
        const AboutDialog dialog(3);
        const QString html = page(dialog, "Licences")->property("text").toString();
        const QRegularExpression entry(
            QStringLiteral("<li>%1 \\d+(\\.\\d+)+ \\(%2\\)</li>")
                .arg(QRegularExpression::escape(name), QRegularExpression::escape(licence)));
        QVERIFY2(html.contains(entry), qPrintable(html));
        const QRegularExpression version(
            QStringLiteral("\\b%1 \\d+(\\.\\d+)+").arg(QRegularExpression::escape(name)));
        QVERIFY2(versionDetails(3).contains(version), qPrintable(versionDetails(3)));
    }
    void theProgramsOwnLicenceAndThatOfTheData() {
        const AboutDialog dialog(3);
        const QString html = page(dialog, "Licences")->property("text").toString();
        QVERIFY(html.contains("GNU General Public License, version 3 or later"));
        QVERIFY(html.contains("CC BY 4.0"));
    }
    void versionsNameProgramMachineAndThreads() {
        const QString text = versionDetails(3);
        QVERIFY(text.contains("Kappascope " KAPPASCOPE_VERSION));
        QVERIFY(text.contains(QString::fromLatin1(qVersion())));
        QVERIFY(text.contains(QSysInfo::buildAbi()));
        QVERIFY(text.contains("3 training threads"));
    }
    void theCitationNamesMethodAndProgram() {
        const QString text = citation();
        QCOMPARE(text.count('{'), text.count('}'));
        for (const char* part : {"@article{", "Lange, Susanna and Helfrich, Kyle and Ye, Qiang", "{23}",
                                 "{72}", "1--41", "2022", "@software{kappascope", KAPPASCOPE_VERSION})
            QVERIFY2(text.contains(QLatin1String(part)), part);
    }
    void citationAndVersionsAreCopied() {
        AboutDialog dialog(3);
        dialog.show();
        auto* tabs = dialog.findChild<QTabWidget*>();
        for (const auto& [title, expected] : {std::pair(QStringLiteral("How to cite"), citation()),
                                              {QStringLiteral("Versions"), versionDetails(3)}}) {
            QWidget* shown = page(dialog, title);
            tabs->setCurrentWidget(shown);
            QCOMPARE(shown->findChild<QPlainTextEdit*>()->toPlainText(), expected);
            QTest::mouseClick(shown->findChild<QPushButton*>(), Qt::LeftButton);
            QCOMPARE(QGuiApplication::clipboard()->text(), expected);
        }
    }

private:
    static QWidget* page(const AboutDialog& dialog, const QString& title) {
        auto* tabs = dialog.findChild<QTabWidget*>();
        for (int k = 0; k < tabs->count(); ++k)
            if (tabs->tabText(k) == title) return tabs->widget(k);
        return nullptr;
    }

    kappascope::test::WindowSandbox sandbox_;
};

QTEST_MAIN(AboutDialogTest)
#include "about_dialog_test.moc"
