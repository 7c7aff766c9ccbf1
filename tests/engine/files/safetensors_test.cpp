// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/safetensors.h"

#include "tests/support/input_errors.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <cstring>
#include <numeric>

using namespace kappascope;
using kappascope::test::inputErrorOf;

namespace {

/// A file put together by hand: length, header, data.
std::string fileOf(const std::string& header, const std::string& data = {}) {
    std::string bytes(8, '\0');
    const std::uint64_t length = header.size();
    std::memcpy(bytes.data(), &length, 8);
    return bytes + header + data;
}

std::string numbers(std::initializer_list<float> values) {
    std::string bytes(values.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), std::data(values), bytes.size());
    return bytes;
}

} // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT
private slots:
    void readsAFileMadeByHand() {
        const std::string file =
            fileOf(R"({"__metadata__":{"format":"pt"},)"
                   R"("w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                   R"("i":{"dtype":"I64","shape":[],"data_offsets":[25,33]},)"
                   R"("u":{"dtype":"U8","shape":[1],"data_offsets":[24,25]}}   )",
                   numbers({1, 2, 3, 4, 5, 6}) + '\xFF' + std::string("\x01\x01\0\0\0\0\0\0", 8));
        const TensorFile content = parseSafetensors(file, "x");
        QCOMPARE(content.metadata.at("format"), std::string("pt"));
        QCOMPARE(content.tensors.size(), std::size_t(3));
        QCOMPARE(content.tensors[1].name, std::string("u")); // in the order of the bytes

        Matrix<float> expected(2, 3); // rows come one after another
        expected << 1, 2, 3, 4, 5, 6;
        QVERIFY(content.find("w")->matrix<float>() == expected);
        QCOMPARE(content.find("i")->values<std::int64_t>(), std::vector<std::int64_t>{257});
        QCOMPARE(content.find("u")->values<std::uint8_t>(), std::vector<std::uint8_t>{255});
        QVERIFY(!content.find("v"));
    }

    void writesTheDocumentedBytes() {
        const std::array<float, 2> values{1.5F, -2.F};
        const TensorFile content{{Tensor::of<float>("a", {2}, values)}, {}};
        const std::string header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
        const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
        QCOMPARE(safetensorsBytes(content), fileOf(padded, numbers({1.5F, -2.F})));
    }

    void everyTypeSurvivesTheDisk() {
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("all.safetensors").toStdString();
        std::vector<std::uint8_t> bytes(256);
        std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
        const std::vector<std::int64_t> indices{-1, 0, std::numeric_limits<std::int64_t>::max()};
        Matrix<double> w = Matrix<double>::Random(3, 5);
        w(1, 2) = std::numeric_limits<double>::denorm_min();
        const Vector<float> b = Vector<float>::Random(4);

        writeSafetensors(file, {{Tensor::of<std::uint8_t>("images", {4, 1, 8, 8}, bytes),
                                 Tensor::of<std::int64_t>("indices", {3, 1}, indices),
                                 Tensor::ofMatrix<double>("layers.0.weight", w),
                                 Tensor::ofVector<float>("layers.0.bias", b),
                                 Tensor::of<double>("empty", {0, 7}, std::span<const double>())},
                                {{"format", "pt"}, {"κ", "\"quoted\"\n"}}});
        const TensorFile read = readSafetensors(file);

        QCOMPARE(read.tensors.size(), std::size_t(5));
        QCOMPARE(read.find("images")->shape, (std::vector<std::int64_t>{4, 1, 8, 8}));
        QCOMPARE(read.find("images")->values<std::uint8_t>(), bytes);
        QCOMPARE(read.find("indices")->values<std::int64_t>(), indices);
        QVERIFY(read.find("layers.0.weight")->matrix<double>() == w);
        QVERIFY(read.find("layers.0.bias")->matrix<float>() == Matrix<float>(b));
        QCOMPARE(read.find("empty")->elements(), std::int64_t(0));
        QCOMPARE(read.metadata.at("κ"), std::string("\"quoted\"\n"));
    }

    void widerNumbersComeFirstSoThatAllAreAligned() {
        const std::array<std::uint8_t, 3> small{1, 2, 3};
        const std::array<double, 1> wide{1};
        const TensorFile read = parseSafetensors(
            safetensorsBytes(
                {{Tensor::of<std::uint8_t>("small", {3}, small), Tensor::of<double>("wide", {1}, wide)}, {}}),
            "x");
        QCOMPARE(read.tensors.front().name, std::string("wide"));
    }

    void aWrongTypeIsAMistakeOfTheProgram() {
        const std::array<float, 1> one{1};
        const Tensor tensor = Tensor::of<float>("a", {}, one);
        QVERIFY_EXCEPTION_THROWN(tensor.values<double>(), std::logic_error);
        QVERIFY_EXCEPTION_THROWN(tensor.matrix<float>(), std::logic_error);
    }

    void malformedFilesAreRefusedWithTheirPlace_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("error");
        const auto add = [](const char* what, const std::string& file, const QString& error) {
            QTest::newRow(what) << QByteArray::fromStdString(file) << error;
        };
        const std::string data = numbers({1, 2});
        const QString damaged = " The file is damaged or no safetensors file.";
        const auto tensor = [&](const std::string& entry) { return fileOf("{\"a\":" + entry + "}", data); };

        add("empty", "",
            "f: the file ends after 0 bytes, expected at least 8 for the length of the header." + damaged);
        add("cut in the length", std::string(7, '\1'),
            "f: the file ends after 7 bytes, expected at least 8 for the length of the header." + damaged);
        add("huge header", std::string(8, '\x7f'),
            "f: the header claims 9187201950435737471 bytes, expected at most 100000000." + damaged);
        add("cut in the header", fileOf("{\"a\":1}").substr(0, 12),
            "f: the header claims 7 bytes, the file has only 4 more." + damaged);
        add("empty header", fileOf(""), "f: the header does not begin with '{'." + damaged);
        add("a list for a header", fileOf("[]"), "f: the header does not begin with '{'." + damaged);
        add("no JSON", fileOf("{\"a\":}"),
            "f: the header is no valid JSON at byte 14 of the file." + damaged);
        add("text behind the header's object", fileOf("{} x"),
            "f: the header is no valid JSON at byte 12 of the file." + damaged);
        add("a name twice",
            fileOf(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                   R"("a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                   data),
            "f: the header has 'a' twice. Each tensor needs a name of its own.");
        add("a key twice", tensor(R"({"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]})"),
            "f: the header has 'dtype' twice. Each tensor needs a name of its own.");
        add("an entry that is a number", tensor("3"),
            "f, tensor 'a': the entry is no object. Expected dtype, shape, data_offsets.");
        add("no dtype", tensor(R"({"shape":[2],"data_offsets":[0,8]})"),
            "f, tensor 'a': 'dtype' is missing.");
        add("no offsets", tensor(R"({"dtype":"F32","shape":[2]})"),
            "f, tensor 'a': 'data_offsets' is missing.");
        add("an unknown key", tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8],"shap":[2]})"),
            "f, tensor 'a': unknown key 'shap'. Did you mean 'shape'?");
        add("an unknown dtype", tensor(R"({"dtype":"BF16","shape":[4],"data_offsets":[0,8]})"),
            "f, tensor 'a': dtype 'BF16' is not supported, expected one of F64, F32, I64, U8. Convert the "
            "tensor "
            "to one of these.");
        add("a dtype that is a number", tensor(R"({"dtype":4,"shape":[2],"data_offsets":[0,8]})"),
            "f, tensor 'a': 'dtype' is no text, expected one of F64, F32, I64, U8.");
        add("a negative size", tensor(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"),
            "f, tensor 'a': 'shape' is no list of whole numbers >= 0.");
        add("a fractional size", tensor(R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})"),
            "f, tensor 'a': 'shape' is no list of whole numbers >= 0.");
        add("a size that is no list", tensor(R"({"dtype":"F32","shape":2,"data_offsets":[0,8]})"),
            "f, tensor 'a': 'shape' is no list of whole numbers >= 0.");
        add("a product that overflows",
            tensor(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]})"),
            "f, tensor 'a': the shape has too many elements.");
        add("a shape that does not fit", tensor(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"),
            "f, tensor 'a': 'data_offsets' [0, 8] hold 8 bytes, the shape needs 12.");
        add("three offsets", tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8,8]})"),
            "f, tensor 'a': 'data_offsets' has 3 numbers, expected 2.");
        add("offsets in reverse", tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"),
            "f, tensor 'a': 'data_offsets' [8, 0] end before they begin.");
        add("truncated data", tensor(R"({"dtype":"F32","shape":[3],"data_offsets":[0,12]})"),
            "f, tensor 'a': 'data_offsets' [0, 12] reach beyond the 8 bytes of data. The file is truncated "
            "or damaged.");
        add("overlap",
            fileOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                   R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                   data),
            "f, tensor 'b': its bytes overlap those of another tensor.");
        add("a hole", tensor(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})"),
            "f, tensor 'a': 4 bytes in front of it belong to no tensor.");
        add("bytes left over", tensor(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})"),
            "f: 4 bytes at the end belong to no tensor. The file is damaged.");
        add("metadata that is no object", fileOf(R"({"__metadata__":[]})"),
            "f: '__metadata__' is no object of texts.");
        add("metadata that is no text", fileOf(R"({"__metadata__":{"epoch":3}})"),
            "f: '__metadata__.epoch' is no text.");
    }

    void malformedFilesAreRefusedWithTheirPlace() {
        QFETCH(QByteArray, file);
        QFETCH(QString, error);
        QCOMPARE(inputErrorOf([&] { parseSafetensors(file.toStdString(), "f"); }), error);
    }

    void everyTruncationOfAGoodFileIsRefused() {
        const std::array<double, 4> values{1, 2, 3, 4};
        const std::string good = safetensorsBytes({{Tensor::of<double>("a", {2, 2}, values)}, {}});
        QVERIFY(inputErrorOf([&] { parseSafetensors(good, "f"); }).isEmpty());
        for (std::size_t length = 0; length < good.size(); ++length)
            QVERIFY2(!inputErrorOf([&] { parseSafetensors(good.substr(0, length), "f"); }).isEmpty(),
                     qPrintable(QString::number(length)));
    }

    void missingAndUnwritableFilesAreNamed() {
        QCOMPARE(inputErrorOf([] { readSafetensors("/nowhere/a.safetensors"); }),
                 QString("/nowhere/a.safetensors: there is no such file. Check the path."));
        QVERIFY(inputErrorOf([] {
                    writeSafetensors("/nowhere/a.safetensors", {});
                }).startsWith("/nowhere/a.safetensors: cannot be written"));
    }
};

QTEST_APPLESS_MAIN(SafetensorsTest)
#include "safetensors_test.moc"
