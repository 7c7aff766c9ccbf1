// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/idx.h"

#include "tests/support/files.h"
#include "tests/support/input_errors.h"

#include <QTest>

using namespace kappascope;
using kappascope::test::inputErrorOf;

namespace {

std::string bytes(std::initializer_list<int> values) {
    std::string text;
    for (const int value : values)
        text += static_cast<char>(value);
    return text;
}

} // namespace

class IdxTest : public QObject {
    Q_OBJECT
private slots:
    void sizesAreBigEndianAndBytesFollow() {
        const IdxArray array =
            parseIdx(bytes({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255}), "f");
        QCOMPARE(array.shape, (std::vector<int>{2, 1, 3}));
        QCOMPARE(array.bytes, (std::vector<std::uint8_t>{1, 2, 3, 4, 5, 255}));

        const std::string head = bytes({0, 0, 8, 1, 0, 1, 0, 2}); // 65538 samples
        QCOMPARE(parseIdx(head + std::string(65538, 'x'), "f").shape, std::vector<int>{65538});
    }

    void plainAndPackedFilesAreRead() {
        const test::Folder folder;
        const std::string labels = bytes({0, 0, 8, 1, 0, 0, 0, 2, 7, 9});
        for (const std::string& file : {labels, test::gzipped(labels)})
            QCOMPARE(readIdx(folder.write("labels", file)).bytes, (std::vector<std::uint8_t>{7, 9}));
    }

    void malformedFilesAreRefused_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("error");
        const auto add = [](const char* what, const std::string& file, const QString& error) {
            QTest::newRow(what) << QByteArray::fromStdString(file) << error;
        };
        const QString notIdx = " This is no IDX file, or a damaged one.";
        add("empty", "", "f: the file ends after 0 bytes, expected at least 4 for its type." + notIdx);
        add("three bytes", bytes({0, 0, 8}),
            "f: the file ends after 3 bytes, expected at least 4 for its type." + notIdx);
        add("text", "1,2,3\n", "f: the first two bytes are not 0." + notIdx);
        add("floats", bytes({0, 0, 0x0D, 1, 0, 0, 0, 1, 0, 0, 0, 0}),
            "f: the elements are 32-bit floating point, expected unsigned bytes. Convert them to 0 ... 255.");
        add("signed bytes", bytes({0, 0, 9, 1, 0, 0, 0, 1, 0}),
            "f: the elements are signed bytes, expected unsigned bytes. Convert them to 0 ... 255.");
        add("unknown type", bytes({0, 0, 7, 1, 0, 0, 0, 1, 0}),
            "f: element type 7 is unknown, expected 8 (unsigned bytes)." + notIdx);
        add("no dimension", bytes({0, 0, 8, 0}), "f: 0 dimensions, expected 1 to 4." + notIdx);
        add("200 dimensions", bytes({0, 0, 8, 200}), "f: 200 dimensions, expected 1 to 4." + notIdx);
        add("cut in the header", bytes({0, 0, 8, 3, 0, 0, 0, 2, 0, 0}),
            "f: the file ends after 10 bytes, within its header of 16. The file is truncated; fetch it "
            "again.");
        add("a size of 0", bytes({0, 0, 8, 1, 0, 0, 0, 0}),
            "f: a dimension has the size 0, expected 1 to 2147483647." + notIdx);
        add("a size beyond int", bytes({0, 0, 8, 1, 0x80, 0, 0, 0}),
            "f: a dimension has the size 2147483648, expected 1 to 2147483647." + notIdx);
        add("a product that overflows", bytes({0, 0, 8, 3, 0x7F, 0, 0, 0, 0x7F, 0, 0, 0, 0x7F, 0, 0, 0}),
            "f: the sizes of the dimensions multiply to more than any file holds." + notIdx);
        add("cut in the data", bytes({0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3}),
            "f: 3 bytes of data, expected 4 by its header. The file is truncated; fetch it again.");
        add("too long", bytes({0, 0, 8, 1, 0, 0, 0, 2, 1, 2, 3}),
            "f: 3 bytes of data, expected 2 by its header." + notIdx);
    }

    void malformedFilesAreRefused() {
        QFETCH(QByteArray, file);
        QFETCH(QString, error);
        QCOMPARE(inputErrorOf([&] { parseIdx(file.toStdString(), "f"); }), error);
    }

    void aTruncatedPackedFileIsRefused() {
        const test::Folder folder;
        const std::string packed = test::gzipped(bytes({0, 0, 8, 1, 0, 0, 0, 2, 7, 9}));
        const auto file = folder.write("cut.gz", packed.substr(0, packed.size() - 3));
        QCOMPARE(inputErrorOf([&] { readIdx(file); }), QString::fromStdString(file.string()) +
                                                           ": the gzip data end too early, after 10 unpacked "
                                                           "bytes. The file is truncated; fetch it again.");
    }
};

QTEST_APPLESS_MAIN(IdxTest)
#include "idx_test.moc"
