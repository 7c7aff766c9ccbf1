// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run_table.h"

#include "tests/support/session_test.h"
#include "ui/panels/run/run_differences.h"
#include "ui/panels/run/run_table_model.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>

using namespace kappascope;
using namespace kappascope::ui;
using kappascope::test::PausedSession;

class RunTableTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init();
    void cleanup();

    void listsAllRunsWithTheirMethods();
    void tellsWhatDiffersFromTheFirstRun();
    void showsTheNumbersOfTheHistory();
    void atRestTheNumbersAreOfTheNetworkAsItStands();
    void everyNumberTellsWhatItIs();
    void selectsWithTheSessionBothWays();
    void theEyeHidesAndShows();
    void sortsByNumbersAndBack();
    void renamesInPlace();
    void copiesRowsWithAllDigits();
    void theContextMenuActsOnItsRun();

private:
    QString cell(const std::string& run, int column) const;
    int rowOf(const std::string& run) const;

    std::unique_ptr<PausedSession> session_;
    std::unique_ptr<RunTable> table_;
};

void RunTableTest::init() {
    session_ = std::make_unique<PausedSession>();
    table_ = std::make_unique<RunTable>(*session_);
    table_->resize(1100, 200);
    table_->show();
}

void RunTableTest::cleanup() {
    table_.reset();
    session_.reset();
}

int RunTableTest::rowOf(const std::string& run) const {
    for (int row = 0; row < table_->model()->rowCount(); ++row)
        if (table_->model()->index(row, RunTableModel::Name).data().toString().toStdString() == run)
            return row;
    return -1;
}

QString RunTableTest::cell(const std::string& run, int column) const {
    return table_->model()->index(rowOf(run), column).data().toString();
}

void RunTableTest::listsAllRunsWithTheirMethods() {
    QCOMPARE(table_->model()->rowCount(), 3);
    QVERIFY(cell("BN", RunTableModel::Normalization).contains("atch"));
    QCOMPARE(cell("BN", RunTableModel::Preconditioner), cell("Plain", RunTableModel::Preconditioner));
    QVERIFY(cell("BNP", RunTableModel::Preconditioner).contains("BNP"));
    QCOMPARE(cell("Plain", RunTableModel::Rate), QStringLiteral("0.05"));
    for (int column = RunTableModel::Name; column < RunTableModel::ColumnCount; ++column)
        QVERIFY(!table_->model()->headerData(column, Qt::Horizontal).toString().isEmpty());
}

void RunTableTest::tellsWhatDiffersFromTheFirstRun() {
    Experiment experiment = session_->experiment();
    RunSpec& plain = experiment.runs[0];
    RunSpec other = plain;
    other.name = "Other";
    other.color = "#123456";
    other.hidden = true;
    QVERIFY(runDifferences(experiment, plain, other).isEmpty()); // looks are no difference
    other.learningRate = experiment.learningRate;
    QVERIFY(runDifferences(experiment, plain, other).isEmpty()); // the same rate, however it came
    other.learningRate = 0.02;
    QCOMPARE(runDifferences(experiment, plain, other), QStringList{"rate 0.02"});
    RunSpec bnp = experiment.runs[2];
    RunSpec slower = bnp;
    slower.preconditioner.parameters.set("rho", 0.5);
    const QStringList parameter = runDifferences(experiment, bnp, slower);
    QCOMPARE(parameter.size(), 1);
    QVERIFY2(parameter.front().contains("0.5"), qPrintable(parameter.front()));
    QCOMPARE(runDifferences(experiment, plain, bnp), QStringList{cell("BNP", RunTableModel::Preconditioner)});
    QVERIFY(runDifferences(experiment, bnp, plain).front().startsWith("no "));
    QCOMPARE(cell("BNP", RunTableModel::Differences), cell("BNP", RunTableModel::Preconditioner));
}

void RunTableTest::showsTheNumbersOfTheHistory() {
    QVERIFY(session_->train(80));
    const auto history = session_->history(session_->idOf("BNP"));
    QTRY_COMPARE(cell("BNP", RunTableModel::Steps), QStringLiteral("80"));
    QTRY_COMPARE(cell("BNP", RunTableModel::Loss), formatNumber(history->lastValue({"train_loss_full"})));
    QTRY_COMPARE(cell("BNP", RunTableModel::TestAccuracy),
                 formatShare(history->lastValue({"test_accuracy"})));
    std::vector<std::int64_t> steps;
    std::vector<double> values;
    history->raw({"train_loss_full"}, 0, steps, values);
    QTRY_COMPARE(cell("BNP", RunTableModel::BestLoss), formatNumber(*std::ranges::min_element(values)));
    QTRY_COMPARE(cell("BNP", RunTableModel::State), QStringLiteral("paused"));
}

void RunTableTest::atRestTheNumbersAreOfTheNetworkAsItStands() {
    Experiment experiment = defaultExperiment();
    experiment.measureEvery = 50;
    Session session({.threads = 1, .evaluatesAtRest = true});
    session.open(experiment, false);
    RunTable table(session);
    table.resize(1100, 200);
    table.show();
    session.step(70);
    const auto first = [&](int column) { return table.model()->index(0, column).data().toString(); };
    const int run = session.experiment().runs.front().id;
    const auto isThere = [&] {
        const RunStatus* status = session.runStatus(run);
        return status && status->step == 70 && status->evaluation;
    };
    QVERIFY(QTest::qWaitFor(isThere, 60'000));
    const Evaluation evaluation = *session.runStatus(run)->evaluation;
    QTRY_COMPARE(first(RunTableModel::Loss), formatNumber(evaluation.trainLoss));
    QTRY_COMPARE(first(RunTableModel::TestLoss), formatNumber(evaluation.testLoss));
    QTRY_COMPARE(first(RunTableModel::TestAccuracy), formatShare(evaluation.testAccuracy));
    const QModelIndex loss = table.model()->index(0, RunTableModel::Loss);
    QVERIFY(loss.data(Qt::ToolTipRole).toString().endsWith("of step 70"));
    // It is of no step that is recorded: step 50 was.
    QCOMPARE(session.history(run)->lastStep({"test_loss"}), 50);
}

void RunTableTest::everyNumberTellsWhatItIs() {
    QVERIFY(session_->train(3));
    for (int column = RunTableModel::Rate; column <= RunTableModel::StepTime; ++column) {
        const QModelIndex index = table_->model()->index(0, column);
        const QString tip = index.data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.size() > 8 && tip != index.data().toString(), qPrintable(QString::number(column)));
    }
}

void RunTableTest::selectsWithTheSessionBothWays() {
    table_->setCurrentIndex(table_->model()->index(rowOf("BNP"), RunTableModel::Name));
    QCOMPARE(session_->selectedRun(), session_->idOf("BNP"));
    session_->selectRun(session_->idOf("BN"));
    QCOMPARE(table_->currentIndex().row(), rowOf("BN"));
    session_->changeRun(session_->idOf("Plain"), "rate", [](RunSpec& run) { run.learningRate = 0.2; });
    QCOMPARE(session_->selectedRun(), session_->idOf("BN"));
    QCOMPARE(table_->currentIndex().row(), rowOf("BN"));
}

void RunTableTest::theEyeHidesAndShows() {
    const auto eye = [&] {
        return table_->visualRect(table_->model()->index(rowOf("Plain"), RunTableModel::Visible)).center();
    };
    QTest::mouseClick(table_->viewport(), Qt::LeftButton, {}, eye());
    QVERIFY(session_->named("Plain").hidden);
    QTest::mouseClick(table_->viewport(), Qt::LeftButton, {}, eye());
    QVERIFY(!session_->named("Plain").hidden);
}

void RunTableTest::sortsByNumbersAndBack() {
    session_->changeRun(session_->idOf("Plain"), "rate", [](RunSpec& run) { run.learningRate = 10; });
    session_->changeRun(session_->idOf("BN"), "rate", [](RunSpec& run) { run.learningRate = 9; });
    table_->sortByColumn(RunTableModel::Rate, Qt::AscendingOrder);
    QCOMPARE(rowOf("BNP"), 0); // 0.3
    QCOMPARE(rowOf("BN"), 1);
    QCOMPARE(rowOf("Plain"), 2);
    table_->sortByColumn(RunTableModel::Rate, Qt::DescendingOrder);
    QCOMPARE(rowOf("Plain"), 0);
    table_->sortByColumn(-1, Qt::AscendingOrder);
    QCOMPARE(rowOf("Plain"), 0);
    QCOMPARE(rowOf("BN"), 1);
}

void RunTableTest::renamesInPlace() {
    const QModelIndex name = table_->model()->index(rowOf("BN"), RunTableModel::Name);
    QVERIFY(table_->model()->setData(name, "Batch norm"));
    QVERIFY(session_->idOf("Batch norm") > 0);
    QVERIFY(!table_->model()->setData(table_->model()->index(rowOf("BNP"), RunTableModel::Name), "Plain"));
    QVERIFY(session_->idOf("BNP") > 0);
}

void RunTableTest::copiesRowsWithAllDigits() {
    QVERIFY(session_->train(20));
    table_->clearSelection();
    QTRY_COMPARE(cell("BN", RunTableModel::Steps), QStringLiteral("20"));
    QTest::keyClick(table_.get(), Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 4);
    QVERIFY(lines.front().startsWith("Run\tState\t"));
    const QStringList cells = lines[2].split('\t');
    QCOMPARE(cells.front(), QStringLiteral("BN"));
    const double loss = cells[RunTableModel::Loss - RunTableModel::Name].toDouble();
    QCOMPARE(loss, session_->history(session_->idOf("BN"))->lastValue({"train_loss_full"}));
    table_->setCurrentIndex(table_->model()->index(rowOf("BNP"), RunTableModel::Name));
    QCOMPARE(table_->selectedText().count('\n'), 2);
}

void RunTableTest::theContextMenuActsOnItsRun() {
    const QPoint at = table_->visualRect(table_->model()->index(rowOf("BNP"), RunTableModel::Name)).center();
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, table_->viewport()->mapToGlobal(at));
    QApplication::sendEvent(table_->viewport(), &event);
    auto* menu = table_->findChild<QMenu*>("run-table-menu");
    QVERIFY(menu);
    menu->findChild<QAction*>("hide")->trigger();
    QVERIFY(session_->named("BNP").hidden);
    menu->close();
}

QTEST_MAIN(RunTableTest)
#include "run_table_test.moc"
