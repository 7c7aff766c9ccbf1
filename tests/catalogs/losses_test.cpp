// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/loss_cases.h"

#include <QTest>

#include <algorithm>
#include <limits>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr Index samples = 13;
const std::vector<LossCase>& cases() {
    static const std::vector<LossCase> all = lossCases(2, samples);
    return all;
}

} // namespace

class LossesTest : public QObject {
    Q_OBJECT

    const LossCase* case_ = nullptr;
    std::unique_ptr<Loss<double>> loss_;
    Targets<double> targets_;
    Matrix<double> z_;

    static void rows() {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < cases().size(); ++i)
            QTest::newRow(cases()[i].name().c_str()) << static_cast<int>(i);
    }
    void fetch() {
        QFETCH(int, index);
        case_ = &cases()[static_cast<std::size_t>(index)];
        loss_ = case_->entry->make<double>(Parameters(*case_->entry));
        targets_ = loss_->targets(case_->data);
        z_ = 3 * randomMatrix<double>(loss_->outputs(case_->data), samples, 5);
    }
    double valueAt(const Matrix<double>& z, const std::vector<int>& chosen) const {
        Matrix<double> dz(z.rows(), z.cols());
        return loss_->gradient(z, targets_, chosen, dz);
    }

private slots:
    void everyMemberFitsSomeData() {
        for (const auto& entry : lossCatalog().entries())
            QVERIFY(std::any_of(cases().begin(), cases().end(),
                                [&](const auto& c) { return c.entry == &entry; }));
    }

    void gradientIsThatOfTheValue_data() { rows(); }
    void gradientIsThatOfTheValue() {
        fetch();
        constexpr double step = 1e-5, tolerance = 1e-9; // step^2 and 1e-16/step
        const std::vector<int> chosen{11, 3, 3, 0, 7};
        const Matrix<double> z = z_.leftCols(5);
        Matrix<double> dz(z.rows(), 5);
        loss_->gradient(z, targets_, chosen, dz);
        for (Index i = 0; i < z.size(); ++i) {
            Matrix<double> up = z, down = z;
            up(i) += step;
            down(i) -= step;
            QVERIFY(std::abs(dz(i) - (valueAt(up, chosen) - valueAt(down, chosen)) / (2 * step)) < tolerance);
        }
    }

    void sumOverASetIsTheMeanTimesItsSize_data() { rows(); }
    void sumOverASetIsTheMeanTimesItsSize() {
        fetch();
        constexpr double tolerance = 1e-13; // another order of the sum
        const double mean = valueAt(z_, firstSamples(samples));
        QVERIFY(std::abs(loss_->sum(z_, targets_, 0) / samples - mean) < tolerance * (1 + mean));
        const double parts =
            loss_->sum(z_.leftCols(4), targets_, 0) + loss_->sum(z_.rightCols(samples - 4), targets_, 4);
        QVERIFY(std::abs(parts / samples - mean) < tolerance * (1 + mean));
    }

    void floatAgreesWithDouble_data() { rows(); }
    void floatAgreesWithDouble() {
        fetch();
        constexpr double tolerance = 2e-6;
        const auto single = case_->entry->make<float>(Parameters(*case_->entry));
        const auto targets = single->targets(case_->data);
        const Matrix<float> z = z_.cast<float>();
        Matrix<float> dz(z.rows(), samples);
        Matrix<double> exact(z.rows(), samples);
        const double value = single->gradient(z, targets, firstSamples(samples), dz);
        const double expected = loss_->gradient(z.cast<double>(), targets_, firstSamples(samples), exact);
        QVERIFY(std::abs(value - expected) < tolerance * expected);
        QVERIFY((dz.cast<double>() - exact).cwiseAbs().maxCoeff() < tolerance);
        QVERIFY(std::abs(single->sum(z, targets, 0) / samples - expected) < tolerance * expected);
    }

    void probabilitiesAgreeWithThePredictedClass_data() { rows(); }
    void probabilitiesAgreeWithThePredictedClass() {
        fetch();
        const Task task = case_->data.task;
        const Matrix<double> p = loss_->probabilities(z_, task);
        if (task == Task::Regression) {
            QCOMPARE(p.size(), Index{0});
            QCOMPARE(loss_->predictedClass(z_.col(0), task), -1);
            return;
        }
        QCOMPARE(p.rows(), case_->data.classes());
        QCOMPARE(p.cols(), samples);
        QVERIFY((p.array() >= 0).all() && (p.array() <= 1).all());
        QVERIFY(((p.colwise().sum().array() - 1).abs() < 1e-14).all());
        for (Index n = 0; n < samples; ++n) { // clipping may make others as probable, never more
            const int predicted = loss_->predictedClass(z_.col(n), task);
            QCOMPARE(p(predicted, n), p.col(n).maxCoeff());
        }
    }

    void targetsPredictTheirOwnLabels_data() { rows(); }
    void targetsPredictTheirOwnLabels() {
        fetch();
        if (case_->data.task == Task::Regression) return;
        // A descent from 0 along the gradient of one sample's loss must end in that sample's class.
        for (Index n = 0; n < samples; ++n) {
            Matrix<double> z = Matrix<double>::Zero(z_.rows(), 1), dz = z;
            const std::vector<int> sample{static_cast<int>(n)};
            for (int t = 0; t < 20; ++t) {
                loss_->gradient(z, targets_, sample, dz);
                z -= 0.5 * dz;
            }
            QCOMPARE(loss_->predictedClass(z.col(0), case_->data.task),
                     case_->data.labels[static_cast<std::size_t>(n)]);
        }
    }

    void showsThatAnOutputIsNotANumber_data() { rows(); }
    void showsThatAnOutputIsNotANumber() {
        fetch();
        for (Index k = 0; k < z_.rows(); ++k) {
            Matrix<double> z = z_;
            z(k, 4) = std::numeric_limits<double>::quiet_NaN();
            QVERIFY(!std::isfinite(valueAt(z, firstSamples(samples))));
            QVERIFY(!std::isfinite(loss_->sum(z, targets_, 0)));
        }
    }
};

QTEST_APPLESS_MAIN(LossesTest)
#include "losses_test.moc"
