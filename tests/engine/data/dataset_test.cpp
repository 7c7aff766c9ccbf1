// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/dataset.h"

#include "tests/support/random_matrix.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <QTest>

#include <array>
#include <cmath>

using namespace kappascope;
using kappascope::test::randomMatrix;

namespace {

constexpr double rounding = 1e-12;
/// A condition number found by way of the covariance's eigenvalues: their errors are 1e-16 of the largest.
constexpr double oracleError = 1e-8;

/// The definition, step by step, with Eigen's full decomposition.
double conditionNumberByHand(const Matrix<double>& x) {
    const Vector<double> mean = x.rowwise().mean();
    Matrix<double> covariance = Matrix<double>::Zero(x.rows(), x.rows());
    for (Index i = 0; i < x.cols(); ++i)
        covariance += (x.col(i) - mean) * (x.col(i) - mean).transpose() / static_cast<double>(x.cols());
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(covariance);
    const double largest = solver.eigenvalues().maxCoeff();
    double smallest = largest;
    for (const double eigenvalue : solver.eigenvalues())
        if (eigenvalue > 1e-14 * largest) smallest = std::min(smallest, eigenvalue);
    return largest / smallest;
}

/// Samples whose covariance has exactly the eigenvalues `deviation`^2, turned at random.
Matrix<double> samplesWith(const Vector<double>& deviation, Index samples) {
    Matrix<double> rows = randomMatrix<double>(samples, deviation.size(), 5);
    rows.rowwise() -= rows.colwise().mean().eval();
    const Eigen::HouseholderQR<Matrix<double>> white(rows);
    const Matrix<double> u = white.householderQ() * Matrix<double>::Identity(samples, deviation.size());
    const Eigen::HouseholderQR<Matrix<double>> turn(
        randomMatrix<double>(deviation.size(), deviation.size(), 6));
    const Matrix<double> v = turn.householderQ();
    return v * deviation.asDiagonal() * u.transpose() * std::sqrt(static_cast<double>(samples));
}

bool near(double value, double expected, double relative) {
    return std::abs(value - expected) <= relative * std::abs(expected);
}

} // namespace

class DatasetTest : public QObject {
    Q_OBJECT
private slots:
    void momentsOfFourPoints() {
        Matrix<double> x(2, 4);
        x << 1, 2, 3, 6, 5, 5, 5, 5;
        const FeatureMoments moments = featureMoments(Features(x));
        QCOMPARE(moments.mean[0], 3.0);
        QCOMPARE(moments.deviation[0], std::sqrt(3.5)); // biased: (4 + 1 + 0 + 9) / 4
        QCOMPARE(moments.mean[1], 5.0);
        QCOMPARE(moments.deviation[1], 0.0);
    }

    void momentsOfManySamples() { // more than are converted at a time
        const Matrix<double> x = randomMatrix<double>(3, 5000, 2);
        const FeatureMoments moments = featureMoments(Features(x));
        for (Index j = 0; j < 3; ++j) {
            QVERIFY(std::abs(moments.mean[j] - x.row(j).mean()) <= rounding);
            const double variance = (x.row(j).array() - x.row(j).mean()).square().mean();
            QVERIFY(near(moments.deviation[j], std::sqrt(variance), rounding));
        }
    }

    void conditionNumberOfARectangle() {
        Matrix<double> x(2, 4);
        x << 11, 11, 9, 9, 110, -90, 110, -90; // (10, 10) + (+-1, +-100)
        QVERIFY(near(covarianceConditionNumber(Features(x)), 1e4, rounding));
    }

    void conditionNumberAgreesWithTheFullDecomposition() {
        for (const Index features : {1, 2, 13, 64, 140}) { // 140: the way of many features
            const Matrix<double> x =
                randomMatrix<double>(features, features, 3) * randomMatrix<double>(features, 3000, 4);
            QVERIFY(near(covarianceConditionNumber(Features(x)), conditionNumberByHand(x), oracleError));
        }
    }

    void conditionNumberIsAccurateWhereTheCovarianceHasLostIt() {
        // A covariance formed in float64 knows 1e-12 of its largest eigenvalue to four digits.
        const Vector<double> deviation{{1, 1e-3, 1e-6}};
        const double error = 1e-8; // 1e-16 of the largest deviation, relative to the smallest, with room
        QVERIFY(near(covarianceConditionNumber(Features(samplesWith(deviation, 400))), 1e12, error));
    }

    void directionsWithoutVarianceDoNotCount() {
        Matrix<double> x = samplesWith(Vector<double>{{4, 2}}, 300);
        Matrix<double> more(4, 300);
        more << x, x.row(0) - 2 * x.row(1), Matrix<double>::Constant(1, 300, 0.1);
        QVERIFY(near(covarianceConditionNumber(Features(more)), conditionNumberByHand(more), oracleError));

        Matrix<double> many = Matrix<double>::Constant(200, 300, 0.1); // the way of many features
        many.topRows(2) = x;
        QVERIFY(near(covarianceConditionNumber(Features(many)), 4.0, oracleError));
    }

    void fewerSamplesThanFeatures() {
        const Matrix<double> x = randomMatrix<double>(10, 4, 8);
        QVERIFY(near(covarianceConditionNumber(Features(x)), conditionNumberByHand(x), oracleError));
    }

    void nothingThatVariesHasNoConditionNumber() {
        QVERIFY(std::isnan(covarianceConditionNumber(Features(Matrix<double>::Zero(3, 10)))));
        QVERIFY(std::isnan(covarianceConditionNumber(Features(Matrix<double>(3, 0)))));
        QVERIFY(std::isnan(covarianceConditionNumber(Features())));
    }

    void bytesCountByTheirValues() {
        std::vector<std::uint8_t> bytes;
        for (int i = 0; i < 200; ++i)
            bytes.push_back(static_cast<std::uint8_t>(i * i * 7 % 251));
        const Features x(2, bytes, 1.0 / 255);
        QVERIFY(near(covarianceConditionNumber(x), conditionNumberByHand(x.dense()), oracleError));
    }

    void selectTakesTargetsAlong() {
        Dataset data;
        data.x = Features(Matrix<double>(randomMatrix<double>(2, 4, 1)));
        data.labels = {0, 1, 2, 1};
        data.classNames = {"a", "b", "c"};
        const std::array<int, 2> chosen{2, 1};
        const Dataset part = data.select(chosen);
        QCOMPARE(part.labels, (std::vector<int>{2, 1}));
        QCOMPARE(part.samples(), Index(2));
        QCOMPARE(part.classNames, data.classNames);
        QCOMPARE(part.y.cols(), Index(0));

        Dataset regression = data;
        regression.labels.clear();
        regression.y = Matrix<double>{{10, 11, 12, 13}};
        QCOMPARE(regression.select(chosen).y, (Matrix<double>{{12, 11}}));
        QVERIFY(regression.select(chosen).labels.empty());
    }
};

QTEST_APPLESS_MAIN(DatasetTest)
#include "dataset_test.moc"
