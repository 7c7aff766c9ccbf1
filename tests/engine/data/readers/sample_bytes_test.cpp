// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/mapped_file.h"
#include "engine/data/readers/sample_bytes.h"

#include "tests/support/files.h"
#include "tests/support/input_errors.h"

#include <QTest>

#include <array>

using namespace kappascope;
using kappascope::test::Folder;
using kappascope::test::gzipped;
using kappascope::test::inputErrorOf;

namespace {

QString located(const std::filesystem::path& path, const char* text) {
    return QString::fromStdString(path.string()) + text;
}

/// Two samples of three bytes, each behind a label, after a header of one byte.
const std::string records{"#L\1\2\3L\4\5\6"};

Features read(const Folder& folder, Storage storage) {
    const auto file = folder.write("records", records), more = folder.write("more", "L\7\10\11");
    SampleBytes bytes(3, storage);
    bytes.add(openFile(file, storage), 2, 4, 2);
    bytes.add(openFile(more, storage), 1, 4, 1);
    return bytes.take(0.5);
}

} // namespace

class SampleBytesTest : public QObject {
    Q_OBJECT
private slots:
    void copiedAndMappedSamplesAreTheSame() {
        const Folder folder;
        const Features copied = read(folder, Storage::Memory), mapped = read(folder, Storage::Mapped);
        const Matrix<double> expected =
            (Matrix<double>(3, 3) << 1, 4, 7, 2, 5, 8, 3, 6, 9).finished() / 2; // a sample a column
        QVERIFY(copied.dense() == expected);
        QVERIFY(mapped.dense() == expected);
        QVERIFY(copied.inBytes() && !copied.inPlace());
        QVERIFY(mapped.inBytes() && mapped.inPlace());
        const std::array<int, 2> chosen{2, 0};
        QVERIFY(mapped.select(chosen).inPlace());
        QVERIFY(mapped.select(chosen).dense() == copied.select(chosen).dense());
    }

    void aMappedFileIsItsBytes() {
        const Folder folder;
        QCOMPARE(std::string(MappedFile::open(folder.write("a", records))->bytes()), records);
        const auto none = folder.path() / "none", empty = folder.write("empty", {});
        QCOMPARE(inputErrorOf([&] { MappedFile::open(none); }),
                 located(none, ": there is no such file. Check the path."));
        QCOMPARE(
            inputErrorOf([&] { MappedFile::open(folder.path()); }),
            located(folder.path(), ": this is no regular file, which alone can be mapped. Check the path."));
        QCOMPARE(inputErrorOf([&] { MappedFile::open(empty); }), located(empty, ": the file is empty."));
    }

    void largeFilesAreMappedUnlessPacked() {
        const Folder folder;
        const auto small = folder.write("small", records), large = folder.write("large", records);
        const auto packed = folder.write("packed", gzipped(records));
        std::filesystem::resize_file(large, mappedFrom - 1); // sparse: takes no room
        QVERIFY(decided(Storage::Auto, {large}) == Storage::Memory);
        QVERIFY(decided(Storage::Auto, {large, small}) == Storage::Mapped); // together
        QVERIFY(decided(Storage::Auto, {large, small, packed}) == Storage::Memory);
        QVERIFY(decided(Storage::Memory, {large, small}) == Storage::Memory);
        QVERIFY(decided(Storage::Mapped, {small}) == Storage::Mapped);
        QCOMPARE(inputErrorOf([&] {
                     decided(Storage::Mapped, {small, packed});
                 }),
                 located(packed,
                         ": the file is packed, so that it cannot be mapped. Unpack it with gunzip, or "
                         "set data.storage to memory."));
    }
};

QTEST_APPLESS_MAIN(SampleBytesTest)
#include "sample_bytes_test.moc"
