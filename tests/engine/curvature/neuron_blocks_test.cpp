// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/condition_number.h"
#include "engine/curvature/coordinates.h"
#include "engine/curvature/dense_spectrum.h"
#include "engine/curvature/neuron_blocks.h"
#include "tests/support/curvature.h"
#include "tests/support/fixture.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;
using nlohmann::json;

namespace {

MethodSpec normalizationSpec(const std::string& key) {
    return {key, Parameters(normalizationCatalog().at(key))};
}

/// The network and the data of the fixture's Hessian.
struct Reference {
    json all = fixture("bnp.json");
    json hessian = all.at("hessian");
    Dataset data;
    CurvatureProblem problem;

    Reference() {
        data.x = Features(Matrix<double>(test::matrixOf(all.at("traj").at("X")).transpose()));
        data.labels = all.at("traj").at("y").get<std::vector<int>>();
        data.classNames = {"0", "1", "2"};
        problem.loss = lossCatalog().at("cross_entropy").make<double>({});
        const auto sizes = hessian.at("sizes").get<std::vector<int>>();
        auto network = buildStack<double>(sizes.front(), {sizes.begin() + 1, sizes.end() - 1}, sizes.back(),
                                          activationSpec(hessian.at("act")),
                                          *makeNormalization<double>(normalizationSpec("none")));
        for (std::size_t d = 0; d < network->weighted().size(); ++d) {
            network->weighted()[d]->weight() = test::matrixOf(hessian.at("W")[d]);
            network->weighted()[d]->bias() = vectorOf(hessian.at("b")[d]);
        }
        problem.network = std::move(network);
        problem.data = allSamples(data, *problem.loss);
    }
};

/// BNP with exactly the statistics of `input` and without floors.
std::unique_ptr<Preconditioner<double>> exactBnp(ConstMatrixRef<double> input, Index units) {
    const auto& entry = preconditioningCatalog().at("bnp");
    Parameters parameters(entry);
    parameters.set("epsilon1", 0.0);
    parameters.set("epsilon2", 0.0);
    parameters.set("start", std::string("first_batch"));
    auto layer = entry.make<double>(parameters)->makeLayer(0);
    layer->bind({.inputChannels = input.rows(), .outputs = units});
    layer->observe(input);
    return layer;
}

} // namespace

class NeuronBlocksTest : public QObject {
    Q_OBJECT

private slots:
    // The paper's identity, LHY22 Proposition 1.
    void blocksAreThoseOfTheWholeHessian_data() {
        QTest::addColumn<QString>("activation");
        for (const auto& key : activationCatalog().keys())
            QTest::newRow(key.c_str()) << QString::fromStdString(key);
    }
    void blocksAreThoseOfTheWholeHessian() {
        QFETCH(QString, activation);
        for (const auto matrix : {CurvatureMatrix::Hessian, CurvatureMatrix::GaussNewton})
            for (const auto& lossCase : lossCases(3, 20)) {
                auto problem = randomProblem(lossCase, {5, 4}, activationSpec(activation.toStdString()),
                                             normalizationSpec("none"), 5);
                problem.matrix = matrix;
                compareBlocks(problem);
            }
    }

    void withStatisticsHeldTheIdentityHoldsUnderBatchNormalization() {
        for (const char* placement : {"post", "pre"}) {
            MethodSpec normalization = normalizationSpec("batch_norm");
            normalization.parameters.set("placement", std::string(placement));
            auto problem =
                randomProblem(lossCases(3, 20).front(), {5, 4}, activationSpec("tanh"), normalization, 5);
            HessianOperator coupled(problem);
            QVERIFY(coupled.couplesSamplesAbove(0) && !coupled.couplesSamplesAbove(2));
            QVERIFY(!layerConditioning(coupled, 0).median.usable());
            problem.network = withStatisticsHeld(*problem.network, problem.data->x);
            problem.mode = Mode::Evaluation;
            HessianOperator held(problem);
            QVERIFY(std::abs(held.loss() - coupled.loss()) < 1e-12);
            QVERIFY(layerConditioning(held, 0).median.usable());
            compareBlocks(problem);
        }
    }

    void theReferenceImplementationAgrees() {
        Reference reference;
        HessianOperator op(reference.problem);
        QVERIFY(std::abs(op.loss() - reference.hessian.at("loss").get<double>()) < 1e-12);
        const Vector<double> expected = vectorOf(reference.hessian.at("full_eig"));
        QVERIFY(difference(denseSpectrum(denseMatrix(op)).eigenvalues, expected) < 1e-12);
        for (const json& theirs : reference.hessian.at("blocks"))
            compareWithReference(op, theirs);
    }

    void centringCanImproveAndWorsenTheDataMatrix() {
        // math.md section 4: H = [[3, 3], [-3, 3]] has kappa* 1.11, centred 9.
        Dataset data = regression(1, 2, 2);
        data.x = Features(Matrix<double>{{3, -3}, {3, 3}});
        auto problem = randomProblem({&lossCatalog().at("mean_squared_error"), data}, {},
                                     activationSpec("tanh"), normalizationSpec("none"), 1);
        HessianOperator op(problem);
        const LayerConditioning layer = layerConditioning(op, 0);
        QVERIFY(std::abs(layer.input.value - 20.0 / 18) < 1e-12);
        QVERIFY(std::abs(layer.centred.value - 9) < 1e-12);
    }

    // math.md section 5: [[1, mu], [mu, mu^2 + sigma^2]] has kappa 118.99 at (3, 1), and 1 after P.
    void oneLinearNeuronHasTheTextbooksConditionNumber() {
        const json reference = fixture("bnp.json");
        for (const json& theirs : reference.at("two_param")) {
            const double mu = theirs.at("mu"), sigma = theirs.at("sigma");
            Dataset data = regression(1, 1, 2);
            data.x = Features(Matrix<double>{{mu - sigma, mu + sigma}});
            auto problem = randomProblem({&lossCatalog().at("mean_squared_error"), data}, {},
                                         activationSpec("tanh"), normalizationSpec("none"), 1);
            HessianOperator op(problem);
            const double kappa = theirs.at("kappa");
            QVERIFY(std::abs(summarize(denseSpectrum(denseMatrix(op)).eigenvalues).kappa.value / kappa - 1) <
                    1e-8);
            problem.matrix = CurvatureMatrix::GaussNewton;
            HessianOperator gaussNewton(problem);
            const auto layer = layerConditioning(
                gaussNewton, 0, {.preconditioner = exactBnp(gaussNewton.inputOfWeighted(0), 1), .batch = 2});
            QVERIFY(std::abs(layer.median.value / kappa - 1) < 1e-10);
            QVERIFY(std::abs(layer.medianPreconditioned.value - 1) < 1e-10);
            QVERIFY(std::abs(layer.gain.value / kappa - 1) < 1e-10);
            QVERIFY(std::abs(layer.standardized.value - 1) < 1e-10);
        }
    }

    void deadNeuronsAreCountedAndLeftOut() {
        auto problem = randomProblem(lossCases(3, 30).front(), {6}, activationSpec("relu"),
                                     normalizationSpec("none"), 3);
        auto network = std::make_shared<Network<double>>(*problem.network);
        network->weighted()[0]->bias()[2] = -1e3;
        problem.network = network;
        problem.matrix = CurvatureMatrix::GaussNewton;
        HessianOperator op(problem);
        ThreadTeam team(2);
        const LayerConditioning layer = layerConditioning(op, 0, {}, &team);
        QCOMPARE(layer.dead, 1);
        QCOMPARE(layer.blocks.size(), 6u);
        QVERIFY(!layer.blocks[2].kappa.usable());
        QVERIFY(layer.median.usable() && layer.worst.value >= layer.median.value);
        QCOMPARE(layerConditioning(op, 0, {.mostNeurons = 3}).blocks.size(), 3u);
    }

    void fewerSamplesThanInputsLimitTheRank() {
        auto problem =
            randomProblem(lossCases(8, 5).front(), {4}, activationSpec("tanh"), normalizationSpec("none"), 3);
        problem.matrix = CurvatureMatrix::GaussNewton;
        HessianOperator op(problem);
        const LayerConditioning layer = layerConditioning(op, 0);
        for (const NeuronBlock& block : layer.blocks)
            QCOMPARE(block.rank, 5);
        QVERIFY(layer.median.usable() && layer.input.usable());
    }

private:
    static void compareBlocks(const CurvatureProblem& problem) {
        HessianOperator op(problem);
        const Matrix<double> whole = denseMatrix(op);
        for (int d = 0; d < static_cast<int>(op.network().weighted().size()); ++d)
            for (Index i = 0; i < op.network().weighted()[static_cast<std::size_t>(d)]->outputs(); ++i)
                QVERIFY(difference(neuronBlock(op, d, i),
                                   whole(neuronPlaces(op.network(), d, i), neuronPlaces(op.network(), d, i))
                                       .eval()) < 1e-13);
    }

    static void compareWithReference(HessianOperator& op, const json& theirs) {
        const int d = theirs.at("layer");
        const Index i = theirs.at("neuron");
        const Matrix<double> block = neuronBlock(op, d, i);
        QVERIFY(difference(block, test::matrixOf(theirs.at("block_bias_first"))) < 1e-13);
        const Matrix<double> input = op.inputOfWeighted(d);
        const std::shared_ptr<const Preconditioner<double>> bnp =
            exactBnp(input, op.network().weighted()[static_cast<std::size_t>(d)]->outputs());
        const Matrix<double> P = factorOf(*bnp, input.rows(), input.cols());
        QVERIFY(difference(P.transpose() * block * P,
                           test::matrixOf(theirs.at("block_precond_exact_stats"))) < 1e-12);
        const LayerConditioning layer =
            layerConditioning(op, d, {.preconditioner = bnp, .batch = input.cols()});
        const NeuronBlock& ours = layer.blocks[static_cast<std::size_t>(i)];
        QCOMPARE(ours.rank, theirs.at("rank").get<Index>());
        QVERIFY(std::abs(ours.kappa.value / theirs.at("kappa").get<double>() - 1) < 1e-6);
        QVERIFY(std::abs(ours.preconditioned.value / theirs.at("kappa_pre").get<double>() - 1) < 1e-6);
    }
};

QTEST_APPLESS_MAIN(NeuronBlocksTest)
#include "neuron_blocks_test.moc"
