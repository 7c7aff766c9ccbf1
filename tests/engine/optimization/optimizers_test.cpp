// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/optimizer.h"
#include "tests/support/fixture.h"
#include "tests/support/random_matrix.h"

#include <QTest>

#include <cmath>
#include <functional>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr int steps = 50;
constexpr Index parameters = 37;       // whole vector registers and a rest
constexpr double float64Bound = 1e-13; // 50 steps, a few roundings of 1e-16 each
constexpr double float32Bound = 2e-5;  // the same with 6e-8
constexpr double rate = 0.05;

/// The published recurrence of one parameter, written out: returns theta after each gradient.
using Recurrence = std::function<std::vector<double>(double theta, const std::vector<double>& gradients)>;

std::vector<double> each(const std::vector<double>& gradients,
                         const std::function<double(double g, int t)>& step) {
    std::vector<double> thetas;
    for (std::size_t i = 0; i < gradients.size(); ++i)
        thetas.push_back(step(gradients[i], static_cast<int>(i) + 1));
    return thetas;
}

std::vector<double> sgd(double theta, const std::vector<double>& gradients) {
    return each(gradients, [&](double g, int) { return theta = theta - rate * g; });
}

std::vector<double> heavyBall(double theta, const std::vector<double>& gradients) {
    // Polyak's own form, in differences of theta: theta_{t+1} = theta_t - eta g + beta (theta_t -
    // theta_{t-1}).
    double before = theta;
    return each(gradients, [&](double g, int) {
        const double next = theta - rate * g + 0.8 * (theta - before);
        before = theta;
        return theta = next;
    });
}

std::vector<double> nesterov(double theta, const std::vector<double>& gradients) {
    // Sutskever's form: v <- beta v - eta g(y + ...), x <- x + v; what is stored is y = x + beta v.
    double x = theta, v = 0;
    return each(gradients, [&](double g, int) {
        v = 0.8 * v - rate * g;
        x = x + v;
        return x + 0.8 * v;
    });
}

std::vector<double> adagrad(double theta, const std::vector<double>& gradients) {
    double sum = 0;
    return each(gradients, [&](double g, int) {
        sum += g * g;
        return theta -= rate * g / (std::sqrt(sum) + 1e-10);
    });
}

std::vector<double> rmsprop(double theta, const std::vector<double>& gradients) {
    double meanSquare = 0;
    return each(gradients, [&](double g, int) {
        meanSquare = 0.95 * meanSquare + 0.05 * g * g;
        return theta -= rate * g / (std::sqrt(meanSquare) + 1e-8);
    });
}

std::vector<double> adamWithDecay(double theta, const std::vector<double>& gradients, double decay) {
    double m = 0, v = 0;
    return each(gradients, [&](double g, int t) {
        m = 0.85 * m + 0.15 * g;
        v = 0.99 * v + 0.01 * g * g;
        const double mHat = m / (1 - std::pow(0.85, t)), vHat = v / (1 - std::pow(0.99, t));
        return theta = theta - rate * (mHat / (std::sqrt(vHat) + 1e-8) + decay * theta);
    });
}

struct Case {
    const char* key;
    std::vector<std::pair<const char*, double>> changed; // parameters that differ from the defaults
    Recurrence recurrence;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        {"sgd", {}, sgd},
        {"momentum", {{"momentum", 0.8}}, heavyBall},
        {"nesterov", {{"momentum", 0.8}}, nesterov},
        {"adagrad", {}, adagrad},
        {"rmsprop", {{"alpha", 0.95}}, rmsprop},
        {"adam",
         {{"beta1", 0.85}, {"beta2", 0.99}},
         [](double theta, const std::vector<double>& g) { return adamWithDecay(theta, g, 0); }},
        {"adamw",
         {{"beta1", 0.85}, {"beta2", 0.99}, {"weight_decay", 0.3}},
         [](double theta, const std::vector<double>& g) { return adamWithDecay(theta, g, 0.3); }},
    };
    return all;
}

/// Largest difference to the recurrence over all parameters and steps.
template<class S>
double deviation(const Case& known) {
    const auto& entry = optimizerCatalog().at(known.key);
    Parameters values(entry);
    for (const auto& [key, value] : known.changed)
        values.set(key, value);
    const auto optimizer = entry.make<S>(values);
    optimizer->bind(parameters);

    const Matrix<double> gradients = randomMatrix<double>(parameters, steps, 1);
    const Vector<double> start = randomVector<double>(parameters, 2);
    Matrix<double> expected(parameters, steps), found(parameters, steps);
    for (Index i = 0; i < parameters; ++i) {
        const Vector<double> row = gradients.row(i);
        const auto thetas = known.recurrence(start[i], {row.begin(), row.end()});
        for (int t = 0; t < steps; ++t)
            expected(i, t) = thetas[static_cast<std::size_t>(t)];
    }
    Vector<S> theta = start.cast<S>();
    for (int t = 0; t < steps; ++t) {
        optimizer->step(theta, gradients.col(t).cast<S>(), rate);
        found.col(t) = theta.template cast<double>();
    }
    return difference(found, expected);
}

} // namespace

class OptimizersTest : public QObject {
    Q_OBJECT

private slots:
    void followsPublishedRecurrence_data() {
        QTest::addColumn<int>("number");
        for (std::size_t i = 0; i < cases().size(); ++i)
            QTest::newRow(cases()[i].key) << static_cast<int>(i);
    }
    void followsPublishedRecurrence() {
        QFETCH(int, number);
        const Case& known = cases()[static_cast<std::size_t>(number)];
        QVERIFY2(deviation<double>(known) < float64Bound,
                 qPrintable(QString::number(deviation<double>(known))));
        QVERIFY2(deviation<float>(known) < float32Bound,
                 qPrintable(QString::number(deviation<float>(known))));
    }

    void everyMemberHasItsRecurrenceHere() {
        std::vector<std::string> tested;
        for (const auto& known : cases())
            tested.push_back(known.key);
        QCOMPARE(tested, optimizerCatalog().keys());
    }

    /// Adam's first step is eta g/|g| whatever the gradient's size: bias correction divides.
    void adamStartsWithFullSteps() {
        for (const char* key : {"adam", "adamw"}) {
            const auto& entry = optimizerCatalog().at(key);
            Parameters values(entry);
            if (values.has("weight_decay")) values.set("weight_decay", 0.0);
            const auto optimizer = entry.make<float>(values);
            optimizer->bind(2);
            Vector<float> theta = Vector<float>::Zero(2);
            optimizer->step(theta, Eigen::Vector2f(1e-3f, -1e3f), 0.1);
            constexpr float bound = 2e-6f; // epsilon / |g| = 1e-5 of a step of 0.1, and rounding
            QVERIFY(std::abs(theta[0] + 0.1f) < bound);
            QVERIFY(std::abs(theta[1] - 0.1f) < bound);
        }
    }

    void bindForgetsThePast() {
        const auto& entry = optimizerCatalog().at("adam");
        const auto used = entry.make<double>(Parameters(entry));
        used->bind(3);
        Vector<double> theta = Vector<double>::Ones(3);
        used->step(theta, Eigen::Vector3d(1, 2, 3), 0.1);
        used->bind(3);
        const auto fresh = entry.make<double>(Parameters(entry));
        fresh->bind(3);
        Vector<double> a = Vector<double>::Ones(3), b = a;
        used->step(a, Eigen::Vector3d(-1, 2, 5), 0.1);
        fresh->step(b, Eigen::Vector3d(-1, 2, 5), 0.1);
        QVERIFY(a == b);
    }
};

QTEST_APPLESS_MAIN(OptimizersTest)
#include "optimizers_test.moc"
