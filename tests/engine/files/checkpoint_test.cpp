// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/checkpoint.h"

#include <QtTest>

using namespace kappascope;

class CheckpointTest : public QObject {
    Q_OBJECT
private slots:
    void tensorsKeepNameShapeAndValues() {
        const std::vector<Laboratory::NamedTensor> weights{{"layers.0.weight", {2, 3}, {1, 2, 3, 4, 5, 0.1}},
                                                           {"layers.0.bias", {2}, {-1, 1e-300}}};
        const TensorFile file =
            parseSafetensors(safetensorsBytes(checkpoint(weights, Precision::Float64)), "f");
        const Tensor* weight = file.find("layers.0.weight");
        QVERIFY(weight && file.find("layers.0.bias"));
        QCOMPARE(weight->shape, (std::vector<std::int64_t>{2, 3}));
        QCOMPARE(weight->values<double>(), weights[0].values);
        QCOMPARE(file.find("layers.0.bias")->values<double>(), weights[1].values);
    }

    void singlePrecisionIsStoredAsSuch() {
        const double single = 0.1f;
        const TensorFile file = checkpoint({{"w", {1}, {single}}}, Precision::Float32);
        QCOMPARE(file.tensors.front().type, TensorType::F32);
        QCOMPARE(file.tensors.front().values<float>(), (std::vector<float>{0.1f}));
    }

    void namesSortByStep() {
        QCOMPARE(checkpointName(1000), std::string("step-00001000.safetensors"));
        QCOMPARE(checkpointName(123456789012), std::string("step-123456789012.safetensors"));
    }

    void anyNameBecomesAFileName() {
        const std::vector<std::string> names{"BN", "bn",    "a/b",         "a\\b", "..",
                                             "",   "κ = 3", "history.csv", "x.",   "\n"};
        const std::vector<std::string> files{"BN", "bn-2",  "a_b",           "a_b-2", "_.._",
                                             "_",  "κ = 3", "history.csv-2", "x._",   "_-2"};
        QCOMPARE(fileNames(names, {"history.csv"}), files);
    }

    void longNamesAreCutBetweenLetters() {
        std::string name;
        for (int i = 0; i < 100; ++i)
            name += "κ";
        const std::string file = fileNames({"x" + name}).front();
        QVERIFY(file.size() <= 100);
        QVERIFY(QString::fromStdString(file).toStdString() == file); // still UTF-8
        QCOMPARE(fileNames({name + "1", name + "2"})[1].substr(100), std::string("-2"));
    }
};

QTEST_APPLESS_MAIN(CheckpointTest)
#include "checkpoint_test.moc"
