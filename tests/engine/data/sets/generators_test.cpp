// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <QTest>

#include <cmath>
#include <map>
#include <numbers>
#include <set>

using namespace kappascope;

namespace {

constexpr double rounding = 1e-12;
constexpr double pi = std::numbers::pi;

/// All samples of a set without noise, unless `noise` says so.
Dataset drawn(const std::string& set, double noise = 0,
              const std::map<std::string, ParameterValue>& parameters = {}, int samples = 600) {
    DataSpec spec;
    spec.set = set;
    spec.samples = samples;
    spec.noise = noise;
    spec.testFraction = 0;
    for (const auto& [key, value] : parameters)
        spec.parameters.set(key, value);
    return loadData(spec, 11).train;
}

/// Calls check(x, y, label) for every sample of a set in the plane.
template<class Check>
void forEachPoint(const Dataset& data, Check check) {
    const Matrix<double> x = data.x.dense();
    for (Index i = 0; i < data.samples(); ++i)
        check(x(0, i), x(1, i), data.labels[static_cast<std::size_t>(i)]);
}

bool near(double value, double expected) {
    return std::abs(value - expected) <= rounding;
}

} // namespace

class GeneratorsTest : public QObject {
    Q_OBJECT
private slots:
    void moonsAreHalfCircles() {
        forEachPoint(drawn("moons"), [](double x, double y, int label) {
            QVERIFY(near(label == 0 ? std::hypot(x, y) : std::hypot(x - 1, y - 0.5), 1));
            QVERIFY(label == 0 ? y >= 0 : y <= 0.5);
        });
    }

    void spiralArmsWindAsOftenAsAsked() {
        for (const int arms : {2, 5}) {
            const Dataset data = drawn("spirals", 0, {{"arms", std::int64_t{arms}}, {"turns", 1.25}});
            QCOMPARE(data.classes(), Index(arms));
            double innermost = 1, outermost = 0;
            forEachPoint(data, [&](double x, double y, int arm) {
                const double radius = std::hypot(x, y), t = (radius - 0.1) / 0.9;
                const double angle = 2 * pi * (1.25 * t + static_cast<double>(arm) / arms);
                QVERIFY(std::hypot(x - radius * std::cos(angle), y - radius * std::sin(angle)) <= 1e-10);
                innermost = std::min(innermost, t);
                outermost = std::max(outermost, t);
            });
            QVERIFY(innermost < 0.02 && outermost > 0.98 && outermost < 1); // all along
        }
    }

    void circlesHaveTheirRadii() {
        for (const int rings : {2, 4})
            forEachPoint(
                drawn("circles", 0, {{"rings", std::int64_t{rings}}}),
                [&](double x, double y, int ring) { QVERIFY(near(std::hypot(x, y), (ring + 1.0) / rings)); });
    }

    void blobsStandOnTheUnitCircle() {
        forEachPoint(drawn("blobs", 0, {{"classes", std::int64_t{10}}}), [](double x, double y, int blob) {
            QVERIFY(near(x, std::cos(2 * pi * blob / 10)));
            QVERIFY(near(y, std::sin(2 * pi * blob / 10)));
        });
    }

    void xorClassesAreTheSignOfTheProduct() {
        int corners[2][2] = {};
        forEachPoint(drawn("xor"), [&](double x, double y, int label) {
            QCOMPARE(std::abs(x), 1.0);
            QCOMPARE(std::abs(y), 1.0);
            QCOMPARE(label, x * y > 0 ? 0 : 1);
            ++corners[x > 0][y > 0];
        });
        for (const auto& side : corners)
            for (const int count : side)
                QVERIFY(count > 100); // of 600, 150 expected
    }

    void checkerboardAlternates() {
        for (const int cells : {3, 4}) {
            std::set<std::pair<int, int>> seen;
            forEachPoint(drawn("checkerboard", 0, {{"cells", std::int64_t{cells}}}),
                         [&](double x, double y, int label) {
                             const int column = static_cast<int>(std::floor((x + 1) * cells / 2));
                             const int row = static_cast<int>(std::floor((y + 1) * cells / 2));
                             QCOMPARE(label, (column + row) % 2);
                             seen.emplace(column, row);
                         });
            QCOMPARE(seen.size(), static_cast<std::size_t>(cells * cells));
        }
    }

    void noiseIsTheStandardDeviationOfAPoint() {
        double sum = 0, squares = 0;
        const int samples = 40000;
        forEachPoint(drawn("xor", 0.3, {}, samples), [&](double x, double y, int) {
            for (const double deviation :
                 {x - std::round(x / std::abs(x)), y - std::round(y / std::abs(y))}) {
                sum += deviation;
                squares += deviation * deviation;
            }
        });
        // At 0.3 a point crosses to the neighbouring corner once in 2300: the deviation loses less than 1 %.
        QVERIFY(std::abs(sum / (2 * samples)) < 0.01);
        QVERIFY(std::abs(std::sqrt(squares / (2 * samples)) / 0.3 - 1) < 0.02);
    }

    void theRegressionsAreTheirFunctions() {
        const Dataset plane = drawn("plane"), sine = drawn("sine", 0, {{"periods", 3.0}});
        const Matrix<double> x = plane.x.dense(), t = sine.x.dense();
        QVERIFY(x.minCoeff() >= -1 && x.maxCoeff() < 1 && x.minCoeff() < -0.9 && x.maxCoeff() > 0.9);
        QCOMPARE(sine.features(), Index(1));
        for (Index i = 0; i < plane.samples(); ++i) {
            QVERIFY(near(plane.y(0, i), (x(0, i) + x(1, i)) / 2));
            QVERIFY(near(sine.y(0, i), std::sin(3 * pi * t(0, i)))); // three waves over an interval of 2
        }
    }

    void hillsAndHollowsAlternate() {
        const Dataset data = drawn("multi_gaussian", 0, {}, 20000);
        const Matrix<double> x = data.x.dense();
        for (Index i = 0; i < data.samples(); ++i) {
            const int column = x(0, i) < -0.325 ? 0 : x(0, i) < 0.325 ? 1 : 2, row = x(1, i) > 0 ? 0 : 1;
            const double centreX = 0.65 * (column - 1), centreY = row == 0 ? 0.4 : -0.4;
            const double distance = std::hypot(x(0, i) - centreX, x(1, i) - centreY);
            const double sign = (column + row) % 2 == 0 ? 1 : -1;
            if (distance < 0.1) QVERIFY(sign * data.y(0, i) > 0.8);
        }
        QVERIFY(data.y.maxCoeff() < 1.01 && data.y.minCoeff() > -1.01);
    }

    void noiseOfARegressionIsThatOfItsTarget() {
        const Dataset data = drawn("plane", 0.2, {}, 20000);
        const Matrix<double> x = data.x.dense();
        const auto residual = data.y.array() - (x.row(0) + x.row(1)).array() / 2;
        QVERIFY(std::abs(residual.mean()) < 0.01);
        QVERIFY(std::abs(std::sqrt(residual.square().mean()) / 0.2 - 1) < 0.03); // 6 standard errors
    }

    void linearRegressionHasTheConditionNumberAskedFor() {
        for (const double kappa : {1.0, 50.0, 1e6, 1e10}) {
            const Dataset data = drawn("linear_regression", 0, {{"condition_number", kappa}});
            // 1e-16 of the largest deviation, relative to the smallest, with room.
            QVERIFY(std::abs(covarianceConditionNumber(data.x) / kappa - 1) <
                    1e-13 * std::sqrt(kappa) + 1e-10);
            QVERIFY(featureMoments(data.x).mean.cwiseAbs().maxCoeff() < rounding);
        }
    }

    void linearRegressionIsLinearInEveryDirection() {
        const Dataset data =
            drawn("linear_regression", 0, {{"features", std::int64_t{5}}, {"condition_number", 100.0}});
        const Matrix<double> x = data.x.dense();
        QVERIFY(std::abs(data.y.squaredNorm() / 600 - 1) < rounding); // variance 1
        const Vector<double> w = x.transpose().colPivHouseholderQr().solve(data.y.transpose());
        QVERIFY((w.transpose() * x - data.y).cwiseAbs().maxCoeff() < 1e-10);

        const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(Matrix<double>(x * x.transpose() / 600));
        const Vector<double> along = solver.eigenvectors().transpose() * w;
        for (Index k = 0; k < 5; ++k) // each eigendirection has a fifth of the variance
            QVERIFY(std::abs(along[k] * along[k] * solver.eigenvalues()[k] - 0.2) < 1e-10);
    }
};

QTEST_APPLESS_MAIN(GeneratorsTest)
#include "generators_test.moc"
