// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/stack.h"

#include "engine/network/initialization.h"
#include "engine/normalization/input_statistics.h"
#include "tests/support/random_network.h"
#include "tests/support/variants.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr Index samples = 60;
constexpr double sameFunction = 1e-10; // the promise: relative, in float64

MethodSpec batchNorm(const char* placement, bool inputs) {
    MethodSpec spec{"batch_norm", Parameters(normalizationCatalog().at("batch_norm"))};
    spec.parameters.set("placement", std::string(placement));
    spec.parameters.set("normalize_inputs", inputs);
    return spec;
}
const MethodSpec none{"none", {}};

std::vector<std::string> kinds(const Network<double>& net) {
    std::vector<std::string> all;
    for (std::size_t l = 0; l < net.depth(); ++l)
        all.push_back(net.layer(l).kind());
    return all;
}

std::unique_ptr<Network<double>> stack(const MethodSpec& normalization,
                                       const std::vector<int>& hidden = {4, 3}) {
    return buildStack<double>(3, hidden, 2, activationSpec("tanh"),
                              *makeNormalization<double>(normalization));
}

/// Badly scaled inputs: the default experiment's offsets and scales, and a feature that is constant.
Matrix<double> badlyScaled() {
    Matrix<double> x = randomMatrix<double>(3, samples, 3);
    x.row(0).array() += 10;
    x.row(1) = 100 * x.row(1).array() + 10;
    x.row(2).setConstant(0.1);
    return x;
}

Matrix<double> standardized(const Matrix<double>& x) {
    const Vector<double> mean = x.rowwise().mean();
    const Matrix<double> centred = x.colwise() - mean;
    Vector<double> deviation = centred.array().square().rowwise().mean().sqrt();
    deviation = (deviation.array() < 1e-12).select(1.0, deviation);
    return deviation.cwiseInverse().asDiagonal() * centred;
}

/// Those that a change of coordinates makes and unmakes.
std::vector<Variant> foldable() {
    std::vector<Variant> all = variantsOf(normalizationCatalog());
    std::erase_if(all,
                  [](const Variant& variant) { return !makeNormalization<double>(variant.spec)->folds(); });
    return all;
}

double relativeDifference(const Matrix<double>& a, const Matrix<double>& b) {
    return (a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff();
}

Matrix<double> evaluate(Network<double>& net, const Matrix<double>& x) {
    net.reserve(x.cols());
    return net.forward(x, Mode::Evaluation);
}

} // namespace

class StackTest : public QObject {
    Q_OBJECT

private slots:
    void placesLayersWhereTheMethodSays() {
        using Kinds = std::vector<std::string>;
        const std::string d = "dense", t = "tanh", n = "batch_norm";
        QCOMPARE(kinds(*stack(none)), (Kinds{d, t, d, t, d}));
        QCOMPARE(kinds(*stack(batchNorm("post", false))), (Kinds{d, t, n, d, t, n, d}));
        QCOMPARE(kinds(*stack(batchNorm("post", true))), (Kinds{n, d, t, n, d, t, n, d}));
        QCOMPARE(kinds(*stack(batchNorm("pre", false))), (Kinds{d, n, t, d, n, t, d}));
        QCOMPARE(kinds(*stack(batchNorm("pre", true))), (Kinds{n, d, n, t, d, n, t, d}));
        QCOMPARE(kinds(*stack(batchNorm("pre", true), {})), (Kinds{n, d}));
        QCOMPARE(kinds(*stack(batchNorm("post", false), {})), (Kinds{d}));
    }

    void startsNormalizationsAtOneAndZero() {
        const auto net = stack(batchNorm("post", true));
        for (const auto& block : net->blocks()) {
            const auto values = net->theta().segment(block.offset, block.shape.size()).array();
            const bool gamma = block.name.starts_with("normalizations") && block.shape.name == "weight";
            QVERIFY((values == (gamma ? 1.0 : 0.0)).all());
        }
        for (const auto& [name, buffer] : net->buffers())
            QVERIFY((VectorMap<double>(buffer.data, buffer.shape.size()).array() ==
                     (buffer.shape.name == "running_var" ? 1.0 : 0.0))
                        .all());
    }

    // The start function on raw inputs is that of the same weights on standardized inputs.
    void foldsTheInputsStandardization() {
        const Matrix<double> x = badlyScaled();
        for (const auto& placement : {none, batchNorm("post", false), batchNorm("pre", false)}) {
            const auto folded = stack(placement), start = stack(placement);
            for (auto* net : {folded.get(), start.get()})
                initializeWeights(
                    *net, {"xavier_uniform", Parameters(initializationCatalog().at("xavier_uniform"))}, 4);
            foldStandardization(*folded, Features(x), FoldedLayers::First);
            QVERIFY(relativeDifference(evaluate(*folded, x), evaluate(*start, standardized(x))) < 1e-12);
            for (std::size_t d = 1; d < 3; ++d)
                QVERIFY(folded->weighted()[d]->weight() == start->weighted()[d]->weight());
        }
    }

    void foldsEveryLayersStandardization() {
        const Matrix<double> x = badlyScaled();
        const auto start = randomNetwork<double>(3, {4, 3}, 2, activationSpec("relu"), none, 4);
        Network<double> folded(*start);
        foldStandardization(folded, Features(x), FoldedLayers::All);
        evaluate(folded, x);
        for (int d = 0; d < 3; ++d) {
            const std::size_t l = folded.positionOfWeighted(d);
            WeightedLayer<double>& layer = *start->weighted()[static_cast<std::size_t>(d)];
            const Matrix<double> expected =
                Matrix<double>(layer.weight() * standardized(folded.inputOf(l, x))).colwise() +
                Vector<double>(layer.bias());
            QVERIFY(relativeDifference(folded.outputOf(l, samples), expected) < 1e-12);
        }
    }

    void leavesLayersBehindANormalizationAlone() {
        const Matrix<double> x = badlyScaled();
        const auto start =
            randomNetwork<double>(3, {4, 3}, 2, activationSpec("tanh"), batchNorm("post", true), 4);
        Network<double> folded(*start);
        foldStandardization(folded, Features(x), FoldedLayers::All);
        QVERIFY(folded.theta() == start->theta());
        const auto hidden =
            randomNetwork<double>(3, {4, 3}, 2, activationSpec("tanh"), batchNorm("post", false), 4);
        Network<double> first(*hidden);
        foldStandardization(first, Features(x), FoldedLayers::All);
        QVERIFY(first.weighted()[0]->weight() != hidden->weighted()[0]->weight());
        QVERIFY(first.weighted()[1]->weight() == hidden->weighted()[1]->weight());
        QVERIFY(first.weighted()[2]->weight() == hidden->weighted()[2]->weight());
        for (std::size_t i = 0; i < hidden->buffers().size(); ++i) {
            const auto before = hidden->buffers()[i].buffer, after = first.buffers()[i].buffer;
            QVERIFY(VectorMap<double>(before.data, before.shape.size()) ==
                    VectorMap<double>(after.data, after.shape.size()));
        }
    }

    void aConstantFeatureIsOnlyCentred() {
        Matrix<double> x = randomMatrix<double>(3, 1000, 1);
        x.row(1).setConstant(0.1); // no binary number: its mean is off by rounding
        const auto net = randomNetwork<double>(3, {}, 2, {}, none, 4);
        const Matrix<double> W = net->weighted()[0]->weight();
        foldStandardization(*net, Features(x), FoldedLayers::First);
        QVERIFY(net->weighted()[0]->weight().col(1) == W.col(1));
    }

    void conversionKeepsTheFunction_data() {
        QTest::addColumn<QString>("activation");
        for (const auto& key : activationCatalog().keys())
            QTest::newRow(key.c_str()) << QString::fromStdString(key);
    }
    void conversionKeepsTheFunction() {
        QFETCH(QString, activation);
        const MethodSpec g = activationSpec(activation.toStdString());
        const Matrix<double> x = badlyScaled(), elsewhere = 2 * badlyScaled().array() - 5;
        const auto variants = foldable();
        for (const auto& from : variants)
            for (const auto& to : variants)
                for (std::uint64_t seed = 1; seed < 4; ++seed) {
                    const auto net = randomNetwork<double>(3, {6, 5}, 2, g, from.spec, seed);
                    net->weighted()[0]->weight().row(2).setZero(); // a unit without variance
                    const auto converted =
                        convertNormalization(*net, *makeNormalization<double>(to.spec), Features(x));
                    const std::string pair = from.name + " -> " + to.name;
                    QCOMPARE(kinds(*converted), kinds(*buildStack<double>(
                                                    3, {6, 5}, 2, g, *makeNormalization<double>(to.spec))));
                    for (const auto& inputs : {x, elsewhere})
                        QVERIFY2(relativeDifference(evaluate(*converted, inputs), evaluate(*net, inputs)) <
                                     sameFunction,
                                 pair.c_str());
                }
    }

    // So that the first training step sees what evaluation saw.
    void conversionTakesTheTrainingSetsStatistics() {
        const Matrix<double> x = badlyScaled();
        for (const auto& to : foldable()) {
            const auto net =
                randomNetwork<double>(3, {6, 5}, 2, activationSpec("gelu"), batchNorm("post", false), 7);
            const auto converted =
                convertNormalization(*net, *makeNormalization<double>(to.spec), Features(x));
            const Matrix<double> evaluated = evaluate(*converted, x);
            QVERIFY(relativeDifference(converted->forward(x, Mode::Training), evaluated) < 1e-9);
        }
    }

    void conversionStartsPostNormalizationsAtOneAndZero() {
        const auto net =
            randomNetwork<double>(3, {6, 5}, 2, activationSpec("tanh"), batchNorm("pre", true), 7);
        const auto converted = convertNormalization(*net, *makeNormalization<double>(batchNorm("post", true)),
                                                    Features(badlyScaled()));
        for (const auto& block : converted->blocks())
            if (block.name.starts_with("normalizations"))
                QVERIFY((converted->theta().segment(block.offset, block.shape.size()).array() ==
                         (block.shape.name == "weight" ? 1.0 : 0.0))
                            .all());
    }

    // math.md section 3, written out for one hidden layer: W^ = W diag(gamma/s), b^ = b + W(beta - gamma
    // mu/s).
    void conversionToNoneIsTheFormula() {
        const auto net =
            randomNetwork<double>(3, {4}, 2, activationSpec("tanh"), batchNorm("post", false), 7);
        const auto converted =
            convertNormalization(*net, *makeNormalization<double>(none), Features(badlyScaled()));
        const auto norm = net->buffers();
        const Eigen::Array4d mu(norm[0].buffer.data), variance(norm[1].buffer.data);
        const Index at = net->blocks()[2].offset; // gamma, then beta
        const Eigen::Array4d gamma = net->theta().segment(at, 4), beta = net->theta().segment(at + 4, 4);
        const Eigen::Array4d scale = gamma / (variance + 1e-5).sqrt();
        const Matrix<double> W = net->weighted()[1]->weight();
        QVERIFY(converted->weighted()[1]->weight().isApprox(W * scale.matrix().asDiagonal(), 1e-14));
        QVERIFY(converted->weighted()[1]->bias().isApprox(
            net->weighted()[1]->bias() + W * (beta - scale * mu).matrix(), 1e-14));
        QVERIFY(converted->weighted()[0]->weight() == net->weighted()[0]->weight());
    }

    void thereAndBackAgainGivesTheWeightsBack() {
        const auto net = randomNetwork<double>(3, {6, 5}, 2, activationSpec("silu"), none, 7);
        for (const auto& by : foldable()) {
            const Features x(badlyScaled());
            const auto there = convertNormalization(*net, *makeNormalization<double>(by.spec), x);
            const auto back = convertNormalization(*there, *makeNormalization<double>(none), x);
            QVERIFY((back->theta() - net->theta()).cwiseAbs().maxCoeff() < 1e-10);
        }
    }

    void conversionWorksInFloat() {
        const Matrix<double> x = badlyScaled();
        const Matrix<float> single = x.cast<float>();
        for (const auto& from : foldable())
            for (const auto& to : foldable()) {
                const auto net = randomNetwork<float>(3, {6, 5}, 2, activationSpec("tanh"), from.spec, 7);
                const auto converted =
                    convertNormalization(*net, *makeNormalization<float>(to.spec), Features(x));
                net->reserve(samples);
                converted->reserve(samples);
                const Matrix<double> a = converted->forward(single, Mode::Evaluation).cast<double>();
                const Matrix<double> b = net->forward(single, Mode::Evaluation).cast<double>();
                QVERIFY(relativeDifference(a, b) < 1e-3); // W x of about 300 in front of a tanh, in float
            }
    }

    void conversionKeepsTheReservedBatch() {
        const auto net = randomNetwork<double>(3, {6, 5}, 2, activationSpec("tanh"), none, 7);
        net->reserve(17);
        const auto converted = convertNormalization(*net, *makeNormalization<double>(batchNorm("pre", true)),
                                                    Features(badlyScaled()));
        QCOMPARE(converted->reserved(), Index{17});
    }
};

QTEST_APPLESS_MAIN(StackTest)
#include "stack_test.moc"
