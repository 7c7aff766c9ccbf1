// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/presets.h"

#include "engine/core/embedded.h"
#include "engine/files/experiment_json.h"
#include "engine/files/summary_json.h"
#include "tests/support/input_errors.h"
#include "tests/support/json_schema.h"

#include <QtTest>

#include <map>
#include <set>

using namespace kappascope;

namespace {

/// What a preset's description promises of one run: the loss over the training set after some steps.
struct Promise {
    const char* preset;
    std::int64_t steps;
    const char* run;
    double least, greatest;
};

// The measured losses lie a factor of two or more inside these bounds, for several seeds.
constexpr double any = 1e9;
constexpr Promise promises[] = {
    {"default", 400, "Plain", 0.2, any},
    {"default", 400, "BN", 0, 0.02},
    {"default", 400, "BNP", 0, 0.02},
    {"xor_crushed", 300, "Plain", 0.6, any},
    {"xor_crushed", 300, "BN", 0, 0.02},
    {"xor_crushed", 300, "BNP", 0, 0.02},
    {"xor_saturated", 500, "Plain", 0.6, any},
    {"xor_saturated", 500, "BN", 0, 0.02},
    {"xor_saturated", 500, "BNP", 0.2, any},
    {"xor_batch_1", 3000, "Plain", 0.5, any},
    {"xor_batch_1", 3000, "BN", 0.5, any},
    {"xor_batch_1", 3000, "BNP", 0, 0.1},
    {"xor_batch_1", 3000, "BNP, literal variance", 5, any},
    {"moons_shifted", 1000, "Plain", 0.1, any},
    {"moons_shifted", 1000, "BN", 0, 0.03},
    {"moons_shifted", 1000, "BNP", 0, 0.03},
    {"moons_shifted", 1000, "Centring only", 0, 0.05},
    {"moons_shifted", 1000, "Scaling only", 0.1, any},
    {"moons_deep_sigmoid", 1000, "Plain", 0.65, any},
    {"moons_deep_sigmoid", 1000, "BN", 0, 0.02},
    {"moons_deep_sigmoid", 1000, "BNP", 0, 0.02},
    {"spiral_relu", 1000, "Plain", 0.4, any},
    {"spiral_relu", 1000, "BN", 0, 0.05},
    {"spiral_relu", 1000, "BNP", 0, 0.05},
    {"optimizers", 1000, "SGD", 0.08, any},
    {"optimizers", 1000, "Momentum", 0.05, any},
    {"optimizers", 1000, "AdaGrad", 0, 0.01},
    {"optimizers", 1000, "RMSProp", 0, 0.01},
    {"optimizers", 1000, "Adam", 0, 0.005},
    {"optimizers", 1000, "AdamW", 0, 0.01},
    {"optimizers", 1000, "SGD + BNP", 0, 0.005},
    {"linear_regression", 1000, "Plain", 1e-3, any},
    {"linear_regression", 1000, "Momentum", 0, 1e-8},
    {"linear_regression", 1000, "Nesterov", 0, 1e-8},
    {"wine", 300, "Plain", 0.9, any},
    {"wine", 300, "BN", 0, 0.05},
    {"wine", 300, "BNP", 0, 0.15},
    {"breast_cancer", 300, "Plain", 0.5, any},
    {"breast_cancer", 300, "BN", 0, 0.15},
    {"breast_cancer", 300, "BNP", 0, 0.15},
    {"digits", 300, "Plain", 1.8, any},
    {"digits", 300, "BN", 0, 0.2},
    {"digits", 300, "BNP", 0, 0.5},
    {"paper_hessian_blocks", 500, "Plain", 0.06, any},
    {"paper_hessian_blocks", 500, "BNP", 0, 0.05},
    {"paper_local_rate", 300, "Best step", 0, 5e-6},
    {"paper_local_rate", 300, "Half of it", 5e-5, any},
    {"paper_scale_invariant", 300, "Rate 0.3", 0, 1e-12},
    {"paper_equal_step", 500, "BN", 0, 0.12},
    {"paper_equal_step", 500, "BNP with BN's ε", 0, 0.1},
    {"paper_equal_step", 500, "BNP", 0, 0.1},
};

/// The loss over the training set of each run of `preset` after `steps`.
std::map<std::string, double> finalLosses(const char* name, std::int64_t steps) {
    Laboratory laboratory(preset(name));
    laboratory.send(command::Step{steps});
    laboratory.wait();
    std::map<std::string, double> losses;
    for (const RunSummary& run : summarize(laboratory, false).runs)
        losses[run.name] = run.lastOf("train_loss_full");
    return losses;
}

} // namespace

class PresetsTest : public QObject {
    Q_OBJECT
private slots:
    void theFirstIsWhatTheWindowOpensWith() {
        QCOMPARE(presetNames().front(), std::string("default"));
        QCOMPARE(QString::fromStdString(formatExperiment(preset("default"))),
                 QString::fromStdString(formatExperiment(defaultExperiment())));
        QVERIFY(preset("default") == defaultExperiment());
    }

    void everyFileIsListedAndEveryNameHasAFile() {
        std::set<std::string> files, names;
        for (const EmbeddedFile& file : embeddedFiles())
            if (file.name.starts_with("presets/")) files.emplace(file.name);
        for (const std::string& name : presetNames())
            names.insert("presets/" + name + ".kappa");
        QCOMPARE(files, names);
    }

    void eachSaysWhatItShows_data() { addPresets(); }
    void eachSaysWhatItShows() {
        QFETCH(QString, name);
        const Experiment experiment = preset(name.toStdString());
        QVERIFY(experiment.name != "Untitled");
        QVERIFY(experiment.description.size() > 40 && experiment.description.ends_with('.'));
        QVERIFY(experiment.runs.size() >= 2 && experiment.runs.size() <= 8);
        QVERIFY(parseExperiment(formatExperiment(experiment)) == experiment);
    }

    void theSchemaAcceptsThem_data() { addPresets(); }
    void theSchemaAcceptsThem() {
        QFETCH(QString, name);
        const test::JsonSchema schema(nlohmann::json::parse(experimentSchema()));
        const auto text = embeddedFile("presets/" + name.toStdString() + ".kappa");
        QVERIFY(schema.accepts(nlohmann::json::parse(text)));
    }

    void eachShowsWhatItSays_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<qint64>("steps");
        std::set<std::string> seen;
        for (const Promise& promise : promises)
            if (seen.insert(promise.preset).second)
                QTest::newRow(promise.preset) << QString(promise.preset) << qint64{promise.steps};
    }
    void eachShowsWhatItSays() {
        QFETCH(QString, name);
        QFETCH(qint64, steps);
        const auto losses = finalLosses(qPrintable(name), steps);
        for (const Promise& promise : promises) {
            if (name != promise.preset) continue;
            const double loss = losses.at(promise.run);
            const QString text = QString("%1: %2").arg(promise.run).arg(loss);
            QVERIFY2(loss >= promise.least && loss <= promise.greatest, qPrintable(text));
        }
    }

    void misspelledNamesAreCorrected() {
        QCOMPARE(test::inputErrorOf([] { preset("defalt"); }),
                 QString("unknown preset 'defalt'. Did you mean 'default'?"));
        QCOMPARE(test::inputErrorOf([] { openExperiment("wines"); }),
                 QString("there is neither a preset nor a file 'wines'. Did you mean 'wine'?"));
        QCOMPARE(test::inputErrorOf([] { openExperiment("wine.kappa"); }),
                 QString("wine.kappa: there is no such file. Check the path."));
    }

    void filesAreOpenedAsExperimentsOrSessions() {
        QTemporaryDir folder;
        const std::string file = folder.filePath("mine.kappa").toStdString();
        SessionDocument session;
        session.start = preset("wine");
        session.step = 12;
        saveSession(session, file);
        QCOMPARE(openExperiment(file).step, std::int64_t{12});
        QVERIFY(openExperiment(file).start == session.start);
        QVERIFY(openExperiment("wine").start == session.start);
    }

private:
    static void addPresets() {
        QTest::addColumn<QString>("name");
        for (const std::string& name : presetNames())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
};

QTEST_APPLESS_MAIN(PresetsTest)
#include "presets_test.moc"
