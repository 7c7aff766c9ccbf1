// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"
#include "engine/data/sets/idx_images.h"

#include "tests/support/image_files.h"
#include "tests/support/input_errors.h"

#include <QTest>

#include <cmath>
#include <fstream>

using namespace kappascope;
using kappascope::test::Environment;
using kappascope::test::Folder;
using kappascope::test::gzipped;
using kappascope::test::idxFile;
using kappascope::test::idxLabels;
using kappascope::test::inputErrorOf;

namespace {

/// Images of 2 rows and 3 columns; pixel p of image i is 10 i + p.
std::string imagesFile(int samples) {
    std::vector<int> pixels;
    for (int i = 0; i < samples; ++i)
        for (int p = 0; p < 6; ++p)
            pixels.push_back(10 * i + p);
    return idxFile({samples, 2, 3}, pixels);
}

/// Four training and two test samples under MNIST's names, packed as MNIST comes.
void writeSmallMnist(const Folder& folder, const std::string& prefix = {}) {
    folder.write(prefix + "train-images-idx3-ubyte.gz", gzipped(imagesFile(4)));
    folder.write(prefix + "train-labels-idx1-ubyte.gz", gzipped(idxLabels({3, 0, 3, 7})));
    folder.write(prefix + "t10k-images-idx3-ubyte.gz", gzipped(imagesFile(2)));
    folder.write(prefix + "t10k-labels-idx1-ubyte.gz", gzipped(idxLabels({7, 5})));
}

DataSpec specOf(const std::filesystem::path& path, const std::string& storage) {
    DataSpec spec;
    spec.set = "idx";
    spec.path = path.string();
    spec.parameters.set("storage", storage);
    return spec;
}

Split load(const std::filesystem::path& path, std::int64_t limit = 0, const std::string& set = "idx") {
    DataSpec spec = specOf(path, "auto");
    spec.set = set;
    spec.parameters.set("limit", limit);
    return loadData(spec, 1);
}

bool isCancelled(const std::filesystem::path& path) {
    const Cancelled cancelled = true;
    try {
        data_sets::loadIdxImages(path, 0, Storage::Auto, &cancelled);
        return false;
    } catch (const WorkCancelled&) {
        return true;
    }
}

QString errorOf(const std::filesystem::path& path) {
    return inputErrorOf([&] { load(path); });
}

QString located(const std::filesystem::path& path, const char* text) {
    return QString::fromStdString(path.string()) + text;
}

} // namespace

class IdxImagesTest : public QObject {
    Q_OBJECT
private slots:
    void readingCanBeCancelled() {
        const Folder folder;
        writeSmallMnist(folder);
        QVERIFY(isCancelled(folder.path()));
    }

    void aFolderGivesBothPartsInTheirOwnOrder() {
        const Folder folder;
        writeSmallMnist(folder);
        const Split split = load(folder.path());
        QCOMPARE(split.train.samples(), Index(4));
        QCOMPARE(split.test.samples(), Index(2));
        QVERIFY(split.train.image == (ImageShape{1, 2, 3}));
        QVERIFY(split.train.x.inBytes());
        QVERIFY(std::abs(split.train.x.dense()(5, 2) - 25.0 / 255) < 1e-15);
        QCOMPARE(split.train.classNames, (std::vector<std::string>{"0", "3", "5", "7"})); // those that occur
        QCOMPARE(split.train.labels, (std::vector<int>{1, 0, 1, 3}));
        QCOMPARE(split.test.labels, (std::vector<int>{3, 2}));
    }

    void theImagesFileNamesTheOthers() {
        const Folder folder; // two sets in one folder, one of them unpacked
        writeSmallMnist(folder, "emnist-letters-");
        writeSmallMnist(folder, "other-");
        folder.write("kuzushiji/train-images.idx3-ubyte", imagesFile(3));
        folder.write("kuzushiji/train-labels.idx1-ubyte.gz", gzipped(idxLabels({1, 2, 1})));
        folder.write("kuzushiji/test-images.idx3-ubyte", imagesFile(1));
        folder.write("kuzushiji/test-labels.idx1-ubyte", idxLabels({2}));
        QCOMPARE(load(folder.path() / "emnist-letters-train-images-idx3-ubyte.gz").test.samples(), Index(2));
        const Split split = load(folder.path() / "kuzushiji/train-images.idx3-ubyte");
        QCOMPARE(split.train.samples(), Index(3));
        QCOMPARE(split.test.labels, std::vector<int>{1});
        QVERIFY(errorOf(folder.path())
                    .contains("more than one set: 'emnist-letters-train-images-idx3-ubyte.gz', "
                              "'other-train-images-idx3-ubyte.gz'. Give the file of the images"));
    }

    void thePlainFileIsTakenWhereBothAreThere() {
        const Folder folder;
        writeSmallMnist(folder);
        folder.write("train-images-idx3-ubyte", imagesFile(4));
        QCOMPARE(load(folder.path()).train.samples(), Index(4));
    }

    void withoutATestPartSomeIsHeldOut() {
        const Folder folder;
        folder.write("train-images-idx3-ubyte", imagesFile(6));
        folder.write("train-labels-idx1-ubyte", idxLabels({0, 1, 0, 1, 0, 1}));
        const Split split = load(folder.path());
        QCOMPARE(split.train.samples(), Index(4));
        QCOMPARE(split.test.samples(), Index(2));
    }

    void theLimitKeepsTheFirstTrainingSamples() {
        const Folder folder;
        writeSmallMnist(folder);
        const Split split = load(folder.path(), 3);
        QCOMPARE(split.train.samples(), Index(3));
        QCOMPARE(split.train.labels.size(), std::size_t(3));
        QVERIFY(std::abs(split.train.x.dense()(0, 2) - 20.0 / 255) < 1e-15);
        QCOMPARE(split.test.samples(), Index(2));
        QCOMPARE(load(folder.path(), 100).train.samples(), Index(4));
    }

    void vectorsOfBytesAreNoImages() {
        const Folder folder;
        folder.write("train-images-idx2-ubyte", idxFile({4, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
        folder.write("train-labels-idx1-ubyte", idxLabels({0, 1, 0, 1}));
        const Split split = load(folder.path());
        QCOMPARE(split.train.features(), Index(3));
        QVERIFY(!split.train.image);
    }

    void mnistIsFoundInTheUsersDataFolder() {
        const Folder folder;
        writeSmallMnist(folder, "kappascope/mnist/");
        const Environment data("XDG_DATA_HOME", folder.path().string());
        const Split split = load("", 0, "mnist");
        QCOMPARE(split.train.samples(), Index(4));
        QCOMPARE(split.test.name, std::string("mnist"));
        QCOMPARE(load(folder.path() / "kappascope/mnist", 2, "mnist").train.samples(),
                 Index(2)); // or where told
    }

    void mnistIsLookedForUnderHomeByDefault() {
        const Folder folder;
        writeSmallMnist(folder, ".local/share/kappascope/mnist/");
        const Environment data("XDG_DATA_HOME", ""), home("HOME", folder.path().string());
        QCOMPARE(load("", 0, "mnist").train.samples(), Index(4));
    }

    void missingMnistSaysHowToGetIt() {
        const Folder folder;
        const Environment data("XDG_DATA_HOME", folder.path().string());
        QCOMPARE(
            inputErrorOf([] { load("", 0, "mnist"); }),
            "data.set: MNIST is not in " + QString::fromStdString(folder.path().string()) +
                "/kappascope/mnist. Run './dev data mnist' to fetch it, or give its folder as data.path.");
    }

    void fashionMnistHasItsNamesAndItsFolder() {
        const Folder folder;
        writeSmallMnist(folder, "kappascope/fashion-mnist/");
        const Environment data("XDG_DATA_HOME", folder.path().string());
        const Split split = load("", 0, "fashion_mnist");
        QCOMPARE(split.train.classNames,
                 (std::vector<std::string>{"T-shirt/top", "Dress", "Sandal", "Sneaker"})); // 0, 3, 5, 7
        QCOMPARE(split.test.classNames, split.train.classNames);
        QCOMPARE(split.train.name, std::string("fashion_mnist"));
        folder.write("letters/train-images-idx3-ubyte", imagesFile(2));
        folder.write("letters/train-labels-idx1-ubyte", idxLabels({1, 26}));
        QVERIFY(
            inputErrorOf([&] { load(folder.path() / "letters", 0, "fashion_mnist"); })
                .endsWith("there is a label 26, expected 0 to 9. These are not the labels of Fashion-MNIST; "
                          "the data set 'idx' takes any."));
    }

    void mappedImagesAreTheSame() {
        const Folder folder;
        folder.write("train-images-idx3-ubyte", imagesFile(12));
        folder.write("train-labels-idx1-ubyte.gz", gzipped(idxLabels({0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2})));
        const Split mapped = loadData(specOf(folder.path(), "mapped"), 3);
        const Split copied = loadData(specOf(folder.path(), "memory"), 3); // split alike, too
        QVERIFY(mapped.train.x.inPlace() && mapped.test.x.inPlace() && !copied.train.x.inPlace());
        QVERIFY(mapped.train.x.dense() == copied.train.x.dense());
        QVERIFY(mapped.test.x.dense() == copied.test.x.dense());
        QCOMPARE(mapped.test.labels, copied.test.labels);
    }

    void packedImagesCannotBeMapped() {
        const Folder folder;
        writeSmallMnist(folder);
        QVERIFY(inputErrorOf([&] {
                    loadData(specOf(folder.path(), "mapped"), 3);
                }).contains("the file is packed, so that it cannot be mapped. Unpack it with gunzip"));
    }

    void aFileLargerThanMemoryIsLeftWhereItIs() {
        constexpr int side = 1024, samples = 1 << 16; // 64 GiB, nearly all of it a hole in the file
        constexpr std::uintmax_t header = 16, image = std::uintmax_t{side} * side;
        const Folder folder;
        const auto file =
            folder.write("train-images-idx3-ubyte", std::string("\0\0\x08\x03\0\x01\0\0\0\0\x04\0\0\0\x04\0",
                                                                header)); // samples, rows, columns
        std::error_code error;
        std::filesystem::resize_file(file, header + samples * image, error);
        if (error) QSKIP("the temporary folder holds no file of 64 GiB, not even an empty one");
        std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
        stream.seekp(static_cast<std::streamoff>(header + 54'321 * image + 7)).put('\x33');
        stream.close();
        std::string labels("\0\0\x08\x01\0\x01\0\0", 8);
        for (int n = 0; n < samples; ++n)
            labels += static_cast<char>(n % 2);
        folder.write("train-labels-idx1-ubyte", labels);

        DataSpec spec = specOf(folder.path(), "auto");
        spec.testFraction = 0.25;
        const Split split = loadData(spec, 3);
        QVERIFY(split.train.x.inPlace());
        QCOMPARE(split.train.samples() + split.test.samples(), Index(samples));
        const std::uint8_t* first = split.train.x.bytesOf(0).data();
        for (const Dataset* part : {&split.train, &split.test})
            for (Index n = 0; n < part->samples(); ++n)
                first = std::min(first, part->x.bytesOf(n).data());
        int found = 0;
        for (const Dataset* part : {&split.train, &split.test})
            for (Index n = 0; n < part->samples(); ++n) {
                const auto bytes = part->x.bytesOf(n);
                const auto sample = (bytes.data() - first) / static_cast<std::ptrdiff_t>(image);
                if (sample % 5000 != 321 && sample != 54'321)
                    continue; // each looked at is read from the disk
                QCOMPARE(int(bytes[7]), sample == 54'321 ? 0x33 : 0);
                QCOMPARE(part->labels[static_cast<std::size_t>(n)], int(sample % 2));
                ++found;
            }
        QCOMPARE(found, 15);
    }

    void filesThatDoNotFitAreRefused() {
        const Folder folder;
        QCOMPARE(errorOf(folder.path() / "nowhere"),
                 located(folder.path() / "nowhere", ": there is no such file or folder. Check the path."));
        QCOMPARE(errorOf(folder.path()),
                 located(folder.path(),
                         ": no training images here, expected a file like 'train-images-idx3-ubyte'. "
                         "Give the folder of the IDX files, or the file of the images."));

        const auto images = folder.write("a-images-idx3-ubyte", imagesFile(2));
        QCOMPARE(errorOf(images),
                 located(images, ": the labels are missing, expected 'a-labels-idx1-ubyte' beside "
                                 "it. Put both files into one folder."));
        const auto labels = folder.write("a-labels-idx1-ubyte", idxLabels({1}));
        QCOMPARE(errorOf(images),
                 located(labels, ": 1 labels for 2 images. The two files do not belong together."));
        QCOMPARE(
            errorOf(labels),
            located(labels,
                    ": the name has no 'images', so that the labels' file cannot be found. Name the files "
                    "like MNIST's: train-images-idx3-ubyte and train-labels-idx1-ubyte."));
        folder.write("a-labels-idx1-ubyte", idxFile({2, 1}, {0, 1}));
        QCOMPARE(errorOf(images), located(labels, ": 2 dimensions, expected 1 (samples)."));
        const auto flat = folder.write("b-images-idx1-ubyte", idxLabels({1, 2}));
        folder.write("b-labels-idx1-ubyte", idxLabels({1, 2}));
        QCOMPARE(errorOf(flat),
                 located(flat, ": 1 dimensions, expected 3 (samples, rows, columns) or 2 (samples, "
                               "features)."));
    }

    void partsOfDifferentSizeAreRefused() {
        const Folder folder;
        writeSmallMnist(folder);
        const auto test =
            folder.write("t10k-images-idx3-ubyte.gz", idxFile({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}));
        QCOMPARE(errorOf(folder.path()),
                 located(test, ": samples of 4 values, the training part has 6. The two files "
                               "do not belong together."));
    }
};

QTEST_APPLESS_MAIN(IdxImagesTest)
#include "idx_images_test.moc"
