// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/png.h"

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

std::string text(std::initializer_list<int> bytes) {
    std::string made;
    for (const int byte : bytes)
        made += static_cast<char>(byte);
    return made;
}

void isPicture(const PngFile& file, int channels, const std::vector<std::uint8_t>& pixels) {
    const PngImage image = decodePng(file.bytes(), "picture");
    QCOMPARE(image.channels, channels);
    QCOMPARE(image.width, file.width);
    QCOMPARE(image.height, file.height);
    QCOMPARE(image.pixels, pixels);
}

QString errorOf(const std::string& bytes) {
    return inputErrorOf([&] { decodePng(bytes, "cat.png"); });
}

} // namespace

class PngTest : public QObject {
    Q_OBJECT
private slots:
    void greyIsReadRowByRow() {
        isPicture({3, 2, PngFile::Grey, text({1, 2, 3, 250, 251, 252})}, 1, {1, 2, 3, 250, 251, 252});
    }

    void coloursAreTakenApartChannelByChannel() {
        isPicture({2, 1, PngFile::Rgb, text({10, 20, 30, 40, 50, 60})}, 3, {10, 40, 20, 50, 30, 60});
    }

    void fewBitsAreSpreadOverTheRange() {
        isPicture({8, 1, PngFile::Grey, text({0b10100001}), 1}, 1, {255, 0, 255, 0, 0, 0, 0, 255});
        isPicture({4, 1, PngFile::Grey, text({0b00011011}), 2}, 1, {0, 85, 170, 255});
        isPicture({2, 1, PngFile::Grey, text({0x1F}), 4}, 1, {17, 255});
    }

    void aPaletteBecomesItsColours() {
        isPicture({2, 1, PngFile::Palette, text({1, 0}), 8, text({1, 2, 3, 4, 5, 6})}, 3, {4, 1, 5, 2, 6, 3});
    }

    void alphaIsLetGoWhereAllIsOpaque() {
        isPicture({2, 1, PngFile::Rgba, text({1, 2, 3, 255, 4, 5, 6, 255})}, 3, {1, 4, 2, 5, 3, 6});
        isPicture({2, 1, PngFile::GreyAlpha, text({7, 255, 8, 255})}, 1, {7, 8});
        isPicture({2, 1, PngFile::Grey, text({7, 8}), 8, {}, text({0, 9})}, 1, {7, 8}); // 9 does not occur
    }

    void transparentPixelsAreRefusedWithTheirPlace() {
        QCOMPARE(errorOf(PngFile{2, 2, PngFile::GreyAlpha, text({7, 255, 8, 255, 9, 255, 9, 254})}.bytes()),
                 "cat.png, row 2, column 2: the pixel is transparent, expected an opaque picture. Save the "
                 "pictures without alpha channel (flattened onto a background).");
        QVERIFY(
            errorOf(
                PngFile{2, 1, PngFile::Palette, text({1, 0}), 8, text({1, 2, 3, 4, 5, 6}), text({0})}.bytes())
                .startsWith("cat.png, row 1, column 2: the pixel is transparent"));
    }

    void sixteenBitsAreRefused() {
        QCOMPARE(errorOf(PngFile{1, 1, PngFile::Grey, text({1, 2}), 16}.bytes()),
                 "cat.png: 16 bits a channel, expected 8. Convert the pictures to 8 bits a channel.");
    }

    void whatIsNoPngIsRefused() {
        QCOMPARE(errorOf({}), "cat.png: the file is empty, expected a PNG picture.");
        QCOMPARE(errorOf("GIF89a and more"),
                 "cat.png: this is no PNG file: its first bytes differ. Convert the pictures to PNG.");
        QCOMPARE(errorOf("\x89PN"),
                 "cat.png: this is no PNG file: its first bytes differ. Convert the pictures to PNG.");
        QCOMPARE(errorOf("\xFF\xD8\xFF\xE0 JFIF"),
                 "cat.png: this is a JPEG picture, expected PNG. Convert the pictures to PNG.");
    }

    void truncatedAtEveryByteIsAnErrorAndNoCrash() {
        const std::string whole = PngFile{5, 4, PngFile::Rgb, std::string(60, '\x55')}.bytes();
        for (std::size_t size = 8; size < whole.size(); ++size)
            QCOMPARE(errorOf(whole.substr(0, size)),
                     "cat.png: the PNG data are damaged (the file ends too early). Save the picture anew.");
    }

    void damageIsFound() {
        std::string flipped = greyPng(4, 4, 9);
        flipped[18] = static_cast<char>(flipped[18] ^ 1); // in the header, whose checksum tells
        QVERIFY(errorOf(flipped).contains("the PNG data are damaged"));
        std::string pixels = greyPng(4, 4, 9);
        pixels[pixels.size() - 20] = static_cast<char>(pixels[pixels.size() - 20] ^ 0x40); // in the pixels
        QVERIFY(errorOf(pixels).contains("the PNG data are damaged"));
    }

    void hugeSidesAreRefusedBeforeAnythingIsReserved() {
        QVERIFY(errorOf(PngFile{4097, 1, PngFile::Grey, std::string(4097, 'x')}.bytes())
                    .contains("the PNG data are damaged"));
        const PngImage wide =
            decodePng(PngFile{4096, 1, PngFile::Grey, std::string(4096, 'x')}.bytes(), "wide");
        QCOMPARE(wide.width, 4096);
    }

    void filesAreReadAndNamed() {
        const Folder folder;
        QCOMPARE(readPng(folder.write("a.png", greyPng(2, 3, 77))).pixels, std::vector<std::uint8_t>(6, 77));
        QCOMPARE(inputErrorOf([&] { readPng(folder.path() / "none.png"); }),
                 QString::fromStdString((folder.path() / "none.png").string()) +
                     ": there is no such file. Check the path.");
    }
};

QTEST_APPLESS_MAIN(PngTest)
#include "png_test.moc"
