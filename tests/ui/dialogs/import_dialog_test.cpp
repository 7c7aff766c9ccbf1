// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/import_dialog.h"

#include "tests/support/image_files.h"
#include "tests/support/window_sandbox.h"
#include "ui/panels/form/form_combo.h"
#include "ui/panels/form/parameter_form.h"
#include "ui/widgets/image_strip.h"
#include "ui/widgets/switch_button.h"

#include <QComboBox>
#include <QDir>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>

using namespace kappascope;
using namespace kappascope::ui;
using test::settle;

namespace {

QByteArray table() {
    QByteArray text = "height;width;kind\n";
    for (int i = 0; i < 40; ++i)
        text += QByteArray::number(i % 7) + ';' + QByteArray::number(100 * (i % 5)) + ';' +
                (i % 2 ? "plum" : "pear") + '\n';
    return text;
}

QByteArray bigEndian(quint32 value) {
    QByteArray bytes;
    for (const int shift : {24, 16, 8, 0})
        bytes += static_cast<char>((value >> shift) & 0xff);
    return bytes;
}

} // namespace

class ImportDialogTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        session_ = std::make_unique<Session>(test::oneThread);
        session_->open(test::smallExperiment(), false);
        QVERIFY(settle(*session_));
    }
    void cleanup() { session_.reset(); }

    void aTableIsPreviewedAndImportedAsOneUndo() {
        const Experiment before = session_->experiment();
        ImportDialog dialog(*session_, sandbox_.write("fruit.csv", table()));
        QTRY_VERIFY(dialog.isReady());
        auto* preview = dialog.findChild<QTableWidget*>();
        QCOMPARE(preview->columnCount(), 3);
        QCOMPARE(preview->horizontalHeaderItem(0)->text(), QString("height"));
        QCOMPARE(preview->item(0, 2)->text(), QString("pear"));
        QVERIFY(dialog.findChild<QLabel*>("summary")->text().startsWith("40 rows, 3 columns, separated by "));
        const QString target = preview->horizontalHeaderItem(2)->text();
        QVERIFY(preview->columnWidth(2) > preview->fontMetrics().horizontalAdvance(target));
        dialog.findChild<SwitchButton*>("standardize")->click();
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        dialog.accept();
        QTRY_COMPARE(accepted.size(), 1);
        QVERIFY(settle(*session_));
        QVERIFY2(session_->status().failure.empty(), session_->status().failure.c_str());
        QCOMPARE(session_->data()->train.features(), Index{2});
        QCOMPARE(session_->data()->train.classNames, (std::vector<std::string>{"pear", "plum"}));
        QVERIFY(session_->experiment().data.standardize);
        QCOMPARE(session_->experiment().name, std::string("fruit"));
        session_->step(3);
        QVERIFY(settle(*session_));
        QCOMPARE(session_->status().step, 3);
        session_->undoStack()->undo();
        session_->laboratory().wait();
        QCOMPARE(session_->laboratory().experiment(), before);
    }
    void aNumberAsTargetIsARegressionWithALossThatFits() {
        ImportDialog dialog(*session_, sandbox_.write("fruit.csv", table()));
        QTRY_VERIFY(dialog.isReady());
        auto* target = dialog.findChild<QComboBox*>("target");
        QVERIFY(dialog.findChild<QTableWidget*>()->horizontalHeaderItem(2)->text().contains("target"));
        target->setCurrentText("height");
        emit target->activated(target->currentIndex());
        auto* import = dialog.findChild<QPushButton*>("importButton");
        QVERIFY(!import->isEnabled()); // it is read again
        QTRY_VERIFY(import->isEnabled());
        auto* preview = dialog.findChild<QTableWidget*>();
        QVERIFY(preview->horizontalHeaderItem(0)->text().contains("target"));
        QVERIFY(!preview->horizontalHeaderItem(2)->text().contains("target"));
        auto* ignored = qobject_cast<QLineEdit*>(dialog.options()->control("ignore"));
        ignored->setText("kind");
        ignored->setModified(true);
        emit ignored->editingFinished();
        auto* task = qobject_cast<FormCombo*>(dialog.options()->control("task"));
        emit task->activated(task->findData("regression"));
        QTRY_VERIFY(dialog.isReady());
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        dialog.accept();
        QTRY_COMPARE(accepted.size(), 1);
        QVERIFY(settle(*session_));
        QVERIFY2(session_->status().failure.empty(), session_->status().failure.c_str());
        QCOMPARE(session_->data()->train.task, Task::Regression);
    }
    void whatIsWrongIsSaidInTheDialogAndChangesNothing_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("expected");
        QTest::newRow("empty") << QByteArray() << "broken.csv";
        QTest::newRow("ragged") << QByteArray("a,b,c\n1,2,x\n1,2\n") << "line 3";
        QTest::newRow("missing value") << QByteArray("a,b,c\n1,,x\n2,3,y\n1,2,x\n2,3,y\n") << "line 2";
        QTest::newRow("text among numbers") << QByteArray("a,b,c\n1,2,x\n2,oops,y\n1,2,x\n2,3,y\n") << "oops";
    }
    void whatIsWrongIsSaidInTheDialogAndChangesNothing() {
        QFETCH(QByteArray, content);
        QFETCH(QString, expected);
        const Experiment before = session_->experiment();
        ImportDialog dialog(*session_, sandbox_.write("broken.csv", content));
        QSignalSpy previewed(&dialog, &ImportDialog::previewed);
        QTRY_VERIFY(!previewed.isEmpty());
        if (dialog.problem().isEmpty()) {
            previewed.clear();
            dialog.accept();
            QTRY_VERIFY(!previewed.isEmpty());
        }
        QVERIFY2(dialog.problem().contains(expected), qPrintable(dialog.problem()));
        QVERIFY(!dialog.findChild<QPushButton*>("importButton")->isEnabled());
        QVERIFY(dialog.result() != QDialog::Accepted);
        QCOMPARE(session_->experiment(), before);
    }
    void imagesAreRecognizedPreviewedAndImported() {
        constexpr int count = 30, side = 4;
        QByteArray images =
            QByteArray("\0\0\x08\x03", 4) + bigEndian(count) + bigEndian(side) + bigEndian(side);
        QByteArray labels = QByteArray("\0\0\x08\x01", 4) + bigEndian(count);
        for (int i = 0; i < count; ++i) {
            images += QByteArray(side * side, static_cast<char>(i % 3 * 80 + i));
            labels += static_cast<char>(i % 3);
        }
        const QString file = sandbox_.write("train-images-idx3-ubyte", images);
        sandbox_.write("train-labels-idx1-ubyte", labels);
        ImportDialog dialog(*session_, file);
        QTRY_VERIFY2(dialog.isReady(), qPrintable(dialog.problem()));
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        dialog.accept();
        QTRY_COMPARE(accepted.size(), 1);
        QVERIFY(settle(*session_));
        QVERIFY2(session_->status().failure.empty(), session_->status().failure.c_str());
        QCOMPARE(session_->data()->train.features(), Index{side * side});
        QCOMPARE(session_->data()->train.classes(), Index{3});
    }
    void cifarIsRecognizedPreviewedAndImported() {
        const std::string records = test::cifarFile({{0}, {3}, {9}, {3}, {5}, {7}});
        const QString file = sandbox_.write("data_batch_2.bin", QByteArray::fromStdString(records));
        ImportDialog dialog(*session_, file);
        QTRY_VERIFY2(dialog.isReady(), qPrintable(dialog.problem()));
        QCOMPARE(dialog.findChild<QLabel*>("summary")->text(),
                 QString("CIFAR-10: images of 32 × 32 pixels in colour, 10 classes; the first ones:"));
        importWith(dialog);
        QVERIFY(session_->data()->train.image == (ImageShape{3, 32, 32}));
        QCOMPARE(session_->experiment().data.set, std::string("cifar10"));
    }
    void foldersOfPicturesAreRecognizedPreviewedAndImported() {
        for (const char* kind : {"pets/cat", "pets/dog"}) {
            QVERIFY(QDir(sandbox_.file(".")).mkpath(kind));
            for (int n = 0; n < 6; ++n) {
                QImage picture(5, 4, QImage::Format_RGB888); // Qt writes them
                picture.fill(QColor(10 * n, 200, 30));
                QVERIFY(picture.save(sandbox_.file(QString("%1/%2.png").arg(kind).arg(n))));
            }
        }
        ImportDialog dialog(*session_, sandbox_.file("pets"));
        QTRY_VERIFY2(dialog.isReady(), qPrintable(dialog.problem()));
        QCOMPARE(dialog.findChild<QLabel*>("summary")->text(),
                 QString("PNG folders: images of 5 × 4 pixels in colour, 2 classes; the first ones:"));
        // The colour is in the preview, as it is in the files.
        auto* strip = dialog.findChild<ImageStrip*>();
        strip->resize(300, 100);
        QCOMPARE(strip->grab().toImage().pixelColor(22, 22).green(), 200);
        importWith(dialog);
        QCOMPARE(session_->data()->train.classNames, (std::vector<std::string>{"cat", "dog"}));
        QCOMPARE(session_->experiment().name, std::string("pets"));
        session_->step(3);
        QVERIFY(settle(*session_));
        QCOMPARE(session_->status().step, 3);
    }

private:
    void importWith(ImportDialog& dialog) {
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        dialog.accept();
        QTRY_COMPARE(accepted.size(), 1);
        QVERIFY(settle(*session_));
        QVERIFY2(session_->status().failure.empty(), session_->status().failure.c_str());
    }

    test::WindowSandbox sandbox_;
    std::unique_ptr<Session> session_;
};

QTEST_MAIN(ImportDialogTest)
#include "import_dialog_test.moc"
