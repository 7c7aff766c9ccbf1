// SPDX-License-Identifier: GPL-3.0-or-later
// Real input, end to end: the command line program trains on all of MNIST. Skipped where `./dev data mnist`
// has not been run.

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

class MnistTest : public QObject {
    Q_OBJECT
private slots:
    void threeEpochsPassNinetySixPercent() {
        const QString images = QStandardPaths::locate(
            QStandardPaths::GenericDataLocation, QStringLiteral("kappascope/mnist/train-images-idx3-ubyte"));
        if (images.isEmpty()) QSKIP("MNIST is not in the user's data folder: run ./dev data mnist");
        const QTemporaryDir out;
        QProcess program;
        program.start(QStringLiteral(KAPPASCOPE_BINARY_DIR "/app/kappascope-cli"),
                      {"train", "mnist", "--steps", "3000", "--quiet", "--out", out.path()});
        QVERIFY2(program.waitForFinished(-1), qPrintable(program.errorString()));
        QVERIFY2(program.exitCode() == 0, program.readAllStandardError());

        QFile file(out.filePath("summary.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonArray runs = QJsonDocument::fromJson(file.readAll()).object()["runs"].toArray();
        QCOMPARE(runs.size(), 3);
        for (const auto& run : runs) {
            const double accuracy = run.toObject()["last"].toObject()["test_accuracy"].toDouble();
            QVERIFY2(accuracy > 0.96, qPrintable(run.toObject()["name"].toString() + ": test accuracy " +
                                                 QString::number(accuracy)));
        }
    }
};

QTEST_APPLESS_MAIN(MnistTest)
#include "mnist_test.moc"
