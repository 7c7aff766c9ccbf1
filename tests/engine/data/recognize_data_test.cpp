// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/recognize_data.h"

#include "engine/data/data_catalog.h"

#include "tests/support/image_files.h"
#include "tests/support/png_file.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

const std::string images = idxFile({2, 1, 2}, {1, 2, 3, 4});

/// Of a file that is made for it in a folder of its own.
QString setOf(const std::string& name, const std::string& content) {
    const Folder folder;
    return QString::fromStdString(recognizeDataSet(folder.write(name, content)));
}

} // namespace

class RecognizeDataTest : public QObject {
    Q_OBJECT
private slots:
    void filesAreToldByWhatIsInThem() {
        QCOMPARE(setOf("anything", images), "idx");
        QCOMPARE(setOf("train-images-idx3-ubyte.gz", gzipped(images)), "idx");
        QCOMPARE(setOf("table.csv", "a,b\n1,2\n"), "csv");
        QCOMPARE(setOf("table.csv.gz", gzipped("a,b\n1,2\n")), "csv");
        QCOMPARE(setOf("nothing", {}), "csv");
        QCOMPARE(setOf("cat", greyPng(2, 2, 1)), "image_folder"); // which will ask for a folder
    }

    void cifarIsToldByNameOrSize() {
        QCOMPARE(setOf("data_batch_4.bin", cifarFile({{1}})), "cifar10");
        QCOMPARE(setOf("test_batch.bin", cifarFile({{1}})), "cifar10");
        QCOMPARE(setOf("train.bin", cifarFile({{1, 2}})), "cifar100");
        QCOMPARE(setOf("some.bin", cifarFile({{1}})), "cifar10");
        QCOMPARE(setOf("some.bin", cifarFile({{1, 2}})), "cifar100");
        QCOMPARE(setOf("cifar-10-binary.tar.gz", gzipped("...")), "cifar10"); // which will say to unpack it
        QCOMPARE(setOf("CIFAR-100-binary.tar.gz", gzipped("...")), "cifar100");
    }

    void foldersAreToldByTheirFiles() {
        const Folder folder;
        const auto recognized = [&](const std::string& path) {
            return QString::fromStdString(recognizeDataSet(folder.path() / path));
        };
        folder.write("digits/train-images-idx3-ubyte", images);
        folder.write("ten/data_batch_1.bin", cifarFile({{1}}));
        folder.write("hundred/train.bin", cifarFile({{1, 2}}));
        folder.write("unpacked/cifar-100-binary/train.bin", cifarFile({{1, 2}}));
        folder.write("pets/cat/1.png", greyPng(2, 2, 1));
        folder.write("pets/.git/notes", "");
        std::filesystem::create_directory(folder.path() / "empty");
        QCOMPARE(recognized("digits"), "idx");
        QCOMPARE(recognized("ten"), "cifar10");
        QCOMPARE(recognized("hundred"), "cifar100");
        QCOMPARE(recognized("unpacked"), "cifar100");
        QCOMPARE(recognized("pets"), "image_folder");
        QCOMPARE(recognized("empty"), "idx");
        QCOMPARE(recognized("none"), "csv"); // whose reader says that there is no such file
        for (const char* path : {"digits", "ten", "hundred", "pets"})
            QVERIFY(dataCatalog().find(recognizeDataSet(folder.path() / path)));
    }
};

QTEST_APPLESS_MAIN(RecognizeDataTest)
#include "recognize_data_test.moc"
