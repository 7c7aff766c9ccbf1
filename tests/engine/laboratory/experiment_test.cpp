// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/experiment.h"

#include "engine/data/data_catalog.h"
#include "tests/support/training.h"

#include <QTest>
#include <functional>

using namespace kappascope;
using namespace kappascope::test;

namespace {

using Change = std::function<void(Experiment&)>;

/// The place and the whole text of the error that validate() finds after `change`; empty for none.
std::pair<QString, QString> errorAfter(const Change& change) {
    Experiment experiment = defaultExperiment();
    change(experiment);
    try {
        validate(experiment);
    } catch (const InputError& error) {
        return {QString::fromStdString(error.place()), QString::fromStdString(error.what())};
    }
    return {};
}

DataSpec sine() {
    DataSpec data;
    data.set = "sine";
    return data;
}

} // namespace

Q_DECLARE_METATYPE(Change)

class ExperimentTest : public QObject {
    Q_OBJECT
private slots:
    void defaultIsBadlyScaledXorInThreeRuns() {
        const Experiment experiment = defaultExperiment();
        validate(experiment);
        QCOMPARE(experiment.runs.size(), 3U);
        QCOMPARE(experiment.runs[0].name, std::string("Plain"));
        QCOMPARE(experiment.runs[1].normalization.method, std::string("batch_norm"));
        QCOMPARE(experiment.runs[2].preconditioner.method, std::string("bnp"));
        QCOMPARE(experiment.stop.steps, 0);
        // x = 10 + z1, y = 10 + 20 z2 with z around (±1, ±1); 200 samples train, the classes even.
        const Split split = loadData(experiment.data, experiment.seed.data);
        QCOMPARE(split.train.samples(), 200);
        const FeatureMoments moments = featureMoments(split.train.x);
        QVERIFY(std::abs(moments.mean[0] - 10) < 0.2 && std::abs(moments.mean[1] - 10) < 4);
        QVERIFY(std::abs(moments.deviation[0] - 1.04) < 0.1 && std::abs(moments.deviation[1] - 20.8) < 2);
        QCOMPARE(std::ranges::count(split.train.labels, 0), 100);
    }

    void runsDifferOnlyInTheirMethod() {
        const Experiment experiment = defaultExperiment();
        for (const RunSpec& run : experiment.runs) {
            RunSpec plain = run;
            plain.id = experiment.runs[0].id;
            plain.name = experiment.runs[0].name;
            (run.name == "BN" ? plain.normalization : plain.preconditioner) =
                run.name == "BN" ? defaultRun().normalization : defaultRun().preconditioner;
            QVERIFY(plain == experiment.runs[0]);
        }
    }

    void optimizersCarryNoLearningRate() { QVERIFY(!defaultRun().optimizer.parameters.has("learning_rate")); }

    void errorsNameTheirPlace_data() {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* place, const char* says, Change change) {
            QTest::addRow("%s: %s", place, says) << change << QString(place) << QString(says);
        };
        row("batch_size", "whole number", [](Experiment& e) { e.batchSize = 0; });
        row("learning_rate", "a number in (0, 1000]", [](Experiment& e) { e.learningRate = 0; });
        row("measure_every", "whole number", [](Experiment& e) { e.measureEvery = -1; });
        row("evaluate_every", "whole number", [](Experiment& e) { e.evaluateEvery = -1; });
        row("steps", "whole number", [](Experiment& e) { e.stop.steps = -5; });
        row("stop.epochs", "a number", [](Experiment& e) { e.stop.epochs = -1; });
        row("stop.target_loss", "a number", [](Experiment& e) { e.stop.targetLoss = std::nan(""); });
        row("stop.patience", "whole number", [](Experiment& e) { e.stop.patience = -1; });
        row("stop.divergence_factor", "a number", [](Experiment& e) { e.stop.divergenceFactor = -1; });
        row("data.set", "Did you mean 'moons'?", [](Experiment& e) { e.data.set = "moon"; });
        row("data.samples", "whole number", [](Experiment& e) { e.data.samples = 1; });
        row("data.noise", "a number", [](Experiment& e) { e.data.noise = -1; });
        row("data.arms", "no parameter 'arms'",
            [](Experiment& e) { e.data.parameters.set("arms", std::int64_t{3}); });
        row("model.hidden", "list of numbers", [](Experiment& e) { e.model.hidden = {8, 0}; });
        row("model.hidden", "at most 64", [](Experiment& e) { e.model.hidden.assign(65, 2); });
        row("model.activation", "Did you mean 'tanh'?",
            [](Experiment& e) { e.model.activation.method = "tanhh"; });
        row("model.initialization.gain", "a number",
            [](Experiment& e) { e.model.initialization.parameters.set("gain", -1.0); });
        row("model.l2", "a number", [](Experiment& e) { e.model.l2 = -1; });
        row("loss", "unknown loss", [](Experiment& e) { e.loss.method = "hinge"; });
        row("loss", "needs classes", [](Experiment& e) { e.data = sine(); });
        row("runs.BNP.preconditioner.rho", "a number",
            [](Experiment& e) { e.runs[2].preconditioner.parameters.set("rho", 1.5); });
        row("runs.BNP.preconditioner.layers", "0.5 is no layer", [](Experiment& e) {
            e.runs[2].preconditioner.parameters.set("layers", std::vector<double>{0.5});
        });
        row("runs.BNP.preconditioner.layers", "0 stands twice", [](Experiment& e) {
            e.runs[2].preconditioner.parameters.set("layers", std::vector<double>{0, 1, 0});
        });
        row("runs.BNP.preconditioner.rho", "missing", [](Experiment& e) {
            e.runs[2].preconditioner.parameters = {};
            for (const Parameter& p : preconditioningCatalog().at("bnp").parameters)
                if (p.key != "rho") e.runs[2].preconditioner.parameters.set(p.key, p.standard);
        });
        row("runs.BN.normalization", "Did you mean 'batch_norm'?",
            [](Experiment& e) { e.runs[1].normalization.method = "batchnorm"; });
        row("runs.Plain.optimizer", "unknown optimizer",
            [](Experiment& e) { e.runs[0].optimizer.method = "lbfgs"; });
        row("runs.Plain.optimizer.beta", "no parameter 'beta'",
            [](Experiment& e) { e.runs[0].optimizer.parameters.set("beta", 0.5); });
        row("runs.BN.optimizer.learning_rate", "a number in (0, 1000]",
            [](Experiment& e) { e.runs[1].learningRate = -0.1; });
        row("runs.BN.optimizer.schedule", "unknown",
            [](Experiment& e) { e.runs[1].schedule.method = "zigzag"; });
        row("runs.1.name", "empty", [](Experiment& e) { e.runs[1].name.clear(); });
        row("runs.2.name", "'BN' too", [](Experiment& e) { e.runs[2].name = "BN"; });
        row("runs", "at most 1000", [](Experiment& e) {
            for (int i = 0; i < 998; ++i) {
                e.runs.push_back(e.runs[0]);
                e.runs.back().name = std::to_string(i);
            }
        });
    }

    void errorsNameTheirPlace() {
        QFETCH(Change, change);
        QFETCH(QString, place);
        QFETCH(QString, says);
        const auto [where, text] = errorAfter(change);
        QCOMPARE(where, place);
        QVERIFY2(text.contains(says), qPrintable(text));
    }

    void allowsWhatIsUnusualButRight() {
        QVERIFY(errorAfter([](Experiment& e) { e.model.hidden.clear(); }).second.isEmpty());
        QVERIFY(errorAfter([](Experiment& e) { e.runs.clear(); }).second.isEmpty());
        QVERIFY(errorAfter([](Experiment& e) { e.runs[2].forkOf = "gone"; }).second.isEmpty());
        QVERIFY(errorAfter([](Experiment& e) {
                    e.data = sine();
                    e.loss = methodOf(lossCatalog(), "mean_squared_error");
                }).second.isEmpty());
    }

    void onlyDataNetworkAndSeedsNeedARestart() {
        const Experiment a = defaultExperiment();
        const auto restarts = [&a](const Change& change) {
            Experiment b = a;
            change(b);
            return needsRestart(a, b);
        };
        QVERIFY(restarts([](Experiment& e) { e.seed.weights = 8; }));
        QVERIFY(restarts([](Experiment& e) { e.precision = Precision::Float32; }));
        QVERIFY(restarts([](Experiment& e) { e.data.scale = {1, 10}; }));
        QVERIFY(restarts([](Experiment& e) { e.model.hidden = {8}; }));
        QVERIFY(restarts([](Experiment& e) { e.model.activation.method = "relu"; }));
        QVERIFY(restarts([](Experiment& e) { e.model.fold = Fold::None; }));
        QVERIFY(restarts([](Experiment& e) { e.loss.method = "cross_entropy"; }));
        QVERIFY(!restarts([](Experiment& e) { e.model.l2 = 0.1; }));
        QVERIFY(!restarts([](Experiment& e) { e.batchSize = 5; }));
        QVERIFY(!restarts([](Experiment& e) { e.learningRate = 5; }));
        QVERIFY(!restarts([](Experiment& e) { e.stop.steps = 5; }));
        QVERIFY(!restarts([](Experiment& e) { e.measureEvery = 5; }));
        QVERIFY(!restarts([](Experiment& e) { e.evaluateEvery = 5; }));
        QVERIFY(!restarts([](Experiment& e) { e.runs.pop_back(); }));
        QVERIFY(!restarts([](Experiment& e) { e.name = "x"; }));
    }
};

QTEST_APPLESS_MAIN(ExperimentTest)
#include "experiment_test.moc"
