// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/preconditioning/preconditioner.h"
#include "tests/support/fixture.h"
#include "tests/support/random_matrix.h"

#include <QTest>

#include <cmath>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double exact = 1e-12;       // a few hundred float64 operations on numbers of size 1 to 100
constexpr double float32Bound = 1e-4; // the same in float32
constexpr Index inputs = 5, outputs = 3;

using Changes = std::initializer_list<std::pair<const char*, ParameterValue>>;

template<class S>
std::unique_ptr<Preconditioner<S>> bound(const char* key, const Changes& changed, Index m = inputs,
                                         Index n = outputs) {
    const auto& entry = preconditioningCatalog().at(key);
    Parameters values(entry);
    for (const auto& [name, value] : changed) {
        entry.find(name)->check(value, name);
        values.set(name, value);
    }
    auto layer = entry.make<S>(values)->makeLayer(0);
    layer->bind({.inputChannels = m, .outputs = n});
    return layer;
}

template<class S>
Vector<S> tensor(Preconditioner<S>& layer, const std::string& name) {
    for (const auto& each : layer.state())
        if (each.name == name) return each.values;
    throw std::logic_error("no tensor " + name);
}

/// Mini-batch t of inputs that are far from centred and scaled.
Matrix<double> batchOf(Index samples, int t) {
    Matrix<double> H = randomMatrix<double>(inputs, samples, 10 + static_cast<std::uint64_t>(t));
    for (Index j = 0; j < inputs; ++j)
        H.row(j) = (H.row(j).array() * std::pow(3.0, j) + 2.0 * static_cast<double>(j)).matrix();
    return H;
}

/// P = (1/q) [[1, -mu^T], [0, I]] diag(1, 1/sigma~), as written in math.md section 2.
Matrix<double> explicitP(const Vector<double>& mu, const Vector<double>& damped, double q) {
    const Index m = mu.size();
    Matrix<double> U = Matrix<double>::Identity(m + 1, m + 1);
    U.row(0).tail(m) = -mu.transpose();
    Vector<double> D = Vector<double>::Ones(m + 1);
    D.tail(m) = damped.cwiseSqrt().cwiseInverse();
    return U * D.asDiagonal() / q;
}

/// Rows (b_i, w_i) of the gradient times P P^T.
void multiply(const Matrix<double>& P, Matrix<double>& Gw, Vector<double>& Gb) {
    Matrix<double> G(Gw.rows(), Gw.cols() + 1);
    G << Gb, Gw;
    G = (G * P * P.transpose()).eval();
    Gb = G.col(0);
    Gw = G.rightCols(Gw.cols());
}

} // namespace

class BnpTest : public QObject {
    Q_OBJECT

private slots:
    void multipliesByPPt_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("samples");
        for (const char* method : {"bnp", "centering", "scaling"})
            for (const int samples : {1, 3, 20})
                QTest::newRow(qPrintable(QString("%1, %2 samples").arg(method).arg(samples)))
                    << method << samples;
    }
    /// The explicit matrix P, built from the layer's own statistics, is the slow twin.
    void multipliesByPPt() {
        QFETCH(QString, method);
        QFETCH(int, samples);
        const auto layer = bound<double>(qPrintable(method), {{"rho", 0.7}});
        for (int t = 0; t < 4; ++t)
            layer->observe(batchOf(samples, t));
        const Vector<double> mean = tensor(*layer, "mean"), variance = tensor(*layer, "variance");
        const Vector<double> mu = method == "scaling" ? Vector<double>::Zero(inputs).eval() : mean;
        const Vector<double> damped =
            method == "centering" ? Vector<double>::Ones(inputs).eval()
                                  : (variance.array() + 1e-2 * variance.maxCoeff() + 1e-4).matrix().eval();
        const double q = std::sqrt(std::max(static_cast<double>(inputs) / samples, 1.0));

        Matrix<double> Gw = randomMatrix<double>(outputs, inputs, 1), expectedW = Gw;
        Vector<double> Gb = randomVector<double>(outputs, 2), expectedB = Gb;
        multiply(explicitP(mu, damped, q), expectedW, expectedB);
        layer->transform(Gw, Gb, samples);
        QVERIFY(difference(Gw, expectedW) < exact);
        QVERIFY(difference(Gb, expectedB) < exact);
    }

    void reproducesReferenceNumbers_data() {
        QTest::addColumn<int>("number");
        const auto cases = fixture("bnp.json")["dense"]["cases"];
        for (std::size_t i = 0; i < cases.size(); ++i)
            if (cases[i]["mode"] != "dev") // a variance rule that is not offered
                QTest::newRow(qPrintable(QString("%1, %2 samples")
                                             .arg(cases[i]["mode"].get<std::string>().c_str())
                                             .arg(cases[i]["N"].get<int>())))
                    << static_cast<int>(i);
    }
    void reproducesReferenceNumbers() {
        QFETCH(int, number);
        const auto dense = fixture("bnp.json")["dense"];
        const auto known = dense["cases"][static_cast<std::size_t>(number)];
        const Matrix<double> H = matrixOf(dense["H"]).transpose();
        Matrix<double> Gw = matrixOf(dense["Gw"]);
        Vector<double> Gb = vectorOf(dense["Gb"]);
        const std::string rule = known["mode"] == "paper" ? "literal" : "total";
        const auto layer = bound<double>("bnp", {{"variance", rule}}, H.rows(), Gw.rows());

        const auto updates = known["after_each_update"];
        for (std::size_t t = 0; t < updates.size(); ++t) {
            if (known["N"] == 1)
                layer->observe(H.col(static_cast<Index>(t)));
            else
                layer->observe((H.array() + static_cast<double>(t)).matrix());
            QVERIFY(difference(tensor(*layer, "mean"), vectorOf(updates[t]["mu"])) < exact);
            QVERIFY(difference(tensor(*layer, "variance"), vectorOf(updates[t]["s2"])) < exact);
        }
        layer->transform(Gw, Gb, known["N"].get<Index>());
        QVERIFY(difference(Gw, matrixOf(known["Gw_out"])) < exact);
        QVERIFY(difference(Gb, vectorOf(known["Gb_out"])) < exact);
    }

    void startsAreWeightedMixtures_data() {
        QTest::addColumn<QString>("start");
        for (const char* start : {"literal", "first_batch", "bias_corrected"})
            QTest::newRow(start) << start;
    }
    /// Mean and total variance are those of the mixture of all batches with the weights that "start"
    /// promises.
    void startsAreWeightedMixtures() {
        QFETCH(QString, start);
        constexpr double rho = 0.8;
        const auto layer = bound<double>("bnp", {{"rho", rho}, {"start", start.toStdString()}});
        std::vector<Matrix<double>> seen;
        for (int t = 0; t < 6; ++t) {
            seen.push_back(batchOf(4, t));
            layer->observe(seen.back());

            const double startWeight = start == "literal" ? std::pow(rho, t + 1) : 0;
            Vector<double> first = Vector<double>::Zero(inputs);
            Vector<double> second = Vector<double>::Constant(inputs, startWeight); // of N(0, 1)
            double sum = startWeight;
            for (int s = 0; s <= t; ++s) {
                const bool isFirst = start == "first_batch" && s == 0;
                double weight = std::pow(rho, t - s) * (isFirst ? 1 : 1 - rho);
                if (start == "bias_corrected") weight /= 1 - std::pow(rho, t + 1);
                const auto& H = seen[static_cast<std::size_t>(s)];
                first += weight * H.rowwise().mean();
                second += weight * H.cwiseAbs2().rowwise().mean();
                sum += weight;
            }
            QVERIFY(std::abs(sum - 1) < exact);
            QVERIFY(difference(tensor(*layer, "mean"), first) < exact);
            QVERIFY(difference(tensor(*layer, "variance"), (second - first.cwiseAbs2()).eval()) < exact);
        }
    }

    /// A batch of one has no variance of its own: the literal rule forgets, the total rule learns.
    void variancesAtOneSample() {
        const auto literal = bound<double>("bnp", {{"rho", 0.9}, {"variance", std::string("literal")}});
        const auto total = bound<double>("bnp", {{"rho", 0.9}});
        for (int t = 0; t < 400; ++t) {
            literal->observe(batchOf(1, t));
            total->observe(batchOf(1, t));
        }
        QVERIFY(tensor(*literal, "variance").maxCoeff() < 1e-18); // 0.9^400 = 5e-19
        const double loudest = std::pow(9.0, inputs - 1);         // variance of the last input
        const double estimate = tensor(*total, "variance")[inputs - 1];
        QVERIFY(estimate > loudest / 4 && estimate < loudest * 4); // of about 19 effective samples
    }

    /// math.md section 3: one step of gradient descent on the layer behind a batch normalization whose
    /// statistics are held fixed, folded back, is one BNP step of the plain layer with sigma~^2 = sigma^2 +
    /// eps.
    void equalsFrozenBatchNormalization() {
        constexpr double rate = 0.3, epsilon = 1e-5;
        constexpr Index samples = 12; // >= inputs: q = 1
        const Matrix<double> H = batchOf(samples, 0), delta = randomMatrix<double>(outputs, samples, 3);
        const Matrix<double> W = randomMatrix<double>(outputs, inputs, 4);
        const Vector<double> b = randomVector<double>(outputs, 5);
        const Vector<double> mu = H.rowwise().mean();
        const Vector<double> s = ((H.colwise() - mu).cwiseAbs2().rowwise().mean().array() + epsilon).sqrt();

        const Matrix<double> normalized = s.cwiseInverse().asDiagonal() * (H.colwise() - mu);
        const Matrix<double> V = W - rate * delta * normalized.transpose(); // the BN network's own weights
        const Vector<double> c = b - rate * delta.rowwise().sum();
        const Matrix<double> foldedAfter = V * s.cwiseInverse().asDiagonal();
        const Vector<double> biasAfter = c - foldedAfter * mu;

        const auto layer = bound<double>(
            "bnp", {{"start", std::string("first_batch")}, {"epsilon1", 0.0}, {"epsilon2", epsilon}});
        layer->observe(H);
        Matrix<double> Gw = delta * H.transpose();
        Vector<double> Gb = delta.rowwise().sum();
        layer->transform(Gw, Gb, samples);
        const Matrix<double> foldedBefore = W * s.cwiseInverse().asDiagonal();
        QVERIFY(difference((foldedBefore - rate * Gw).eval(), foldedAfter) < exact);
        QVERIFY(difference((b - foldedBefore * mu - rate * Gb).eval(), biasAfter) < exact);
    }

    void float32FollowsFloat64() {
        const auto single = bound<float>("bnp", {});
        const auto twice = bound<double>("bnp", {});
        for (int t = 0; t < 20; ++t) {
            single->observe(batchOf(7, t).cast<float>());
            twice->observe(batchOf(7, t));
        }
        Matrix<double> Gw = randomMatrix<double>(outputs, inputs, 6);
        Vector<double> Gb = randomVector<double>(outputs, 7);
        Matrix<float> gw = Gw.cast<float>();
        Vector<float> gb = Gb.cast<float>();
        twice->transform(Gw, Gb, 7);
        single->transform(gw, gb, 7);
        QVERIFY(difference(gw, Gw) < float32Bound);
        QVERIFY(difference(gb, Gb) < float32Bound);
    }

    void actsOnTheChosenLayers() {
        const auto& entry = preconditioningCatalog().at("bnp");
        Parameters values(entry);
        values.set("layers", std::vector<double>{0, 2});
        const auto method = entry.make<double>(values);
        QVERIFY(method->makeLayer(0));
        QVERIFY(!method->makeLayer(1));
        QVERIFY(method->makeLayer(2));
        values.set("layers", std::vector<double>{1.5});
        try {
            entry.make<double>(values);
            QFAIL("a layer number that is not whole was accepted");
        } catch (const InputError& error) {
            QCOMPARE(std::string(error.what()),
                     "layers: 1.5 is no layer, expected whole numbers. Layers are counted from 0.");
        }
    }
};

QTEST_APPLESS_MAIN(BnpTest)
#include "bnp_test.moc"
