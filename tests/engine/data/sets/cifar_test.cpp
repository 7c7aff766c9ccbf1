// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"

#include "tests/support/image_files.h"
#include "tests/support/input_errors.h"

#include <QTest>

using namespace kappascope;
using kappascope::test::cifarFile;
using kappascope::test::cifarPixel;
using kappascope::test::Environment;
using kappascope::test::Folder;
using kappascope::test::gzipped;
using kappascope::test::inputErrorOf;

namespace {

/// Two images in each of the five files, and three test images.
void writeSmallCifar10(const Folder& folder, const std::string& prefix = {}) {
    for (int batch = 0; batch < 5; ++batch)
        folder.write(prefix + "data_batch_" + std::to_string(batch + 1) + ".bin",
                     cifarFile({{batch}, {9 - batch}}, 2 * batch));
    folder.write(prefix + "test_batch.bin", cifarFile({{3}, {0}, {9}}, 100));
}

void writeSmallCifar100(const Folder& folder) {
    folder.write("train.bin", cifarFile({{19, 99}, {0, 5}, {3, 42}}));
    folder.write("test.bin", cifarFile({{7, 12}}, 50));
}

DataSpec spec(const std::string& set, const std::filesystem::path& path) {
    DataSpec spec;
    spec.set = set;
    spec.path = path.string();
    return spec;
}

Split load(const DataSpec& spec) {
    return loadData(spec, 1);
}

QString errorOf(const std::string& set, const std::filesystem::path& path) {
    return inputErrorOf([&] { load(spec(set, path)); });
}

QString located(const std::filesystem::path& path, const char* text) {
    return QString::fromStdString(path.string()) + text;
}

void isImage(const Dataset& data, int sample, int image) {
    const auto bytes = data.x.bytesOf(sample);
    QCOMPARE(bytes.size(), std::size_t(3072));
    for (int p = 0; p < 3072; ++p)
        QCOMPARE(int(bytes[static_cast<std::size_t>(p)]), cifarPixel(image, p));
}

} // namespace

class CifarTest : public QObject {
    Q_OBJECT
private slots:
    void aFolderGivesTheFiveFilesInOrderAndTheTestPart() {
        const Folder folder;
        writeSmallCifar10(folder);
        const Split split = load(spec("cifar10", folder.path()));
        QVERIFY(split.train.image == (ImageShape{3, 32, 32}));
        QCOMPARE(split.train.labels, (std::vector<int>{0, 9, 1, 8, 2, 7, 3, 6, 4, 5}));
        QCOMPARE(split.test.labels, (std::vector<int>{3, 0, 9}));
        for (int n = 0; n < 10; ++n)
            isImage(split.train, n, n);
        isImage(split.test, 2, 102);
        QVERIFY(split.train.x.dense()(7, 3) == cifarPixel(3, 7) * (1.0 / 255));
        QCOMPARE(split.train.classNames.size(), std::size_t(10)); // all, though some do not occur
        QCOMPARE(split.train.classNames[6], std::string("frog"));
        QCOMPARE(split.train.name, std::string("cifar10"));
    }

    void mappedAndCopiedFilesAreTheSame() {
        const Folder folder;
        writeSmallCifar10(folder);
        DataSpec mapped = spec("cifar10", folder.path());
        mapped.parameters.set("storage", std::string("mapped"));
        mapped.standardize = true;
        DataSpec copied = mapped;
        copied.parameters.set("storage", std::string("memory"));
        const Split a = load(mapped), b = load(copied);
        QVERIFY(a.train.x.inPlace() && a.test.x.inPlace() && !b.train.x.inPlace());
        QVERIFY(a.train.x.dense() == b.train.x.dense() && a.test.x.dense() == b.test.x.dense());
        QCOMPARE(a.train.labels, b.train.labels);
    }

    void namesOfClassesComeFromTheirFile() {
        const Folder folder;
        writeSmallCifar10(folder);
        const auto names = folder.write("batches.meta.txt", "a\r\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
        QCOMPARE(load(spec("cifar10", folder.path())).train.classNames,
                 (std::vector<std::string>{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}));
        folder.write("batches.meta.txt", "a\nb\n");
        QCOMPARE(errorOf("cifar10", folder.path()),
                 located(names, ": 2 names of classes, expected 10, one a line. Take the file away to do "
                                "without names."));
    }

    void theArchivesFolderIsFoundWithinAndInTheUsersData() {
        const Folder folder;
        writeSmallCifar10(folder, "kappascope/cifar-10/cifar-10-batches-bin/");
        const Environment data("XDG_DATA_HOME", folder.path().string());
        QCOMPARE(load(spec("cifar10", {})).train.samples(), Index(10));
        QCOMPARE(errorOf("cifar100", {}),
                 "data.set: CIFAR-100 is not in " + QString::fromStdString(folder.path().string()) +
                     "/kappascope/cifar-100. Unpack cifar-100-binary.tar.gz there, or give its folder as "
                     "data.path.");
    }

    void oneFileIsTrainedOnWithTheTestFileBesideIt() {
        const Folder folder;
        writeSmallCifar10(folder);
        const Split split = load(spec("cifar10", folder.path() / "data_batch_3.bin"));
        QCOMPARE(split.train.labels, (std::vector<int>{2, 7}));
        QCOMPARE(split.test.samples(), Index(3));
        isImage(split.train, 1, 5);
        const Split test = load(spec("cifar10", folder.path() / "test_batch.bin")); // some of it held out
        QCOMPARE(test.train.samples() + test.test.samples(), Index(3));
    }

    void packedFilesAndALimit() {
        const Folder folder;
        writeSmallCifar10(folder);
        std::filesystem::remove(folder.path() / "data_batch_2.bin");
        folder.write("data_batch_2.bin.gz", gzipped(cifarFile({{4}, {4}}, 2)));
        DataSpec few = spec("cifar10", folder.path());
        QCOMPARE(load(few).train.labels[2], 4);
        few.parameters.set("limit", std::int64_t{3});
        QCOMPARE(load(few).train.labels, (std::vector<int>{0, 9, 4}));
        QCOMPARE(load(few).test.samples(), Index(3));
    }

    void cifar100HasFineAndCoarseLabels() {
        const Folder folder;
        writeSmallCifar100(folder);
        DataSpec fine = spec("cifar100", folder.path()), coarse = fine;
        coarse.parameters.set("labels", std::string("coarse"));
        QCOMPARE(load(fine).train.labels, (std::vector<int>{99, 5, 42}));
        QCOMPARE(load(fine).train.classes(), Index(100));
        QCOMPARE(load(coarse).train.labels, (std::vector<int>{19, 0, 3}));
        QCOMPARE(load(coarse).test.labels, (std::vector<int>{7}));
        QCOMPARE(load(coarse).train.classNames[19], std::string("19"));
        isImage(load(fine).train, 2, 2);
    }

    void wrongSizesAreRefused() {
        const Folder folder;
        const auto file = folder.write("data_batch_1.bin", cifarFile({{1}, {2}}).substr(0, 6000));
        QCOMPARE(errorOf("cifar10", file),
                 located(file,
                         ": 6000 bytes, expected a multiple of 3073 (a label and 3 x 32 x 32 pixels). The "
                         "file is truncated or no file of CIFAR-10; fetch it again."));
        const auto other = folder.write("train.bin", cifarFile({{1, 2}}));
        QCOMPARE(errorOf("cifar10", other),
                 located(other, ": 3074 bytes, expected a multiple of 3073 (a label and 3 x 32 x 32 pixels). "
                                "These are records of CIFAR-100: choose that data set."));
        QCOMPARE(errorOf("cifar100", file),
                 located(file,
                         ": 6000 bytes, expected a multiple of 3074 (two labels and 3 x 32 x 32 pixels). "
                         "The file is truncated or no file of CIFAR-100; fetch it again."));
        const auto empty = folder.write("data_batch_2.bin", {});
        QVERIFY(
            errorOf("cifar10", empty).startsWith(located(empty, ": 0 bytes, expected a multiple of 3073")));
    }

    void labelsOutOfRangeAreRefusedWithTheirPlace() {
        const Folder folder;
        const auto file = folder.write("data_batch_1.bin", cifarFile({{1}, {10}}));
        QCOMPARE(errorOf("cifar10", file),
                 located(file,
                         ", image 2 (byte 3073): the label is 10, expected 0 to 9. The file is damaged or "
                         "no file of CIFAR-10; fetch it again."));
        const auto train = folder.write("train.bin", cifarFile({{19, 100}}));
        QVERIFY(errorOf("cifar100", train)
                    .startsWith(located(train, ", image 1 (byte 1): the label is 100, expected 0 to 99.")));
    }

    void missingFilesAreNamed() {
        const Folder folder;
        QCOMPARE(errorOf("cifar10", folder.path() / "none"),
                 located(folder.path() / "none", ": there is no such file or folder. Check the path."));
        QCOMPARE(errorOf("cifar10", folder.path()),
                 located(folder.path(),
                         ": no training images here, expected 'data_batch_1.bin'. Give the folder "
                         "of the binary version of CIFAR-10, unpacked."));
        folder.write("data_batch_1.bin", cifarFile({{1}}));
        QCOMPARE(errorOf("cifar10", folder.path()),
                 located(folder.path(), ": 1 of the 5 files of training images. Unpack the archive again, or "
                                        "give one file instead of the folder."));
        const auto archive = folder.write("cifar-10-binary.tar.gz", gzipped("archive"));
        QCOMPARE(errorOf("cifar10", archive),
                 located(archive, ": this is an archive, expected its files. Unpack it (tar xf) and give the "
                                  "folder."));
    }
};

QTEST_APPLESS_MAIN(CifarTest)
#include "cifar_test.moc"
