// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/overrides.h"

#include "engine/files/experiment_json.h"
#include "tests/support/input_errors.h"

#include <QtTest>

using namespace kappascope;

namespace {

/// Three runs, one of them with a dot and one with a longer name that starts like another.
Experiment base() {
    return parseExperiment(
        "{\"kappascope\": 1, \"data\": {\"set\": \"spirals\", \"arms\": 3, \"samples\": 500},"
        " \"runs\": [{\"name\": \"Plain\"}, {\"name\": \"BNP\", \"preconditioner\": \"bnp\","
        " \"optimizer\": {\"method\": \"momentum\", \"learning_rate\": 0.2}},"
        " {\"name\": \"BNP 0.3\", \"preconditioner\": \"bnp\"}]}");
}

Experiment with(std::vector<std::string> assignments) {
    return withOverrides(base(), assignments);
}

QString errorOf(const char* assignment) {
    return test::inputErrorOf([&] { with({assignment}); });
}

} // namespace

class OverridesTest : public QObject {
    Q_OBJECT
private slots:
    void nothingChangesNothing() { QVERIFY(with({}) == base()); }

    void numbersAndChoicesAreSet() {
        const Experiment experiment =
            with({"batch_size=6", "precision=float32", "steps=1e4", "model.l2=0.5", "data.standardize=true"});
        QCOMPARE(experiment.batchSize, 6);
        QCOMPARE(experiment.precision, Precision::Float32);
        QCOMPARE(experiment.stop.steps, std::int64_t{10000});
        QCOMPARE(experiment.model.l2, 0.5);
        QVERIFY(experiment.data.standardize);
    }

    void runsAreNamedOrNumbered() {
        QCOMPARE(with({"runs.BNP.optimizer.learning_rate=0.05"}).runs[1].learningRate, std::optional(0.05));
        QCOMPARE(with({"runs.BNP 0.3.optimizer.learning_rate=0.05"}).runs[2].learningRate,
                 std::optional(0.05));
        QCOMPARE(with({"runs.0.optimizer.learning_rate=0.05"}).runs[0].learningRate, std::optional(0.05));
        QCOMPARE(with({"runs[2].preconditioner.rho=0.5"}).runs[2].preconditioner.parameters.real("rho"), 0.5);
        QCOMPARE(with({"runs.Plain.name=SGD", "runs.SGD.color=#ff0000"}).runs[0].color,
                 std::string("#ff0000"));
    }

    void listsNeedNoBrackets() {
        for (const char* text : {"model.hidden=[64,32]", "model.hidden=64,32", "model.hidden=[64, 32]"})
            QCOMPARE(with({text}).model.hidden, (std::vector<int>{64, 32}));
        QCOMPARE(with({"model.hidden=64"}).model.hidden, (std::vector<int>{64}));
        QCOMPARE(with({"model.hidden=[]"}).model.hidden, (std::vector<int>{}));
        QCOMPARE(with({"data.scale=1,100", "data.scale[1]=50"}).data.scale, (std::vector<double>{1, 50}));
    }

    void textNeedsNoQuotes() {
        QCOMPARE(with({"name=Bad scale = 100"}).name, std::string("Bad scale = 100"));
        QCOMPARE(with({"name=42"}).name, std::string("42"));
        QCOMPARE(with({"name=\"quoted\""}).name, std::string("quoted"));
        QCOMPARE(with({"description=7 of 9"}).description, std::string("7 of 9"));
        QCOMPARE(with({"name="}).name, std::string());
    }

    void anotherMethodKeepsWhatStandsBesideIt() {
        const RunSpec adam = with({"runs.BNP.optimizer.method=adam"}).runs[1];
        QCOMPARE(adam.optimizer.method, std::string("adam"));
        QCOMPARE(adam.learningRate, std::optional(0.2));
        QVERIFY(!adam.optimizer.parameters.has("momentum"));
        QCOMPARE(adam.optimizer.parameters.real("beta1"), 0.9);

        const RunSpec whole = with({"runs.BNP.optimizer=adam"}).runs[1];
        QVERIFY(!whole.learningRate); // a name alone is its defaults
        const RunSpec below =
            with({"runs.BNP.normalization=batch_norm", "runs.BNP.normalization.epsilon=0.1",
                  "runs.Plain.optimizer.schedule=cosine", "runs.Plain.optimizer.schedule.steps=9"})
                .runs[1];
        QCOMPARE(below.normalization.parameters.real("epsilon"), 0.1);
    }

    void anotherDataSetKeepsTheDials() {
        const DataSpec data = with({"data.scale=1,100", "data.set=moons"}).data;
        QCOMPARE(data.set, std::string("moons"));
        QCOMPARE(data.samples, 500);
        QCOMPARE(data.scale, (std::vector<double>{1, 100}));
        QVERIFY(!data.parameters.has("arms"));
    }

    void oneSeedOfFourIsSet() {
        QVERIFY((with({"seed.weights=9"}).seed == SeedSpec{7, 9, 7, 7, 7}));
        QVERIFY((with({"seed=3"}).seed == SeedSpec::of(3)));
    }

    void objectsAreSetWhole() {
        QCOMPARE(with({"runs.Plain.optimizer={\"method\": \"adam\", \"beta1\": 0.5}"})
                     .runs[0]
                     .optimizer.parameters.real("beta1"),
                 0.5);
        QCOMPARE(with({"runs=[{\"name\": \"only\"}]"}).runs.size(), std::size_t{1});
    }

    void mistakesAreNamed_data() {
        QTest::addColumn<QString>("assignment");
        QTest::addColumn<QString>("error");
        const auto add = [](const char* assignment, const QString& error) {
            QTest::newRow(assignment) << QString(assignment) << error;
        };
        add("batch_size", "--set batch_size: expected PATH=VALUE. For example: --set batch_size=16.");
        add("=3", "--set =3: expected PATH=VALUE. For example: --set batch_size=16.");
        add("batchsize=3", "--set batchsize=3: unknown key. Did you mean 'batch_size'?");
        add("batch_size=many", "--set batch_size=many: found the text \"many\", expected a whole number in "
                               "[1, 10000000].");
        add("batch_size=",
            "--set batch_size=: found the text \"\", expected a whole number in [1, 10000000].");
        add("batch_size.x=1", "--set batch_size.x=1: batch_size: is the number 32, it has no 'x'.");
        add("runs.BMP.name=x", "--set runs.BMP.name=x: runs: there is no run 'BMP'. Did you mean 'BNP'?");
        add("runs..x=1", "--set runs..x=1: runs: there is no run ''. Known: Plain, BNP, BNP 0.3.");
        add("runs.7.name=x",
            "--set runs.7.name=x: runs: has 3 elements, there is no number 7 (they are counted "
            "from 0).");
        add("runs.BNP.optimizer.lerning_rate=1",
            "--set runs.BNP.optimizer.lerning_rate=1: unknown key for the "
            "optimizer "
            "'momentum'. Did you mean 'learning_rate'?");
        add("runs.BNP.optimizer.method=adan", "--set runs.BNP.optimizer.method=adan: "
                                              "unknown optimizer 'adan'. Did you mean 'adam'?");
        add("model.hidden.2=3",
            "--set model.hidden.2=3: model.hidden: has 2 elements, there is no number 2 (they "
            "are counted from 0).");
        add("model.hidden.x=3",
            "--set model.hidden.x=3: model.hidden: is a list, expected a position from 0 instead "
            "of 'x'.");
        add("data.noise=-1", "--set data.noise=-1: -1 is out of range, expected a number in [0, 10].");
        add("data.cells=4",
            "--set data.cells=4: unknown key for the data set 'spirals'. Known: set, arms, turns, samples, "
            "noise, scale, rotation, offset, label_noise, test_fraction, standardize.");
        add("kappascope=2",
            "--set kappascope=2: this file is of version 2 of the format, and this program reads "
            "version 1. Open it with a newer Kappascope.");
    }
    void mistakesAreNamed() {
        QFETCH(QString, assignment);
        QFETCH(QString, error);
        QCOMPARE(errorOf(qPrintable(assignment)), error);
    }

    void textThatIsNotUtf8IsRefused() {
        QCOMPARE(errorOf("name=\xff"), QString("--set: the text is not UTF-8."));
    }
};

QTEST_APPLESS_MAIN(OverridesTest)
#include "overrides_test.moc"
