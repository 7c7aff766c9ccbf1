// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initialization.h"

#include <QTest>

#include <cmath>
#include <map>

using namespace kappascope;

namespace {

constexpr Index inputs = 300, outputs = 200;

Matrix<double> draw(const InitializationEntry& entry, double gain, Index rows = outputs, Index cols = inputs,
                    std::uint64_t seed = 3) {
    Parameters parameters(entry);
    if (parameters.has("gain")) parameters.set("gain", gain);
    Matrix<double> W = Matrix<double>::Constant(rows, cols, -77);
    RandomStream random(seed, "weights");
    entry.draw(W, {.inputChannels = W.cols(), .outputs = W.rows()}, parameters, random);
    return W;
}

/// Variance of a weight and the largest size that it can have (0: none), by the cited papers.
struct Moments {
    double variance, bound;
};
const std::map<std::string, Moments> expected{
    {"xavier_uniform", {2.0 / (inputs + outputs), std::sqrt(6.0 / (inputs + outputs))}},
    {"xavier_normal", {2.0 / (inputs + outputs), 0}},
    {"he_uniform", {2.0 / inputs, std::sqrt(6.0 / inputs)}},
    {"he_normal", {2.0 / inputs, 0}},
    {"lecun_uniform", {1.0 / inputs, std::sqrt(3.0 / inputs)}},
    {"lecun_normal", {1.0 / inputs, 0}},
    {"orthogonal", {1.0 / inputs, 0}}, // rows of length 1
    {"uniform", {0.25 / 3, 0.5}},
    {"zero", {0, 0}},
};

} // namespace

class InitializationsTest : public QObject {
    Q_OBJECT

    static void rows() {
        QTest::addColumn<QString>("key");
        for (const auto& key : initializationCatalog().keys())
            QTest::newRow(key.c_str()) << QString::fromStdString(key);
    }

private slots:
    void weightsHaveTheirMoments_data() { rows(); }
    void weightsHaveTheirMoments() {
        QFETCH(QString, key);
        QVERIFY2(expected.contains(key.toStdString()), "a new member needs its moments in this test");
        const Moments moments = expected.at(key.toStdString());
        constexpr double sigmas = 4; // of the sampling error of 60,000 weights
        for (const double gain : {1.0, 2.5}) {
            const Matrix<double> W = draw(initializationCatalog().at(key.toStdString()), gain);
            const double variance = gain * gain * moments.variance, count = W.size();
            QVERIFY(std::abs(W.mean()) <= sigmas * std::sqrt(variance / count));
            QVERIFY(std::abs(W.squaredNorm() / count - variance) <= sigmas * variance * std::sqrt(2 / count));
            if (moments.bound > 0) {
                const double largest = W.cwiseAbs().maxCoeff();
                QVERIFY(largest <= gain * moments.bound && largest > 0.999 * gain * moments.bound);
            }
        }
    }

    void sameStreamSameWeights_data() { rows(); }
    void sameStreamSameWeights() {
        QFETCH(QString, key);
        const auto& entry = initializationCatalog().at(key.toStdString());
        const Matrix<double> W = draw(entry, 1);
        QVERIFY(W == draw(entry, 1));
        if (key != "zero") QVERIFY(W != draw(entry, 1, outputs, inputs, 4));
    }

    void drawsAnyShape_data() { rows(); }
    void drawsAnyShape() {
        QFETCH(QString, key);
        for (const auto& [rows, cols] : {std::pair<Index, Index>{1, 1}, {1, 9}, {9, 1}, {3, 2}}) {
            const Matrix<double> W = draw(initializationCatalog().at(key.toStdString()), 1, rows, cols);
            QVERIFY(W.rows() == rows && W.cols() == cols && W.allFinite() && (W.array() != -77).all());
        }
    }
};

QTEST_APPLESS_MAIN(InitializationsTest)
#include "initializations_test.moc"
