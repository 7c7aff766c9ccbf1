// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/alignment.h"
#include "tests/support/curvature.h"

#include <QTest>

#include <Eigen/Dense>

using namespace kappascope;
using namespace kappascope::test;

class AlignmentTest : public QObject {
    Q_OBJECT

private slots:
    void agreesWithAnExplicitProjection() {
        const Matrix<double> h = randomMatrix<double>(4, 30, 1), Y = randomMatrix<double>(2, 30, 2);
        Matrix<double> A(30, 5);
        A << h.transpose(), Vector<double>::Ones(30);
        const Matrix<double> projection = A * (A.transpose() * A).inverse() * A.transpose();
        const Matrix<double> Yt = Y.transpose();
        const double outside = (Yt - projection * Yt).squaredNorm();
        const double all = (Yt.rowwise() - Yt.colwise().mean()).squaredNorm();
        const Alignment result = alignment(h, Y);
        QCOMPARE(result.rank, 5);
        QCOMPARE(result.columns, 5);
        QCOMPARE(result.samples, 30);
        QVERIFY(std::abs(result.shareOutside.value - outside / all) < 1e-12);
    }

    void labelsWithinTheSpanLeaveNothingOutside() {
        const Matrix<double> h = randomMatrix<double>(4, 30, 1);
        const Matrix<double> Y = ((randomMatrix<double>(3, 4, 2) * h).array() + 7).matrix();
        QVERIFY(alignment(h, Y).shareOutside.value < 1e-20);
        // as many independent columns as samples span everything
        QVERIFY(
            alignment(randomMatrix<double>(30, 30, 3), randomMatrix<double>(1, 30, 4)).shareOutside.value <
            1e-20);
    }

    void deadUnitsAndCopiesLowerTheRank() {
        Matrix<double> h = randomMatrix<double>(5, 30, 1);
        h.row(1).setZero();
        h.row(3) = 2 * h.row(0);
        const Alignment result = alignment(h, randomMatrix<double>(1, 30, 2));
        QCOMPARE(result.rank, 4);
        const Alignment nothing = alignment(Matrix<double>::Zero(5, 30), randomMatrix<double>(1, 30, 2));
        QCOMPARE(nothing.rank, 1);
        QVERIFY(std::abs(nothing.shareOutside.value - 1) < 1e-12);
        QVERIFY(!alignment(h, Matrix<double>::Ones(1, 30)).shareOutside.usable());
    }

    void aNetworkIsReadAtItsLastHiddenLayer() {
        for (const auto& lossCase : lossCases(3, 25)) {
            const auto problem = randomProblem(lossCase, {6, 4}, activationSpec("tanh"),
                                               {"none", Parameters(normalizationCatalog().at("none"))}, 5);
            HessianOperator op(problem);
            Matrix<double> Y = lossCase.data.y;
            if (lossCase.data.task == Task::Classification) {
                Y.setZero(lossCase.data.classes(), 25);
                for (Index n = 0; n < 25; ++n)
                    Y(lossCase.data.labels[static_cast<std::size_t>(n)], n) = 1;
            }
            const Alignment expected = alignment(Matrix<double>(op.inputOfWeighted(2)), Y);
            const Alignment result = alignment(op);
            QCOMPARE(result.rank, expected.rank);
            QVERIFY(std::abs(result.shareOutside.value - expected.shareOutside.value) < 1e-12);
        }
    }
};

QTEST_APPLESS_MAIN(AlignmentTest)
#include "alignment_test.moc"
