// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"

#include "tests/support/files.h"
#include "tests/support/input_errors.h"
#include "tests/support/png_file.h"

#include <QTest>

using namespace kappascope;
using kappascope::test::Folder;
using kappascope::test::greyPng;
using kappascope::test::inputErrorOf;
using kappascope::test::PngFile;

namespace {

/// Three cats and one dog, told apart by their grey.
void writePets(const Folder& folder, const std::string& prefix = {}) {
    folder.write(prefix + "dog/only.png", greyPng(3, 2, 100));
    folder.write(prefix + "cat/b.PNG", greyPng(3, 2, 11));
    folder.write(prefix + "cat/a.png", greyPng(3, 2, 10));
    folder.write(prefix + "cat/c.png", greyPng(3, 2, 12));
    folder.write(prefix + "cat/notes.txt", "passed over");
    folder.write(prefix + "cat/.hidden.png", "passed over");
    folder.write(prefix + ".git/x.png", "passed over");
}

Split load(const std::filesystem::path& path, std::int64_t limit = 0) {
    DataSpec spec;
    spec.set = "image_folder";
    spec.path = path.string();
    spec.testFraction = 0;
    spec.parameters.set("limit", limit);
    return loadData(spec, 1);
}

QString errorOf(const std::filesystem::path& path) {
    return inputErrorOf([&] { load(path); });
}

QString located(const std::filesystem::path& path, const QString& text) {
    return QString::fromStdString(path.string()) + text;
}

/// First byte of each sample.
std::vector<int> greys(const Dataset& data) {
    std::vector<int> all;
    for (Index n = 0; n < data.samples(); ++n)
        all.push_back(data.x.bytesOf(n).front());
    return all;
}

} // namespace

class ImageFolderTest : public QObject {
    Q_OBJECT
private slots:
    void aFolderAClassIsHeldOutFromWithoutATestPart() {
        const Folder folder;
        writePets(folder);
        const Split split = load(folder.path());
        QCOMPARE(split.train.classNames, (std::vector<std::string>{"cat", "dog"}));
        QVERIFY(split.train.image == (ImageShape{1, 2, 3}));
        QCOMPARE(split.train.name, folder.path().filename().string());
        auto found = greys(split.train);
        for (Index n = 0; n < split.train.samples(); ++n)
            QCOMPARE(split.train.labels[static_cast<std::size_t>(n)],
                     found[static_cast<std::size_t>(n)] == 100 ? 1 : 0);
        std::ranges::sort(found);
        QCOMPARE(found, (std::vector<int>{10, 11, 12, 100}));
        QVERIFY(split.train.x.dense().maxCoeff() == 100 * (1.0 / 255));
    }

    void trainAndTestFoldersAreTheParts() {
        const Folder folder;
        writePets(folder, "train/");
        folder.write("test/dog/late.png", greyPng(3, 2, 101));
        const Split split = load(folder.path());
        QCOMPARE(greys(split.train), (std::vector<int>{10, 100, 11, 12})); // in turn one of each class
        QCOMPARE(split.train.labels, (std::vector<int>{0, 1, 0, 0}));
        QCOMPARE(greys(split.test), std::vector<int>{101});
        QCOMPARE(split.test.labels, std::vector<int>{1});
        QCOMPARE(split.test.classNames, split.train.classNames);
        QCOMPARE(greys(load(folder.path(), 3).train), (std::vector<int>{10, 100, 11}));
    }

    void coloursHaveThreeChannels() {
        const Folder folder;
        folder.write("train/a/1.png", PngFile{2, 1, PngFile::Rgb, {1, 2, 3, 4, 5, 6}}.bytes());
        folder.write("train/b/1.png", PngFile{2, 1, PngFile::Rgb, {7, 8, 9, 10, 11, 12}}.bytes());
        const Split split = load(folder.path());
        QVERIFY(split.train.image == (ImageShape{3, 1, 2}));
        const Index a = split.train.labels[0] == 0 ? 0 : 1; // without a test part the order is random
        const Vector<double> first = split.train.x.dense().col(a) * 255;
        QVERIFY((first - (Vector<double>(6) << 1, 4, 2, 5, 3, 6).finished()).cwiseAbs().maxCoeff() < 1e-12);
    }

    void picturesOfAnotherSizeAreNamed() {
        const Folder folder;
        writePets(folder);
        const auto wide = folder.write("dog/wide.png", greyPng(4, 2, 1));
        const QString first = QString::fromStdString((folder.path() / "cat/a.png").string());
        QCOMPARE(errorOf(folder.path()),
                 located(wide, ": 4 x 2 pixels in grey, expected 3 x 2 pixels in grey as in " + first +
                                   ". Bring all pictures to one size, all grey or all in colour."));
        const auto coloured =
            folder.write("dog/wide.png", PngFile{3, 2, PngFile::Rgb, std::string(18, 'x')}.bytes());
        QVERIFY(errorOf(folder.path()).startsWith(located(coloured, ": 3 x 2 pixels in colour, expected")));
    }

    void whatCannotBeReadIsNamed() {
        const Folder folder;
        writePets(folder);
        const auto broken = folder.write("dog/broken.png", "no picture");
        QCOMPARE(
            errorOf(folder.path()),
            located(broken, ": this is no PNG file: its first bytes differ. Convert the pictures to PNG."));
        std::filesystem::remove(broken);
        const auto photograph = folder.write("dog/photo.JPG", "\xFF\xD8\xFF");
        QCOMPARE(
            errorOf(folder.path()),
            located(photograph, ": a picture of another kind, expected PNG. Convert the pictures to PNG."));
    }

    void foldersWithoutPicturesAreRefused() {
        const Folder folder;
        QCOMPARE(errorOf(folder.path() / "none"),
                 located(folder.path() / "none", ": there is no such folder. Check the path."));
        QCOMPARE(errorOf(folder.path()),
                 located(folder.path(),
                         ": 0 folders here, expected at least two, one of pictures for each "
                         "class. Put the pictures of each class into a folder with its name."));
        const auto file = folder.write("cat/a.png", greyPng(1, 1, 1));
        QVERIFY(errorOf(folder.path()).startsWith(located(folder.path(), ": 1 folder here, expected")));
        QVERIFY(errorOf(file).startsWith(located(file, ": this is a file, expected a folder")));
        std::filesystem::create_directory(folder.path() / "dog");
        QCOMPARE(errorOf(folder.path()),
                 located(folder.path() / "dog", ": no PNG pictures here, expected those of a class. Put them "
                                                "into the folder, or take it away."));
    }

    void testClassesAreThoseOfTheTraining() {
        const Folder folder;
        writePets(folder, "train/");
        folder.write("test/cow/a.png", greyPng(3, 2, 1));
        QCOMPARE(errorOf(folder.path()), located(folder.path() / "test/cow",
                                                 ": the training part has no class of this name. Name the "
                                                 "folders in train and test alike."));
        std::filesystem::remove_all(folder.path() / "test/cow");
        QCOMPARE(errorOf(folder.path()),
                 located(folder.path() / "test",
                         ": there are no pictures here. Put those of each class into a "
                         "folder with its name, or take it away."));
    }

    void readingCanBeCancelled() {
        const Folder folder;
        writePets(folder);
        DataSpec spec;
        spec.set = "image_folder";
        spec.path = folder.path().string();
        const Cancelled cancelled = true;
        QVERIFY_THROWS_EXCEPTION(WorkCancelled, loadData(spec, 1, &cancelled));
    }
};

QTEST_APPLESS_MAIN(ImageFolderTest)
#include "image_folder_test.moc"
