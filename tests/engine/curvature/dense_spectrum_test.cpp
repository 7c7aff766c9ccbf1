// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/dense_spectrum.h"
#include "engine/curvature/tridiagonal_spectrum.h"
#include "tests/support/known_spectrum.h"

#include <Eigen/Eigenvalues>
#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

Matrix<double> symmetricMatrix(Index n, std::uint64_t seed) {
    const Matrix<double> half = randomMatrix<double>(n, n, seed);
    return half + half.transpose();
}

/// As a Hessian of more parameters than samples: of low rank, over many orders of magnitude.
Matrix<double> gradedMatrix(Index n, std::uint64_t seed) {
    Matrix<double> root = randomMatrix<double>(n, n / 3, seed);
    for (Index j = 0; j < root.cols(); ++j)
        root.col(j) *= std::pow(10.0, -5.0 * static_cast<double>(j) / static_cast<double>(root.cols()));
    return root * root.transpose();
}

Vector<double> eigensValues(const Matrix<double>& A) {
    return Eigen::SelfAdjointEigenSolver<Matrix<double>>(A, Eigen::EigenvaluesOnly).eigenvalues();
}

double distanceFromIdentity(const Matrix<double>& A) {
    return (A - Matrix<double>::Identity(A.rows(), A.cols())).norm();
}

} // namespace

class DenseSpectrumTest : public QObject {
    Q_OBJECT

private slots:
    void eigenvaluesAndVectorsAreEigens_data() {
        QTest::addColumn<int>("n");
        // around the widths of panels, strips and tiles, and where the team begins to share
        for (const int n : {1, 2, 3, 15, 16, 17, 18, 33, 64, 65, 129, 300, 517})
            QTest::newRow(qPrintable(QString::number(n))) << n;
    }
    void eigenvaluesAndVectorsAreEigens() {
        QFETCH(const int, n);
        ThreadTeam team(2);
        for (const Matrix<double>& A : {symmetricMatrix(n, 1), gradedMatrix(n, 2)}) {
            const Vector<double> expected = eigensValues(A);
            const double scale = std::max(expected.cwiseAbs().maxCoeff(), 1e-300);
            const Spectrum spectrum = denseSpectrum(A, true, &team);
            QVERIFY((spectrum.eigenvalues - expected).cwiseAbs().maxCoeff() < 1e-13 * scale * std::sqrt(n));
            QVERIFY(distanceFromIdentity(spectrum.vectors.transpose() * spectrum.vectors) < 1e-13 * n);
            QVERIFY((A * spectrum.vectors - spectrum.vectors * spectrum.eigenvalues.asDiagonal()).norm() <
                    1e-13 * scale * std::sqrt(n));
        }
    }

    void theReductionIsARotation() {
        const Index n = 150;
        const Matrix<double> A = symmetricMatrix(n, 3);
        Matrix<double> work = A;
        const TridiagonalReduction reduction = reduceToTridiagonal(work);
        const Matrix<double> Q = orthogonalFactor(reduction);
        Matrix<double> T = reduction.T.diagonal.asDiagonal();
        T.diagonal(1) = T.diagonal(-1) = reduction.T.offDiagonal;
        QVERIFY(distanceFromIdentity(Q.transpose() * Q) < 1e-12);
        QVERIFY((Q * T * Q.transpose() - A).norm() < 1e-12 * A.norm());
    }

    void theBitsAreTheSameForAnyNumberOfThreads() {
        const Matrix<double> A = gradedMatrix(600, 4);
        const Spectrum alone = denseSpectrum(A, true);
        for (const int threads : {2, 3, 5}) {
            ThreadTeam team(threads);
            const Spectrum shared = denseSpectrum(A, true, &team);
            QVERIFY(shared.eigenvalues == alone.eigenvalues && shared.vectors == alone.vectors);
            QVERIFY(denseSpectrum(A, false, &team).eigenvalues == alone.eigenvalues);
        }
    }

    void knownSpectra() {
        Matrix<double> secondDifferences = 2 * Matrix<double>::Identity(40, 40);
        secondDifferences.diagonal(1).setConstant(-1);
        secondDifferences.diagonal(-1).setConstant(-1);
        const Vector<double> found = denseSpectrum(secondDifferences).eigenvalues;
        for (Index k = 0; k < 40; ++k) {
            const double angle = static_cast<double>(k + 1) * 3.14159265358979323846 / 41;
            QVERIFY(std::abs(found[k] - (2 - 2 * std::cos(angle))) < 1e-14);
        }
        QVERIFY(denseSpectrum(Matrix<double>::Zero(20, 20)).eigenvalues.isZero(0));
        QCOMPARE(denseSpectrum(Matrix<double>(0, 0)).eigenvalues.size(), 0);
        const Vector<double> ofOnes = denseSpectrum(Matrix<double>::Ones(70, 70)).eigenvalues;
        QVERIFY(std::abs(ofOnes[69] - 70) < 1e-12 && ofOnes.head(69).cwiseAbs().maxCoeff() < 1e-13);
    }

    void theSizeOfTheNumbersDoesNotMatter() {
        const Matrix<double> A = symmetricMatrix(30, 5);
        const Vector<double> lambda = denseSpectrum(A).eigenvalues;
        for (const double scale : {0x1p-800, 0x1p+800})
            QVERIFY((denseSpectrum(scale * A).eigenvalues / scale - lambda).norm() < 1e-12 * lambda.norm());
    }

    void itStopsWhenCancelledAndRefusesWhatIsNotFinite() {
        const Matrix<double> A = symmetricMatrix(40, 6);
        const Cancelled cancelled = true;
        QVERIFY_EXCEPTION_THROWN(denseSpectrum(A, false, nullptr, &cancelled), WorkCancelled);
        Matrix<double> work = A;
        const TridiagonalReduction reduction = reduceToTridiagonal(work);
        QVERIFY_EXCEPTION_THROWN(orthogonalFactor(reduction, nullptr, &cancelled), WorkCancelled);
        QVERIFY_EXCEPTION_THROWN(tridiagonalEigenvalues(reduction.T, nullptr, nullptr, &cancelled),
                                 WorkCancelled);
        work.setConstant(std::nan(""));
        QVERIFY_EXCEPTION_THROWN(denseSpectrum(work), std::runtime_error);
    }
};

QTEST_APPLESS_MAIN(DenseSpectrumTest)
#include "dense_spectrum_test.moc"
