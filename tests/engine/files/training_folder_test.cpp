// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/training_folder.h"

#include "engine/files/checkpoint.h"
#include "engine/files/experiment_json.h"
#include "engine/files/presets.h"
#include "tests/support/input_errors.h"

#include <QtTest>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace kappascope;

namespace {

/// Trains `session` for `steps` steps in chunks of `chunk` and leaves its files in `folder`.
void trainInto(const QString& folder, const SessionDocument& session, std::int64_t steps,
               std::int64_t chunk) {
    Laboratory laboratory(session.start, {.threads = 2});
    laboratory.wait();
    TrainingFolder files(folder.toStdString(), session);
    for (std::int64_t done = 0; done < steps; done += chunk) {
        laboratory.send(command::Step{std::min(chunk, steps - done)});
        laboratory.wait();
        files.append(laboratory);
        files.checkpoint(laboratory);
    }
    files.finish(summarize(laboratory, false));
    QCOMPARE(files.missed(), std::int64_t{0});
}

SessionDocument session() {
    SessionDocument session;
    session.start = preset("default");
    session.start.runs[0].name = "Plain, \"raw\"/1";
    session.start.stop.steps = 300;
    return session;
}

QByteArray read(const QString& file) {
    QFile stream(file);
    return stream.open(QIODevice::ReadOnly) ? stream.readAll() : QByteArray();
}

/// The values of a history.csv: (run, metric, layer) -> step -> value.
using Values = std::map<std::tuple<QString, QString, QString>, std::map<qint64, double>>;

Values valuesOf(const QByteArray& csv) {
    Values values;
    const QStringList lines = QString::fromUtf8(csv).split('\n', Qt::SkipEmptyParts);
    for (const QString& line : lines.mid(1)) {
        QString run = line.section(',', 0, -5);
        if (run.startsWith('"')) run = run.mid(1, run.size() - 2).replace("\"\"", "\"");
        const QStringList cells = line.section(',', -4).split(',');
        values[{run, cells[1], cells[2]}][cells[0].toLongLong()] = cells[3].toDouble();
    }
    return values;
}

} // namespace

class TrainingFolderTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { trainInto(folder_.path(), session(), 300, 70); }

    void theExperimentIsWhatRan() {
        QVERIFY(loadExperiment(folder_.filePath("experiment.kappa").toStdString()) == session().start);
    }

    void theHistoryHoldsEveryValueOfEverySeries() {
        const Values values = valuesOf(read(folder_.filePath("history.csv")));
        Laboratory laboratory(session().start);
        laboratory.send(command::Step{300});
        laboratory.wait();
        std::size_t series = 0;
        for (const RunSpec& run : session().start.runs) {
            const auto history = laboratory.history(run.id);
            for (const SeriesKey& key : history->keys()) {
                ++series;
                const QString layer = key.layer < 0 ? "" : QString::number(key.layer);
                const auto& written =
                    values.at({QString::fromStdString(run.name), QString::fromStdString(key.metric), layer});
                std::vector<std::int64_t> steps;
                std::vector<double> kept;
                QCOMPARE(history->raw(key, 0, steps, kept), std::int64_t{0});
                QCOMPARE(written.size(), kept.size());
                for (std::size_t i = 0; i < kept.size(); ++i) {
                    const double value = written.at(steps[i]);
                    QVERIFY(value == kept[i] || (std::isnan(value) && std::isnan(kept[i])));
                }
            }
        }
        QCOMPARE(values.size(), series);
        QCOMPARE(values.at({"BN", "train_loss", ""}).size(), std::size_t{300});
    }

    void theHistoryDoesNotDependOnTheChunks() {
        QTemporaryDir other;
        trainInto(other.path(), session(), 300, 7);
        QCOMPARE(read(other.filePath("history.csv")), read(folder_.filePath("history.csv")));
    }

    void checkpointsHoldTheWeightsUnderTorchsNames() {
        Laboratory laboratory(session().start);
        laboratory.send(command::Step{140});
        laboratory.wait();
        const TensorFile file =
            readSafetensors(folder_.filePath("BN/step-00000140.safetensors").toStdString());
        const auto weights = laboratory.weights(2);
        QCOMPARE(file.tensors.size(), weights.size());
        for (const auto& tensor : weights) {
            const Tensor* stored = file.find(tensor.name);
            QVERIFY2(stored, tensor.name.c_str());
            QCOMPARE(stored->values<double>(), tensor.values);
            QCOMPARE(stored->shape, std::vector<std::int64_t>(tensor.shape.begin(), tensor.shape.end()));
        }
        QVERIFY(file.find("layers.0.weight") && file.find("normalizations.1.running_mean"));
    }

    void foldersOfRunsHaveNamesThatFileSystemsTake() {
        QVERIFY(QFile::exists(folder_.filePath("Plain, _raw__1/step-00000300.safetensors")));
    }

    void theSummaryTellsHowItEnded() {
        const auto summary = nlohmann::json::parse(read(folder_.filePath("summary.json")));
        QCOMPARE(summary["steps"], 300);
        QCOMPARE(summary["experiment"], "XOR, badly scaled");
        QCOMPARE(summary["signature"].get<std::string>().size(), std::size_t{16});
        const auto& plain = summary["runs"][0];
        QCOMPARE(plain["name"], "Plain, \"raw\"/1");
        QCOMPARE(plain["ended"], "finished");
        QCOMPARE(plain["steps"], 300);
        QCOMPARE(plain["parameters"], 105);
        const auto& last = summary["runs"][1]["last"];
        const auto& best = summary["runs"][1]["best"];
        const Values values = valuesOf(read(folder_.filePath("history.csv")));
        QCOMPARE(last["train_loss"], values.at({"BN", "train_loss", ""}).at(299));
        for (const char* metric : {"train_loss", "train_loss_full", "test_loss"})
            QVERIFY(best[metric] <= last[metric]);
        for (const char* metric : {"train_accuracy", "test_accuracy"})
            QVERIFY(best[metric] >= last[metric]);
        QVERIFY(last.contains("gradient_norm") && !best.contains("gradient_norm"));
    }

    /// The last values are those of the final parameters: what a measurement at that step would see.
    void lastValuesAreThoseOfTheFinalParameters() {
        const auto summary = nlohmann::json::parse(read(folder_.filePath("summary.json")));
        SessionDocument further = session();
        further.start.measureEvery = 300;
        Laboratory laboratory(further.start);
        further.start.stop.steps = 0;
        laboratory.send(command::Edit{further.start, "go on"});
        laboratory.send(command::Step{301});
        laboratory.wait();
        constexpr double rounding = 1e-12; // other order of sums
        for (std::size_t i = 0; i < 3; ++i)
            for (const char* metric : {"train_loss_full", "test_loss", "train_accuracy", "test_accuracy"}) {
                const double measured = laboratory.history(static_cast<int>(i) + 1)->lastValue({metric});
                const double summed = summary["runs"][i]["last"][metric];
                QVERIFY2(std::abs(measured - summed) <= rounding * measured, metric);
            }
    }

    void divergedRunsSaySoAndWhereTheyStand() {
        QTemporaryDir folder;
        SessionDocument wild = session();
        wild.start.runs[0].learningRate = 1000;
        wild.start.model.activation = {"relu", {}};
        trainInto(folder.path(), wild, 300, 100);
        const auto run = nlohmann::json::parse(read(folder.filePath("summary.json")))["runs"][0];
        QCOMPARE(run["ended"], "diverged");
        QVERIFY(run["steps"] < 300);
        QVERIFY2(run["why"].get<std::string>().starts_with("Diverged at step "),
                 run["why"].get<std::string>().c_str());
    }

    void foldersThatCannotBeMadeAreNamed() {
        QTemporaryDir folder;
        const QString file = folder.filePath("file");
        QVERIFY(QFile(file).open(QIODevice::WriteOnly));
        QCOMPARE(test::inputErrorOf([&] { TrainingFolder((file + "/results").toStdString(), session()); }),
                 file + "/results: the folder cannot be made: Not a directory.");
        QCOMPARE(test::inputErrorOf([&] { TrainingFolder(file.toStdString(), session()); }),
                 file + ": the folder cannot be made: Not a directory.");
    }

private:
    QTemporaryDir folder_;
};

QTEST_APPLESS_MAIN(TrainingFolderTest)
#include "training_folder_test.moc"
