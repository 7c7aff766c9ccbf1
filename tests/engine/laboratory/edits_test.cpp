// SPDX-License-Identifier: GPL-3.0-or-later
// Changes before and in mid-training.
#include "tests/support/files.h"
#include "tests/support/laboratory.h"

#include <QTest>
#include <set>

using namespace kappascope;
using namespace kappascope::test;

namespace {

/// The promise of a change of coordinates, relative to the size of the outputs.
constexpr double sameFunction = 1e-10;

Matrix<double> outputsOf(Laboratory& laboratory, int run) {
    const auto snapshot = snapshotNow(laboratory, run);
    return Predictor(*snapshot).outputs(snapshot->data->train.x.dense());
}

bool sameWeights(Laboratory& laboratory, int a, int b) {
    const auto first = laboratory.weights(a), second = laboratory.weights(b);
    if (first.size() != second.size()) return false;
    for (std::size_t i = 0; i < first.size(); ++i)
        if (first[i].name != second[i].name || first[i].values != second[i].values) return false;
    return true;
}

RunSpec& added(Experiment& experiment, const RunSpec& like, int id, const std::string& name) {
    experiment.runs.push_back(like);
    experiment.runs.back().id = id;
    experiment.runs.back().name = name;
    return experiment.runs.back();
}

} // namespace

class EditsTest : public QObject {
    Q_OBJECT
private slots:
    void beforeTheStartTheyAlterTheStart() {
        Experiment changed = smallExperiment();
        changed.runs[0].learningRate = 0.7;
        changed.runs[1].normalization = defaultRun().normalization;
        changed.batchSize = 10;
        changed.model.l2 = 0.01;
        changed.runs.erase(changed.runs.begin() + 2);
        Laboratory edited(smallExperiment()), started(changed);
        edited.wait();
        const auto generation = edited.status().generation;
        edited.send(command::Edit{changed, "all of it"});
        edited.wait();
        QVERIFY(edited.changes().empty());
        QCOMPARE(edited.status().generation, generation);
        QVERIFY(edited.start() == changed);
        step(edited, 60);
        step(started, 60);
        QCOMPARE(edited.signature(), started.signature());
    }

    void aLossThatIsLeftOutFollowsTheTarget() {
        const Folder folder;
        Experiment experiment = smallExperiment();
        experiment.loss = {};
        experiment.data = {};
        experiment.data.set = "csv";
        experiment.data = checked([&] {
            DataSpec data = experiment.data;
            data.path =
                folder.write("numbers.csv", "x,y\n1,2.5\n2,3.25\n3,5.5\n4,6.75\n5,8\n6,9.5\n").string();
            return data;
        }());
        Laboratory laboratory(experiment);
        laboratory.wait();
        QCOMPARE(laboratory.status().failure, std::string());
        QCOMPARE(laboratory.experiment().loss.method, std::string("mean_squared_error"));
        QVERIFY(laboratory.start() == laboratory.experiment());
        step(laboratory, 5);

        // Whoever has not heard of it yet does not start the training over.
        experiment.runs = laboratory.experiment().runs;
        experiment.learningRate = 0.05;
        laboratory.send(command::Edit{experiment, "rate"});
        laboratory.wait();
        QCOMPARE(laboratory.status().step, 5);
        QCOMPARE(laboratory.experiment().loss.method, std::string("mean_squared_error"));

        // Another target, another loss.
        experiment.data.path = folder.write("classes.csv", "x,y\n1,a\n2,a\n3,b\n4,b\n5,a\n6,b\n").string();
        laboratory.send(command::Edit{experiment, "classes"});
        laboratory.wait();
        QCOMPARE(laboratory.status().failure, std::string());
        QCOMPARE(laboratory.experiment().loss.method, std::string("cross_entropy"));
    }

    void inMidTrainingTheyAreLoggedWithTheirStep() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 12);
        edit(laboratory, "rate", [](Experiment& e) { e.learningRate = 0.2; });
        step(laboratory, 8);
        edit(laboratory, "BNP off",
             [](Experiment& e) { e.runs[2].preconditioner = defaultRun().preconditioner; });
        const auto changes = laboratory.changes();
        QCOMPARE(changes.size(), 2U);
        QCOMPARE(changes[0].step, 12);
        QCOMPARE(changes[0].description, std::string("rate"));
        QCOMPARE(changes[1].step, 20);
        QVERIFY(changes[1].after == laboratory.experiment());
        QVERIFY(laboratory.start() == smallExperiment());
    }

    void whatTrainingDoesNotFeelIsNotLogged() {
        Laboratory edited(smallExperiment()), untouched(smallExperiment());
        step(edited, 20);
        edit(edited, "nothing", [](Experiment&) {});
        edit(edited, "looks", [](Experiment& e) {
            e.name = "Other";
            e.runs[0].name = "Other";
            e.runs[1].color = "#123456";
            e.runs[2].hidden = true;
        });
        edit(edited, "the same rate, told otherwise", [](Experiment& e) { e.runs[0].learningRate = 0.1; });
        QCOMPARE(edited.changes().size(), 1U); // the run no longer follows the experiment's rate
        QCOMPARE(edited.experiment().runs[0].name, std::string("Other"));
        step(edited, 20);
        step(untouched, 40);
        QCOMPARE(edited.signature(), untouched.signature());
        QCOMPARE(edited.status().step, 40);
    }

    void actOnlyOnTheRunsConcerned() {
        Laboratory edited(smallExperiment()), untouched(smallExperiment());
        for (Laboratory* laboratory : {&edited, &untouched})
            step(*laboratory, 20);
        edit(edited, "rate of one", [](Experiment& e) { e.runs[0].learningRate = 0.3; });
        edit(edited, "rate of the others", [](Experiment& e) { e.learningRate = 0.2; });
        edit(edited, "and back", [](Experiment& e) { e.learningRate = 0.1; });
        for (Laboratory* laboratory : {&edited, &untouched})
            step(*laboratory, 20);
        for (int run = 2; run <= 5; ++run)
            QVERIFY(seriesOf(edited, run, {"train_loss"}) == seriesOf(untouched, run, {"train_loss"}));
        QVERIFY(seriesOf(edited, 1, {"train_loss"}) != seriesOf(untouched, 1, {"train_loss"}));
        QCOMPARE(edited.history(1)->at({"learning_rate"}, 39).mean, 0.3);
    }

    void eachKindOfChangeActs_data() {
        using Change = std::function<void(Experiment&)>;
        QTest::addColumn<Change>("change");
        const auto row = [](const char* name, Change change) { QTest::newRow(name) << change; };
        row("learning rate", [](Experiment& e) { e.runs[0].learningRate = 0.3; });
        row("schedule", [](Experiment& e) {
            e.runs[0].schedule = methodOf(scheduleCatalog(), "cosine", {{"steps", std::int64_t{50}}});
        });
        row("optimizer",
            [](Experiment& e) { e.runs[0].optimizer = methodOf(optimizerCatalog(), "momentum"); });
        row("preconditioner", [](Experiment& e) { e.runs[0].preconditioner = e.runs[2].preconditioner; });
        row("normalization", [](Experiment& e) { e.runs[0].normalization = e.runs[1].normalization; });
        row("penalty", [](Experiment& e) { e.model.l2 = 0.1; });
        row("batch size", [](Experiment& e) { e.batchSize = 3; });
    }

    void eachKindOfChangeActs() {
        QFETCH(std::function<void(Experiment&)>, change);
        Laboratory edited(smallExperiment()), untouched(smallExperiment());
        step(edited, 20);
        edit(edited, "change", change);
        QVERIFY2(edited.status().failure.empty(), edited.status().failure.c_str());
        step(edited, 10);
        step(untouched, 30);
        const auto changed = seriesOf(edited, 1, {"train_loss"}).second;
        const auto plain = seriesOf(untouched, 1, {"train_loss"}).second;
        QCOMPARE(changed.size(), plain.size());
        QVERIFY(std::equal(changed.begin(), changed.begin() + 20, plain.begin()));
        QVERIFY(!std::equal(changed.begin() + 20, changed.end(), plain.begin() + 20));
    }

    void batchesOfOneStepAreTheSameForAllRuns() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 12);
        edit(laboratory, "batch", [](Experiment& e) { e.batchSize = 10; });
        QCOMPARE(laboratory.status().epoch, 12 / 5.0);
        step(laboratory, 8);
        QCOMPARE(laboratory.status().examples, 12 * 8 + 8 * 10);
        // A copy of a run that is added now goes the same way from step 0.
        edit(laboratory, "again", [](Experiment& e) { added(e, e.runs[3], 20, "Adam again"); });
        QVERIFY(seriesOf(laboratory, 20, {"train_loss"}) == seriesOf(laboratory, 4, {"train_loss"}));
    }

    void normalizationIsAChangeOfCoordinates_data() {
        QTest::addColumn<QString>("placement");
        QTest::newRow("post") << "post";
        QTest::newRow("pre") << "pre";
    }

    void normalizationIsAChangeOfCoordinates() {
        QFETCH(QString, placement);
        Laboratory laboratory(smallExperiment());
        step(laboratory, 50);
        const Matrix<double> before = outputsOf(laboratory, 1);
        const double size = before.cwiseAbs().maxCoeff();
        edit(laboratory, "BN on", [&](Experiment& e) {
            e.runs[0].normalization = e.runs[1].normalization;
            e.runs[0].normalization.parameters.set("placement", placement.toStdString());
        });
        QCOMPARE(laboratory.weights(1).front().name.substr(0, 14), std::string("normalizations"));
        QVERIFY((outputsOf(laboratory, 1) - before).cwiseAbs().maxCoeff() < sameFunction * size);
        step(laboratory, 50);
        const Matrix<double> trained = outputsOf(laboratory, 1);
        QVERIFY((trained - before).cwiseAbs().maxCoeff() > 1e-3 * size);
        edit(laboratory, "BN off",
             [](Experiment& e) { e.runs[0].normalization = defaultRun().normalization; });
        QVERIFY((outputsOf(laboratory, 1) - trained).cwiseAbs().maxCoeff() <
                sameFunction * trained.cwiseAbs().maxCoeff());
        QCOMPARE(laboratory.weights(1).front().name, std::string("layers.0.weight"));
    }

    void aForkTakesOverTheStateAndTheHistory() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 33);
        edit(laboratory, "fork",
             [](Experiment& e) { added(e, e.runs[4], 20, "Fork").forkOf = "BN and BNP"; });
        QVERIFY(statusOf(laboratory, 20).state == RunState::Training);
        QCOMPARE(statusOf(laboratory, 20).step, 33);
        QVERIFY(sameWeights(laboratory, 5, 20));
        step(laboratory, 30);
        QVERIFY(sameWeights(laboratory, 5, 20)); // momentum and statistics were taken over too
        QVERIFY(seriesOf(laboratory, 20, {"train_loss"}) == seriesOf(laboratory, 5, {"train_loss"}));
        QCOMPARE(laboratory.history(20)->size({"train_loss"}), 63);
    }

    void aForkMayDifferAtOnce() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 33);
        const Matrix<double> before = outputsOf(laboratory, 2);
        edit(laboratory, "fork without BN", [](Experiment& e) {
            RunSpec& fork = added(e, e.runs[1], 20, "Fork");
            fork.forkOf = "BN";
            fork.normalization = defaultRun().normalization;
        });
        QVERIFY((outputsOf(laboratory, 20) - before).cwiseAbs().maxCoeff() <
                sameFunction * before.cwiseAbs().maxCoeff());
        QVERIFY(outputsOf(laboratory, 2) == before);
    }

    void aNewRunCatchesUp() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 60);
        edit(laboratory, "add", [](Experiment& e) {
            added(e, e.runs[2], 20, "BNP again").forkOf = "gone"; // nobody of that name: from the start
        });
        QCOMPARE(statusOf(laboratory, 20).step, 60);
        QVERIFY(statusOf(laboratory, 20).state == RunState::Training);
        QCOMPARE(laboratory.status().step, 60);
        QVERIFY(sameWeights(laboratory, 3, 20));
        step(laboratory, 10);
        QVERIFY(seriesOf(laboratory, 20, {"train_loss"}) == seriesOf(laboratory, 3, {"train_loss"}));
    }

    /// Commands are obeyed while a run catches up; an edit that would act on it waits until it has.
    void editsDuringACatchUpDoNotDependOnItsProgress() {
        std::string signatures[2];
        for (const bool patient : {false, true}) {
            Laboratory laboratory(smallExperiment());
            step(laboratory, 400);
            Experiment experiment = laboratory.experiment();
            added(experiment, experiment.runs[2], 20, "Late");
            laboratory.send(command::Edit{experiment, "add"});
            if (patient) laboratory.wait();
            experiment.runs.back().learningRate = 0.01;
            laboratory.send(command::Edit{experiment, "its rate"});
            if (patient) laboratory.wait();
            experiment.runs[0].learningRate = 0.02;
            laboratory.send(command::Edit{experiment, "another's rate"});
            laboratory.wait();
            step(laboratory, 20);
            signatures[patient] = laboratory.signature();
            QCOMPARE(statusOf(laboratory, 20).step, 420);
        }
        QCOMPARE(signatures[0], signatures[1]);
    }

    void aRunThatCatchesUpMayBeRemoved() {
        Laboratory laboratory(smallExperiment()), untouched(smallExperiment());
        step(laboratory, 400);
        Experiment experiment = laboratory.experiment();
        added(experiment, experiment.runs[2], 20, "Late");
        laboratory.send(command::Edit{experiment, "add"});
        experiment.runs.pop_back();
        laboratory.send(command::Edit{experiment, "remove"});
        laboratory.wait();
        QCOMPARE(laboratory.status().runs.size(), 5U);
        QVERIFY(!laboratory.history(20));
        step(untouched, 400);
        QCOMPARE(laboratory.signature(), untouched.signature());
    }

    void resetDuringACatchUpTakesWaitingEditsAlong() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 300);
        Experiment experiment = laboratory.experiment();
        added(experiment, experiment.runs[2], 20, "Late");
        laboratory.send(command::Edit{experiment, "add"});
        experiment.runs.back().learningRate = 0.01;
        laboratory.send(command::Edit{experiment, "its rate"});
        laboratory.send(command::Reset{});
        laboratory.wait();
        QCOMPARE(laboratory.status().step, 0);
        QVERIFY(laboratory.experiment() == experiment);
        QVERIFY(laboratory.changes().empty());
    }

    void runsComeAndGoFromNoneToSixtyFour() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 10);
        edit(laboratory, "remove all", [](Experiment& e) { e.runs.clear(); });
        QVERIFY(laboratory.status().runs.empty());
        laboratory.send(command::Play{}); // nothing to train: no harm
        step(laboratory, 5);
        QVERIFY(!laboratory.status().playing);
        QCOMPARE(laboratory.status().step, 10);
        edit(laboratory, "sixty-four", [](Experiment& e) {
            for (int i = 0; i < 64; ++i)
                added(e, smallExperiment().runs[static_cast<std::size_t>(i % 5)], 100 + i, std::to_string(i));
        });
        QCOMPARE(laboratory.status().runs.size(), 64U);
        step(laboratory, 5);
        for (const RunStatus& run : laboratory.status().runs)
            QCOMPARE(run.step, 15);
        edit(laboratory, "too many", [](Experiment& e) {
            for (int i = 64; i <= maximumRuns; ++i)
                added(e, e.runs[0], 100 + i, std::to_string(i));
        });
        QCOMPARE(laboratory.status().failure,
                 std::string("runs: found 1001 runs, expected at most 1000. Spread "
                             "them over several experiments."));
        QCOMPARE(laboratory.status().runs.size(), 64U);
    }

    void allHistoriesTogetherAreBounded() {
        constexpr std::size_t all = 4 << 20;
        Laboratory laboratory(smallExperiment(), {.allHistoriesBytes = all});
        const auto bytes = [&] {
            std::size_t sum = 0;
            for (const RunStatus& run : laboratory.status().runs)
                sum += laboratory.history(run.id)->bytes();
            return sum;
        };
        step(laboratory, 8000);
        QVERIFY2(bytes() > all / 2 && bytes() <= all, qPrintable(QString::number(bytes())));
        // A fork brings its history along: the others give way.
        edit(laboratory, "fork", [](Experiment& e) { added(e, e.runs[0], 20, "Fork").forkOf = "Plain"; });
        QVERIFY2(bytes() <= all, qPrintable(QString::number(bytes())));
    }

    void startsWithoutRuns() {
        Experiment experiment = smallExperiment();
        experiment.runs.clear();
        Laboratory laboratory(experiment);
        step(laboratory, 5);
        QVERIFY(laboratory.status().ready);
        QCOMPARE(laboratory.status().step, 0);
        edit(laboratory, "add", [](Experiment& e) { added(e, defaultRun(), 1, "Plain"); });
        step(laboratory, 5);
        QCOMPARE(laboratory.status().step, 5);
    }

    void runsWithoutIdsGetThem() {
        Experiment experiment = smallExperiment();
        for (RunSpec& run : experiment.runs)
            run.id = 0;
        Laboratory laboratory(experiment);
        step(laboratory, 5);
        std::set<int> ids;
        for (const RunStatus& run : laboratory.status().runs)
            ids.insert(run.id);
        QCOMPARE(ids.size(), 5U);
        QVERIFY(!ids.contains(0));
        // Known by its name when it comes without one again.
        const int id = laboratory.experiment().runs[2].id;
        edit(laboratory, "no id", [](Experiment& e) { e.runs[2].id = 0; });
        QCOMPARE(laboratory.experiment().runs[2].id, id);
        QCOMPARE(statusOf(laboratory, id).step, 5);
    }

    void anotherNetworkStartsOver() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 20);
        edit(laboratory, "rate", [](Experiment& e) { e.learningRate = 0.2; });
        const auto before = laboratory.status().generation;
        const auto old = laboratory.history(1);
        edit(laboratory, "wider", [](Experiment& e) { e.model.hidden = {6, 6}; });
        QCOMPARE(laboratory.status().step, 0);
        QVERIFY(laboratory.status().generation > before);
        QVERIFY(laboratory.changes().empty());
        QVERIFY(laboratory.history(1) != old);
        QCOMPARE(old->size({"train_loss"}), 20); // who holds it can still read it
        QVERIFY(laboratory.start() == laboratory.experiment());
    }

    void editsInQuickSuccessionEndWithTheLast() {
        Laboratory laboratory(smallExperiment());
        laboratory.send(command::Play{});
        Experiment experiment = smallExperiment();
        for (int i = 0; i < 30; ++i) {
            experiment.data.noise = 0.1 + 0.01 * i;
            if (i % 3 == 0) experiment.learningRate = 0.01 * (i + 1);
            laboratory.send(command::Edit{experiment, "noise"});
        }
        laboratory.send(command::Pause{});
        laboratory.wait();
        QVERIFY(laboratory.experiment() == experiment);
        QVERIFY(laboratory.start() == experiment);
    }
};

QTEST_APPLESS_MAIN(EditsTest)
#include "edits_test.moc"
