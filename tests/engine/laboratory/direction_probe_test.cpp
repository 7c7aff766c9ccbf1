// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/direction_probe.h"
#include "tests/support/fixture.h"
#include "tests/support/laboratory.h"

#include <QTest>
#include <cmath>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr int batchNorm = 2, bnp = 3;
constexpr int whole = BlockReading::wholeNetwork;

CurvatureReading readingOf(Laboratory& laboratory, int run) {
    CurvatureRequest request;
    request.withVectors = request.withMatrices = true;
    return measureCurvature(*snapshotNow(laboratory, run), request);
}

} // namespace

class DirectionProbeTest : public QObject {
    Q_OBJECT
private slots:
    void theLossBendsAlongADirectionAsItsEigenvalueSays() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 60);
        for (const int run : {batchNorm, bnp}) {
            const CurvatureReading reading = readingOf(laboratory, run);
            const Index last = reading.block(whole)->raw.eigenvalues.size() - 1;
            for (const bool preconditioned : {false, true}) {
                const EigenDirection direction = eigenDirection(reading, preconditioned, last);
                QVERIFY(std::abs(direction.u.norm() - 1) < 1e-12);
                const double h = direction.reach * 1e-3;
                const double bend = (lossAlong(reading, direction, h) + lossAlong(reading, direction, -h) -
                                     2 * lossAlong(reading, direction, 0)) /
                                    (h * h);
                QVERIFY(std::abs(bend / direction.curvature - 1) < 1e-3);
                // The curvature is that of the matrix along u.
                const double byMatrix = direction.u.dot(reading.matrix * direction.u);
                QVERIFY(std::abs(byMatrix / direction.curvature - 1) < 1e-8);
            }
        }
    }

    void theProfileAndItsModelMeetInTheMiddle() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 30);
        const CurvatureReading reading = readingOf(laboratory, bnp);
        const EigenDirection direction = eigenDirection(reading, false, 5);
        const LossProfile profile = lossProfile(reading, direction, 21);
        QCOMPARE(profile.epsilons.size(), 21);
        QCOMPARE(profile.epsilons[10], 0.0);
        QCOMPARE(profile.losses[10], reading.loss);
        QCOMPARE(profile.model(0), reading.loss);
        QCOMPARE(profile.epsilons[20], direction.reach);
        QCOMPARE(profile.losses[3], lossAlong(reading, direction, profile.epsilons[3]));
    }

    /// A predictor of what was moved computes the function that was measured: with batch normalization, too.
    void whatIsMovedPredictsWithTheMeasuredStatistics() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 40);
        for (const int run : {batchNorm, bnp}) {
            const CurvatureReading reading = readingOf(laboratory, run);
            const EigenDirection direction = eigenDirection(reading, false, 3);
            const double epsilon = 0.3 * direction.reach;
            const auto moved = movedAlong(reading, direction.u, epsilon);
            const Vector<double> way = moved->network->theta() - reading.snapshot->network->theta();
            QVERIFY(std::abs(way.norm() - epsilon) < 1e-9);
            CurvatureProblem problem = curvatureProblem(*moved, reading.request);
            problem.mode = Mode::Evaluation;
            const double stored = HessianOperator(problem).loss();
            QVERIFY(std::abs(stored - lossAlong(reading, direction, epsilon)) < 1e-9);
        }
    }

    void matricesComeWhenAskedFor() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 20);
        const CurvatureReading reading = readingOf(laboratory, bnp);
        const BlockReading& block = *reading.block(whole);
        const Index n = block.raw.summary.size;
        QCOMPARE(reading.matrix.rows(), n);
        for (const auto& [matrix, spectrum] :
             {std::pair(&reading.matrix, &block.raw),
              std::pair(&reading.preconditionedMatrix, &block.preconditioned)}) {
            const Matrix<double> left = *matrix * spectrum->vectors,
                                 right = spectrum->vectors * spectrum->eigenvalues.asDiagonal();
            QVERIFY((left - right).norm() < 1e-9 * matrix->norm());
        }
        const CurvatureReading without = measureCurvature(*snapshotNow(laboratory, bnp), {});
        QVERIFY(without.matrix.size() == 0 && !without.snapshot);
        QVERIFY_EXCEPTION_THROWN(eigenDirection(without, false, 0), std::logic_error);
    }
};

QTEST_APPLESS_MAIN(DirectionProbeTest)
#include "direction_probe_test.moc"
