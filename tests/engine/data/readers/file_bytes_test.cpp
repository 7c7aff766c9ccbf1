// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/file_bytes.h"

#include "tests/support/endless_pipe.h"
#include "tests/support/files.h"
#include "tests/support/input_errors.h"

#include <QTest>
#include <thread>

using namespace kappascope;
using kappascope::test::gzipped;
using kappascope::test::inputErrorOf;

namespace {

/// Several of the reader's buffers long, and compressible.
std::string longText() {
    std::string text;
    for (std::int64_t i = 0; text.size() < 5'000'000; ++i)
        text += std::to_string(i * 7919 % 10007) + ' ';
    return text;
}

} // namespace

class FileBytesTest : public QObject {
    Q_OBJECT
private slots:
    void filesAreReadAsTheyAreOrUnpacked() {
        const test::Folder folder;
        const std::string text = longText();
        const auto plain = folder.write("plain", text),
                   packed = folder.write("no_telling_name", gzipped(text));
        QVERIFY(readFileBytes(plain) == text);
        QVERIFY(readFileBytes(packed) == gzipped(text));
        QVERIFY(readUnpacked(plain) == text);
        QVERIFY(readUnpacked(packed) == text);
        QCOMPARE(readUnpacked(folder.write("empty", "")), std::string());
        QCOMPARE(readUnpacked(folder.write("short", "\x1f")), std::string("\x1f"));
    }

    void emptyAndVeryCompressibleDataUnpack() {
        QCOMPARE(gunzip(gzipped(""), "f"), std::string());
        const std::string zeros(10'000'000, '\0'); // far more than a buffer from a few bytes
        QVERIFY(gunzip(gzipped(zeros), "f") == zeros);
    }

    void readingCanBeCancelled() {
        const test::Folder folder;
        const auto file = folder.write("plain", "text"), packed = folder.write("packed", gzipped("text"));
        Cancelled cancelled = true;
        QVERIFY_THROWS_EXCEPTION(WorkCancelled, readFileBytes(file, &cancelled));
        QVERIFY_THROWS_EXCEPTION(WorkCancelled, readUnpacked(packed, &cancelled));

        QVERIFY_THROWS_EXCEPTION(WorkCancelled, gunzip(gzipped("text"), "f", mostFileBytes, &cancelled));

        cancelled = false; // in the midst of what has no end
        const test::EndlessPipe pipe(folder.path() / "pipe", "text");
        std::thread user([&] {
            pipe.waitForReader();
            cancelled = true;
        });
        QVERIFY_THROWS_EXCEPTION(WorkCancelled, readFileBytes(pipe.path(), &cancelled));
        user.join();
    }

    void membersFollowEachOther() {
        QCOMPARE(gunzip(gzipped("first, ") + gzipped("") + gzipped("second"), "f"),
                 std::string("first, second"));
    }

    void everyTruncationIsNoticed() {
        const std::string packed = gzipped("a text of some length, a text of some length");
        for (std::size_t length = 2; length < packed.size(); ++length)
            QVERIFY(inputErrorOf([&] {
                        gunzip(packed.substr(0, length), "f");
                    }).startsWith("f: the gzip data end too early, after "));
        QCOMPARE(
            inputErrorOf([] { gunzip(gzipped("").substr(0, 12), "f"); }),
            QString("f: the gzip data end too early, after 0 unpacked bytes. The file is truncated; fetch it "
                    "again."));
    }

    void damageIsNoticed() {
        std::string packed = gzipped("a text of some length");
        packed[packed.size() - 8] ^= 1; // of the check sum
        QCOMPARE(inputErrorOf([&] { gunzip(packed, "f"); }),
                 QString("f: the gzip data are damaged (incorrect data check). Fetch the file again."));
        QCOMPARE(inputErrorOf([] { gunzip("\x1f\x8bnonsense", "f"); }),
                 QString("f: the gzip data are damaged (unknown compression method). Fetch the file again."));
        QCOMPARE(inputErrorOf([] { gunzip(gzipped("text") + "rubbish behind", "f"); }),
                 QString("f: the gzip data are damaged (incorrect header check). Fetch the file again."));
    }

    void aBombIsDefused() {
        const std::string packed = gzipped(std::string(4'000'000, 'a'));
        QCOMPARE(inputErrorOf([&] { gunzip(packed, "f", 3'000'000); }),
                 QString("f: unpacks to more than 3000000 bytes."));
    }

    void missingFilesAndFoldersAreNamed() {
        const test::Folder folder;
        const std::string nowhere = folder.path() / "nowhere.csv";
        QCOMPARE(inputErrorOf([&] { readFileBytes(nowhere); }),
                 QString::fromStdString(nowhere + ": there is no such file. Check the path."));
        QCOMPARE(inputErrorOf([] { readFileBytes("/dev/zero"); }),
                 QString("/dev/zero: this is a device, expected a file."));
        QCOMPARE(inputErrorOf([&] { readUnpacked(folder.path()); }),
                 QString::fromStdString(folder.path().string() + ": this is a folder, expected a file."));
    }
};

QTEST_APPLESS_MAIN(FileBytesTest)
#include "file_bytes_test.moc"
