// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"
#include "engine/files/experiment_json.h"
#include "engine/files/presets.h"
#include "engine/files/session_json.h"
#include "engine/laboratory/laboratory.h"
#include "tests/support/changed_session.h"
#include "tests/support/program.h"

#include <QProcess>
#include <QtTest>
#include <nlohmann/json.hpp>

#include <csignal>
#include <sys/stat.h>

using namespace kappascope;
using namespace kappascope::test;

namespace {

QString signatureOf(const Said& said) {
    return said.output.section("signature ", 1).trimmed();
}

} // namespace

class CliTest : public QObject {
    Q_OBJECT
private slots:
    void trainPrintsResultsAndASignature();
    void trainLeavesItsFiles();
    void theSignatureIsTheLaboratorys();
    void curvatureIsMeasuredOnDemand();
    void anyNumberOfThreadsGivesTheSameBits();
    void overridesAct();
    void experimentsWithoutAnEndTrainAThousandSteps();
    void experimentsSayWhenToStop();
    void sessionsAreReplayed();
    void aChangeThatCannotBeMadeIsAFailure();
    void whatRanCanBeRunAgain();
    void interruptedTrainingFinishesItsFiles();
    void interruptedLoadingEndsAtOnce();
    void failuresOfTheWork_data();
    void failuresOfTheWork();
    void wrongUsage_data();
    void wrongUsage();
    void helpAndVersion();
    void everyListIsPrinted_data();
    void everyListIsPrinted();
    void describeShowsLayers();
    void aLossThatIsLeftOutFollowsTheTable();
    void exportWritesTheFiles();
    void aFullDiskIsAFailure();

private:
    QTemporaryDir folder_;
};

void CliTest::trainPrintsResultsAndASignature() {
    const Said said = cli({"train", "default", "--steps", "50"});
    QCOMPARE(said.status, 0);
    QCOMPARE(said.errors, QString()); // no progress bar: this is no terminal
    const QStringList lines = said.output.split('\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 5);
    QVERIFY(lines[0].startsWith("run    steps  train loss"));
    QCOMPARE(lines[1].simplified().section(' ', 0, 1), QString("Plain 50"));
    QVERIFY(lines[3].endsWith("finished"));
    QVERIFY(QRegularExpression("^signature [0-9a-f]{16}$").match(lines[4]).hasMatch());
}

void CliTest::trainLeavesItsFiles() {
    const QString out = folder_.filePath("deep/results");
    const Said said = cli({"train", "wine", "--steps", "60", "--out", out, "--checkpoint-every", "25"});
    QVERIFY2(said.status == 0, qPrintable(said.errors));
    QCOMPARE(QDir(out).entryList(QDir::Files),
             (QStringList{"experiment.kappa", "history.csv", "state.safetensors", "summary.json"}));
    QCOMPARE(
        QDir(out + "/BNP").entryList(QDir::Files),
        (QStringList{"step-00000025.safetensors", "step-00000050.safetensors", "step-00000060.safetensors"}));
    QCOMPARE(read(out + "/history.csv").count(",train_loss,"), 3 * 60);
    const auto summary = nlohmann::json::parse(read(out + "/summary.json"));
    QCOMPARE(QString::fromStdString(summary["signature"]), signatureOf(said));
    QCOMPARE(loadExperiment((out + "/experiment.kappa").toStdString()).stop.steps, std::int64_t{60});
}

void CliTest::curvatureIsMeasuredOnDemand() {
    const QString folder = folder_.filePath("curvature");
    const Said measured =
        cli({"train", "default", "--steps", "50", "--curvature-every", "20", "--out", folder});
    QCOMPARE(measured.status, 0);
    QCOMPARE(signatureOf(measured), signatureOf(cli({"train", "default", "--steps", "50"})));
    QFile file(folder + "/history.csv");
    QVERIFY(file.open(QIODevice::ReadOnly));
    QStringList steps;
    for (const QByteArray& line : file.readAll().split('\n'))
        if (line.startsWith("BNP,") && line.contains(",condition_number,0,"))
            steps << QString(line).section(',', 1, 1);
    QCOMPARE(steps, (QStringList{"0", "20", "40"}));
    const Said wrong = cli({"train", "default", "--curvature-every", "0"});
    QCOMPARE(wrong.status, 2);
    QVERIFY2(wrong.errors.contains("--curvature-every"), qPrintable(wrong.errors));
}

void CliTest::theSignatureIsTheLaboratorys() {
    Laboratory laboratory(preset("default"));
    laboratory.send(command::Step{100});
    laboratory.wait();
    QCOMPARE(signatureOf(cli({"train", "default", "--steps", "100"})),
             QString::fromStdString(laboratory.signature()));
}

void CliTest::anyNumberOfThreadsGivesTheSameBits() {
    const auto train = [](const char* preset, const char* threads) {
        return signatureOf(cli({"train", preset, "--steps", "200", "--threads", threads}));
    };
    for (const char* preset : {"default", "digits"}) {
        const QString one = train(preset, "1");
        QCOMPARE(one.size(), 16);
        QCOMPARE(train(preset, "2"), one);
        QCOMPARE(train(preset, "4"), one);
    }
}

void CliTest::overridesAct() {
    const QString plain = signatureOf(cli({"train", "default", "--steps", "20"}));
    const QString same = signatureOf(cli({"train", "default", "--steps", "20", "--set", "batch_size=200"}));
    const QString other = signatureOf(cli({"train", "default", "--steps", "20", "--set", "batch_size=20"}));
    QCOMPARE(same, plain);
    QVERIFY(other != plain && other.size() == 16);
    const Said renamed = cli({"train", "default", "--steps", "1", "--set", "runs.BNP.name=B.N.P", "--set",
                              "runs.B.N.P.optimizer.learning_rate=0.05", "--set", "model.hidden=[4,4]"});
    QVERIFY2(renamed.output.contains("\nB.N.P"), qPrintable(renamed.errors));
}

void CliTest::experimentsWithoutAnEndTrainAThousandSteps() {
    const Said said = cli({"train", "linear_regression"});
    QCOMPARE(said.status, 0);
    QCOMPARE(said.errors,
             QString("kappascope-cli: the experiment does not say when to stop: training 1,000 steps "
                     "(--steps N for another number)\n"));
    QCOMPARE(said.output.split('\n')[1].simplified().section(' ', 0, 1), QString("Plain 1000"));
}

void CliTest::experimentsSayWhenToStop() {
    const QString out = folder_.filePath("stops");
    const Said said = cli({"train", "wine", "--set", "stop.target_loss=0.5", "--set",
                           "runs=[{\"preconditioner\":\"bnp\"}]", "--out", out});
    QVERIFY2(said.status == 0 && said.errors.isEmpty(), qPrintable(said.errors));
    const auto run = nlohmann::json::parse(read(out + "/summary.json"))["runs"][0];
    QCOMPARE(run["ended"], "finished");
    QVERIFY2(run["why"].get<std::string>().starts_with("Reached the target"),
             run["why"].get<std::string>().c_str());
    const Said epochs = cli({"train", "wine", "--set", "stop.epochs=2"});
    QCOMPARE(epochs.output.split('\n')[1].simplified().section(' ', 0, 1), QString("Plain 6")); // 119 / 30
}

/// A session file trains as the laboratory replays it.
void CliTest::sessionsAreReplayed() {
    const SessionDocument session = changedSession();
    const QString file = folder_.filePath("session.kappa");
    saveSession(session, file.toStdString());

    Laboratory laboratory(session.start);
    laboratory.replay(session.start, session.changes, session.step);
    laboratory.wait();
    const Said said = cli({"train", file, "--out", folder_.filePath("replayed")});
    QVERIFY2(said.status == 0, qPrintable(said.errors));
    QCOMPARE(signatureOf(said), QString::fromStdString(laboratory.signature()));
    QVERIFY(said.output.contains("\nLate "));
    QCOMPARE(read(folder_.filePath("replayed/history.csv")).count("Late,119,train_loss,"), 1);
    const Said resumed = cli({"train", "--resume", folder_.filePath("replayed")});
    QCOMPARE(resumed.status, 2);
    QVERIFY2(resumed.errors.contains("state.safetensors: there is no such file"), qPrintable(resumed.errors));
}

void CliTest::aChangeThatCannotBeMadeIsAFailure() {
    SessionDocument session;
    session.start = preset("default");
    session.step = 60;
    Experiment after = session.start;
    after.data.set = "csv";
    after.data.parameters = Parameters(dataCatalog().at("csv"));
    after.data.path = "/no/such/table.csv";
    session.changes.push_back({40, "other data", after});
    const QString file = folder_.filePath("impossible.kappa");
    saveSession(session, file.toStdString());
    const Said said = cli({"train", file});
    QCOMPARE(said.status, 1);
    QVERIFY2(said.errors.contains("/no/such/table.csv"), qPrintable(said.errors));
}

void CliTest::whatRanCanBeRunAgain() {
    const QString out = folder_.filePath("first");
    const Said first = cli({"train", "spiral_relu", "--set", "seed=5", "--steps", "80", "--out", out});
    QCOMPARE(signatureOf(cli({"train", out + "/experiment.kappa"})), signatureOf(first));
    const QString replayed = folder_.filePath("replayed/experiment.kappa"); // a session
    QCOMPARE(signatureOf(cli({"train", replayed})),
             signatureOf(cli({"train", folder_.filePath("session.kappa")})));
}

void CliTest::interruptedTrainingFinishesItsFiles() {
    const QString out = folder_.filePath("interrupted");
    QProcess process;
    process.start(program(), {"train", "default", "--steps", "1000000000", "--out", out});
    QVERIFY(process.waitForStarted(patience));
    QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(out + "/history.csv.part").size() > 100'000, patience);
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(patience));
    QCOMPARE(process.exitCode(), 1);
    QVERIFY(process.readAllStandardError().contains("stopped at step"));
    QVERIFY(process.readAllStandardOutput().contains("signature "));
    QVERIFY(!QFile::exists(out + "/history.csv.part"));
    const auto run = nlohmann::json::parse(read(out + "/summary.json"))["runs"][0];
    QCOMPARE(run["ended"], "stopped");
    QCOMPARE(run["why"], "by the user");
    const auto steps = run["steps"].get<qint64>();
    QCOMPARE(read(out + "/history.csv").count("\nPlain,") > 0, steps > 0);
    QVERIFY(read(out + "/history.csv").contains(("Plain," + QByteArray::number(steps - 1) + ",train_loss,")));
}

void CliTest::interruptedLoadingEndsAtOnce() {
    const QByteArray pipe = folder_.filePath("pipe.csv").toUtf8(); // nobody ever writes into it
    QCOMPARE(mkfifo(pipe.constData(), 0600), 0);
    const QString out = folder_.filePath("never");
    QProcess process;
    process.start(program(), {"train", "linear_regression", "--set", "data.set=csv", "--set",
                              "data.path=" + QString::fromUtf8(pipe), "--out", out});
    QVERIFY(process.waitForStarted(patience));
    QVERIFY(!process.waitForFinished(300)); // it waits for data
    kill(static_cast<pid_t>(process.processId()), SIGINT);
    const bool ended = process.waitForFinished(10'000);
    if (!ended) process.kill();
    QVERIFY(ended);
    QCOMPARE(process.exitStatus(), QProcess::CrashExit); // as the signal does by itself
    QVERIFY(!QFile::exists(out));
}

void CliTest::failuresOfTheWork_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("error");
    QTest::newRow("folder") << QStringList{"train", "default", "--steps", "1", "--out", "/proc/none"}
                            << "/proc/none: the folder cannot be made: No such file or directory.";
    QTest::newRow("export") << QStringList{"export", "torch", "default", "--out", "/proc/none"}
                            << "/proc/none/initial: the folder cannot be made: No such file or directory.";
    QTest::newRow("no runs") << QStringList{"train", "default", "--set", "runs=[]", "--steps", "1"}
                             << "runs: there is no run to train.";
}

void CliTest::failuresOfTheWork() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, error);
    const Said said = cli(arguments);
    QCOMPARE(said.errors, "kappascope-cli: " + error + '\n');
    QCOMPARE(said.status, 1);
    QCOMPARE(said.output, QString());
}

void CliTest::wrongUsage_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("error");
    const auto add = [](const QStringList& arguments, const char* error) {
        QTest::newRow(qPrintable(arguments.join(' '))) << arguments << QString(error);
    };
    add({}, "A subcommand is required. See kappascope-cli --help.");
    add({"trian"}, "there is no command 'trian'. Did you mean 'train'? See kappascope-cli --help.");
    add({"tran"}, "there is no command 'tran'. Did you mean 'train'? See kappascope-cli --help.");
    add({"train"}, "EXPERIMENT, or --resume DIR, is required. See kappascope-cli train --help.");
    add({"train", "defalt"}, "there is neither a preset nor a file 'defalt'. Did you mean 'default'?");
    add({"train", "no.kappa"}, "no.kappa: there is no such file. Check the path.");
    add({"train", "default", "--steps", "0"},
        "--steps: Value 0 not in range 1 to 1000000000000. See kappascope-cli train --help.");
    add({"train", "default", "--steps", "many"},
        "--steps: Value many not in range 1 to 1000000000000. See kappascope-cli train --help.");
    add({"train", "default", "--speed", "9"},
        "The following arguments were not expected: 9 --speed. See kappascope-cli train --help.");
    add({"train", "default", "--checkpoint-every", "5"},
        "train --checkpoint-every requires --out DIR. See kappascope-cli train --help.");
    add({"train", "default", "--set", "batchsize=3"},
        "--set batchsize=3: unknown key. Did you mean 'batch_size'?");
    add({"train", "default", "--set", "batch_size"},
        "--set batch_size: expected PATH=VALUE. For example: --set batch_size=16.");
    add({"train", "default", "--set", "runs.BMP.name=x"},
        "--set runs.BMP.name=x: runs: there is no run 'BMP'. Did you mean 'BNP'?");
    add({"train", "default", "--set", "optimizer.lr=0.1"},
        "--set optimizer.lr=0.1: optimizer: unknown key. Each run has its own, runs.Plain.optimizer. Did you "
        "mean 'learning_rate'?");
    const char* const threeNumbers =
        "data.scale: 3 numbers for 2 features. Give none, one for all, or one for each feature.";
    add({"train", "default", "--set", "data.scale=[1,2,3]", "--steps", "1"}, threeNumbers);
    add({"describe", "default", "--set", "data.scale=1,2,3"}, threeNumbers);
    add({"export", "torch", "default", "--set", "data.scale=1,2,3", "--out", "never"}, threeNumbers);
    add({"spectrum", "default", "--set", "data.scale=1,2,3"}, threeNumbers);
    add({"train", "default", "--set", R"(model.layers=["conv2d"])", "--steps", "1"},
        "model.layers[0]: a convolution receives 2 plain features, expected maps of channels x height x "
        "width. Choose a data set of images.");
    add({"train", "default", "--set", "runs.BNP.preconditioner.layers=[0,7]", "--steps", "1"},
        "runs.BNP.preconditioner.layers: 7, but the network has layers 0 to 2.");
    add({"list"}, "WHAT is required. See kappascope-cli list --help.");
    add({"list", "optimisers"}, "there is no list 'optimisers'. Did you mean 'optimizers'?");
    add({"export", "tensorflow"},
        "there is no command 'tensorflow'. Known: torch. See kappascope-cli export --help.");
    add({"spectrum", "default", "--matrix", "gauss_newtno"},
        "--matrix: 'gauss_newtno' is unknown. Did you mean 'gauss_newton'? See kappascope-cli spectrum "
        "--help.");
    add({"export"}, "A subcommand is required. See kappascope-cli export --help.");
    add({"export", "torch", "default"}, "--out is required. See kappascope-cli export torch --help.");
}

void CliTest::wrongUsage() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, error);
    const Said said = cli(arguments);
    QCOMPARE(said.errors, "kappascope-cli: " + error + '\n');
    QCOMPARE(said.status, 2);
    QCOMPARE(said.output, QString());
}

void CliTest::helpAndVersion() {
    const Said version = cli({"--version"});
    QCOMPARE(version.status, 0);
    QCOMPARE(version.output, QString("kappascope-cli " KAPPASCOPE_VERSION "\n"));
    for (const QStringList& command :
         {QStringList{}, {"train"}, {"list"}, {"describe"}, {"export"}, {"export", "torch"}}) {
        const Said help = cli(command + QStringList{"--help"});
        QCOMPARE(help.status, 0);
        QVERIFY2(help.output.contains("xample"), qPrintable(command.join(' ')));
        QVERIFY2(help.output.contains("kappascope-cli " + command.value(0)), qPrintable(command.join(' ')));
        QCOMPARE(help.errors, QString());
    }
}

void CliTest::everyListIsPrinted_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QStringList>("expected");
    const auto add = [](const char* what, const QStringList& expected) {
        QTest::newRow(what) << QString(what) << expected;
    };
    add("presets", {"default", "mnist", "Wine, as it comes"});
    add("datasets", {"moons", "condition_number = 1000", "mnist"});
    add("methods", {"batch_norm", "bnp", "rho = 0.99", "centering", "JMLR"});
    add("optimizers", {"A run without a learning_rate of its own", "adamw", "beta1 = 0.9", "nesterov"});
    add("instruments", {"train_loss", "test_accuracy", "gradient_norm"});
    add("layers", {"conv2d", "kernel = 3", "residual", "shortcut = \"identity\"", "torch.nn.MaxPool2d"});
    add("networks", {"lenet", "resnet110", "He, Zhang, Ren, Sun"});
    add("activations", {"gelu", "slope = 0.01"});
    add("initializations", {"orthogonal", "gain = 1"});
    add("losses", {"binary_cross_entropy"});
    add("schedules", {"warmup", "cosine"});
    add("keys", {"data.noise = 0.1", "runs.NAME.optimizer.learning_rate", "number in [1, 10000000]."});
    add("schema", {"https://json-schema.org/draft/2020-12/schema"});
}

void CliTest::everyListIsPrinted() {
    QFETCH(QString, what);
    QFETCH(QStringList, expected);
    const Said said = cli({"list", what});
    QCOMPARE(said.status, 0);
    QCOMPARE(said.errors, QString());
    for (const QString& text : expected)
        QVERIFY2(said.output.contains(text), qPrintable(text));
    QVERIFY2(cli({"list", "--help"}).output.contains("\n  " + what + ' '), qPrintable(what));
}

void CliTest::describeShowsLayers() {
    const Said said = cli({"describe", "default", "--set", "model.hidden=5"});
    QVERIFY2(said.status == 0, qPrintable(said.errors));
    for (const char* text :
         {"200 samples to train, 100 to test, 2 features, 2 classes", "weight [5, 2], bias [5]",
          "Network of Plain, BNP", "Network of BN", "batch_norm"})
        QVERIFY2(said.output.contains(text), text);
    // 2 x 5 + 5 + 5 x 1 + 1 = 21; BN adds 2 x 2 for the inputs and 2 x 5 for the hidden units.
    const QStringList lines = said.output.split('\n');
    QVERIFY(lines.filter(QRegularExpression("^Plain ")).value(0).endsWith(" 21"));
    QVERIFY(lines.filter(QRegularExpression("^BN ")).value(0).endsWith(" 35"));
}

void CliTest::aLossThatIsLeftOutFollowsTheTable() {
    const auto write = [this](const char* name, const QByteArray& text) {
        QFile file(folder_.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    };
    write("numbers.csv", "x,y\n1,2.5\n2,3.25\n3,5.5\n4,6.75\n5,8\n6,9.5\n");
    write("numbers.kappa", "{\"kappascope\": 1, \"data\": {\"set\": \"csv\", \"path\": \"numbers.csv\"}, "
                           "\"learning_rate\": 0.01, \"steps\": 3}");
    const QString experiment = folder_.filePath("numbers.kappa");
    const Said described = cli({"describe", experiment});
    QVERIFY2(described.status == 0, qPrintable(described.errors));
    QVERIFY2(described.output.contains("Training: loss mean_squared_error, "), qPrintable(described.output));
    const QString out = folder_.filePath("numbers");
    const Said trained = cli({"train", experiment, "--out", out});
    QVERIFY2(trained.status == 0, qPrintable(trained.errors));
    QCOMPARE(nlohmann::json::parse(read(out + "/experiment.kappa"))["loss"].get<std::string>(),
             std::string("mean_squared_error"));
    const Said exported = cli({"export", "torch", experiment, "--out", out + "/torch"});
    QVERIFY2(exported.status == 0, qPrintable(exported.errors));
    QCOMPARE(nlohmann::json::parse(read(out + "/torch/experiment.json"))["loss"].get<std::string>(),
             std::string("mean_squared_error"));
}

void CliTest::exportWritesTheFiles() {
    const QString out = folder_.filePath("exported");
    const Said said = cli({"export", "torch", "default", "--out", out, "--steps", "5"});
    QVERIFY2(said.status == 0, qPrintable(said.errors));
    QVERIFY(said.output.startsWith("Wrote 5 steps to "));
    QCOMPARE(QDir(out).entryList(QDir::Files),
             (QStringList{"batches.safetensors", "data.safetensors", "experiment.json", "train.py"}));
    QCOMPARE(read(out + "/train.py"), read(QString(KAPPASCOPE_SOURCE_DIR) + "/resources/torch/train.py"));
}

void CliTest::aFullDiskIsAFailure() {
    QProcess process;
    process.setStandardOutputFile("/dev/full");
    process.start(program(), {"list", "keys"});
    QVERIFY(process.waitForFinished(patience));
    QCOMPARE(process.readAllStandardError(),
             QByteArray("kappascope-cli: standard output cannot be written\n"));
    QCOMPARE(process.exitCode(), 1);
}

QTEST_GUILESS_MAIN(CliTest)
#include "cli_test.moc"
