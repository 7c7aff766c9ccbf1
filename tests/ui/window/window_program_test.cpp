// SPDX-License-Identifier: GPL-3.0-or-later
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

struct Outcome {
    int status = -1;
    QString errors;
};

/// The window's program itself, on no screen.
Outcome run(const QStringList& arguments) {
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("QT_QPA_PLATFORM", "offscreen");
    const QTemporaryDir home; // neither settings nor sessions of whoever runs this
    for (const char* folder : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"})
        environment.insert(folder, home.path());
    program.setProcessEnvironment(environment);
    program.start(QStringLiteral(KAPPASCOPE_BINARY_DIR "/app/kappascope"), arguments);
    if (!program.waitForFinished(600'000)) program.kill();
    program.waitForFinished();
    return {program.exitStatus() == QProcess::NormalExit ? program.exitCode() : -1,
            QString::fromUtf8(program.readAllStandardError())};
}

} // namespace

/// The options of the window's command line: what they refuse, with which words, and the pictures they make.
class WindowProgramTest : public QObject {
    Q_OBJECT

private slots:
    void wrongOptionsAreNamed_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("words");
        const auto row = [](const char* name, const QStringList& arguments, const QStringList& words) {
            QTest::newRow(name) << arguments << words;
        };
        row("unknown plot", {"--plots", "los"}, {"--plots", "'los'", "loss"});
        row("plot among others", {"--plots", "loss,sharpnes"}, {"--plots", "'sharpnes'"});
        row("layer 0", {"--plots", "condition_number@0"}, {"--plots", "'0'", "condition_number@2"});
        row("no layer", {"--plots", "condition_number@first"}, {"'first'", "whole"});
        row("direction 0", {"--direction", "0"}, {"--direction", "'0'", "whole number from 1"});
        row("direction in words", {"--direction", "top"}, {"--direction", "'top'"});
        row("no panel", {"--panel-alone"}, {"--panel-alone", "--panel"});
        row("unknown panel", {"--panel", "spectra"}, {"--panel", "'spectra'", "spectrum", "hessian"});
        row("unknown option", {"--plot", "loss"}, {"plot", "--help"});
        row("size", {"--screenshot", "x.png", "--size", "wide"}, {"--size", "'wide'", "1440x900"});
        row("steps", {"--screenshot", "x.png", "--steps", "0"}, {"--steps", "'0'"});
    }
    void wrongOptionsAreNamed() {
        QFETCH(const QStringList, arguments);
        QFETCH(const QStringList, words);
        const Outcome outcome = run(arguments);
        QCOMPARE(outcome.status, 2);
        for (const QString& word : words)
            QVERIFY2(outcome.errors.contains(word), qPrintable(outcome.errors));
    }

    void aPictureIsOfTheWindowOrOfAPanelAlone() {
        const QTemporaryDir folder;
        const auto picture = [&folder](const char* name, const QStringList& options) {
            const QString file = folder.filePath(QString::fromLatin1(name));
            const Outcome outcome =
                run(QStringList{"--screenshot", file, "--size", "1200x760", "--steps", "5"} + options);
            return outcome.status == 0 ? QImage(file) : QImage();
        };
        const QImage window = picture("window.png", {"--panel", "spectrum"});
        QCOMPARE(window.size(), QSize(1200, 760));
        const QStringList alone{"--panel", "spectrum", "--panel-alone"};
        const QImage panel = picture("panel.png", alone);
        QVERIFY(!panel.isNull());
        QVERIFY(panel.width() < window.width() && panel.height() < window.height());
        QVERIFY(!picture("direction.png", alone + QStringList{"--direction", "1"}).isNull());
        QVERIFY(!picture("plots.png", {"--plots", "loss,condition_number@2,condition_number@whole,"
                                                  "condition_number_average,stability_edge"})
                     .isNull());
    }
};

QTEST_GUILESS_MAIN(WindowProgramTest)
#include "window_program_test.moc"
