// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/confusion_matrix.h"

#include "tests/support/view_test.h"

using namespace kappascope;
using namespace kappascope::ui;
using namespace kappascope::test;

class ConfusionMatrixTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void countsWhatIsTakenForWhatInTheTestSet();
    void takesTheTrainingSetWhenNothingIsHeldOut();
    void looksAtAnEvenChoiceOfALargeSet();
    void paintsRightAnswersAndMistakesInOppositeColours();
    void tellsCountsAndSharesOnHover();
    void tellsTheAccuracyOfEachClassBesideItsRow();
};

namespace {

/// Predicts class 1 where x > 0.
std::shared_ptr<const Snapshot> signNetwork(const std::shared_ptr<const Split>& data) {
    Matrix<double> W(2, 3);
    W << -9, 0, 0, 9, 0, 0;
    return linearSnapshot(data, W, Vector<double>::Zero(2), "cross_entropy", 7);
}

Dataset points(const std::vector<double>& x, const std::vector<int>& labels) {
    Matrix<double> features = Matrix<double>::Zero(3, static_cast<Index>(x.size()));
    for (std::size_t k = 0; k < x.size(); ++k)
        features(0, static_cast<Index>(k)) = x[k];
    return classified(features, labels, 2);
}

std::shared_ptr<const Split> withTestSet() {
    return splitOf(points({1, 1, 1}, {0, 0, 0}), points({-1, -1, -1, 1, 1}, {0, 0, 0, 0, 1}));
}

} // namespace

void ConfusionMatrixTest::countsWhatIsTakenForWhatInTheTestSet() {
    ViewWorker worker;
    ConfusionMatrix matrix(worker);
    QVERIFY(showPicture(matrix, signNetwork(withTestSet()), {220, 220}));
    Eigen::MatrixXi expected(2, 2);
    expected << 3, 1, 0, 1; // rows: true class
    QCOMPARE(matrix.confusions().counts, expected);
    QCOMPARE(matrix.confusions().share(0, 1), 0.25);
    QCOMPARE(matrix.confusions().source, QStringLiteral("test set, 5 samples"));
}

void ConfusionMatrixTest::takesTheTrainingSetWhenNothingIsHeldOut() {
    ViewWorker worker;
    ConfusionMatrix matrix(worker);
    QVERIFY(showPicture(matrix, signNetwork(splitOf(points({1, -1}, {1, 1}))), {220, 220}));
    Eigen::MatrixXi expected(2, 2);
    expected << 0, 0, 1, 1;
    QCOMPARE(matrix.confusions().counts, expected);
    QCOMPARE(matrix.confusions().share(0, 0), 0.0); // no sample of this class: no division by zero
    QCOMPARE(matrix.confusions().source, QStringLiteral("training set, 2 samples"));
}

void ConfusionMatrixTest::looksAtAnEvenChoiceOfALargeSet() {
    constexpr int samples = 10000;
    std::vector<double> x(samples, 1.0);
    std::vector<int> labels(samples, 1); // sorted by class: the first 2,000 would show one class only
    for (int k = 0; k < samples / 2; ++k) {
        x[static_cast<std::size_t>(k)] = -1;
        labels[static_cast<std::size_t>(k)] = 0;
    }
    ViewWorker worker;
    ConfusionMatrix matrix(worker);
    QVERIFY(showPicture(matrix, signNetwork(splitOf(points(x, labels))), {220, 220}));
    Eigen::MatrixXi expected(2, 2);
    expected << 1000, 0, 0, 1000;
    QCOMPARE(matrix.confusions().counts, expected);
    QCOMPARE(matrix.confusions().source, QStringLiteral("training set, 2,000 of 10,000 samples"));
}

void ConfusionMatrixTest::paintsRightAnswersAndMistakesInOppositeColours() {
    ViewWorker worker;
    ConfusionMatrix matrix(worker);
    QVERIFY(showPicture(matrix, signNetwork(splitOf(points({-1, -1}, {0, 1}))), {220, 220}));
    const auto corner = [&](int truth, int predicted) {
        return pixelAt(matrix, matrix.cellRect(truth, predicted).topLeft() + QPointF(4, 4));
    };
    const Theme& theme = Theme::instance();
    COMPARE_COLOR(corner(0, 0), theme.signedColor(1));
    COMPARE_COLOR(corner(1, 0), theme.signedColor(-1));
    COMPARE_COLOR(corner(0, 1), theme.palette().grid);
}

void ConfusionMatrixTest::tellsCountsAndSharesOnHover() {
    ViewWorker worker;
    ConfusionMatrix matrix(worker);
    QVERIFY(showPicture(matrix, signNetwork(withTestSet()), {220, 220}));
    const QString text = matrix.textAt(matrix.cellRect(0, 1).center());
    QVERIFY2(text.startsWith("class c0 taken for c1: 1 of 4, 25"), qPrintable(text));
    QVERIFY2(text.contains("test set, 5 samples"), qPrintable(text));
}

void ConfusionMatrixTest::tellsTheAccuracyOfEachClassBesideItsRow() {
    ViewWorker worker;
    ConfusionMatrix matrix(worker);
    QVERIFY(showPicture(matrix, signNetwork(withTestSet()), {260, 220}));
    QCOMPARE(matrix.confusions().accuracy(0), 0.75);
    QCOMPARE(matrix.confusions().accuracy(1), 1.0);
    const QRectF first = matrix.accuracyRect(0);
    QVERIFY(first.left() > matrix.cellRect(0, 1).right() && first.right() <= matrix.width());
    QCOMPARE(first.center().y(), matrix.cellRect(0, 1).center().y());
    QVERIFY2(matrix.textAt(first.center()).startsWith("class c0: 3 of 4 right, 75.0 %"),
             qPrintable(matrix.textAt(first.center())));
    matrix.resize(120, 120);
    QVERIFY(matrix.accuracyRect(0).isEmpty());
    QVERIFY(matrix.cellRect(1, 1).right() <= matrix.width());
}

QTEST_MAIN(ConfusionMatrixTest)
#include "confusion_matrix_test.moc"
