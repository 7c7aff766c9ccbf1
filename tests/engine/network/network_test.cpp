// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/random_network.h"
#include "tests/support/variants.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

MethodSpec batchNorm(const char* placement, bool inputs) {
    MethodSpec spec{"batch_norm", Parameters(normalizationCatalog().at("batch_norm"))};
    spec.parameters.set("placement", std::string(placement));
    spec.parameters.set("normalize_inputs", inputs);
    return spec;
}

template<class S = double>
std::unique_ptr<Network<S>> network(const MethodSpec& normalization) {
    auto net = randomNetwork<S>(2, {4, 3}, 2, activationSpec("tanh"), normalization, 5);
    net->reserve(6);
    return net;
}

std::vector<std::string> blockNames(const Network<double>& net) {
    std::vector<std::string> names;
    for (const auto& block : net.blocks())
        names.push_back(block.name);
    return names;
}

std::vector<std::string> kinds(const Network<double>& net) {
    std::vector<std::string> all;
    for (std::size_t l = 0; l < net.depth(); ++l)
        all.push_back(net.layer(l).kind());
    return all;
}

/// Forward and back through narrow layers as a chain, against the general way, which a team makes a network
/// go.
template<class S>
void chainsAreLikeOtherNetworks(const std::vector<int>& hidden, Index outputs, const char* activation,
                                Index n) {
    StepTeam team(1);
    const MethodSpec none{"none", Parameters(normalizationCatalog().at("none"))};
    const auto chain = randomNetwork<S>(3, hidden, outputs, activationSpec(activation), none, 8);
    chain->reserve(40);
    Network<S> general(*chain);
    general.setTeam(&team);
    const Matrix<S> x = randomMatrix<double>(3, n, 4).template cast<S>();
    for (const Mode mode : {Mode::Evaluation, Mode::Training})
        QVERIFY(chain->forward(x, mode) == general.forward(x, mode));
    for (std::size_t l = 0; l < chain->depth(); ++l)
        QVERIFY(chain->outputOf(l, n) == general.outputOf(l, n));
    Matrix<S> dz = randomMatrix<double>(outputs, n, 5).template cast<S>(), other = dz;
    for (std::size_t d = 0; d < chain->weighted().size(); ++d) {
        chain->prepareToPropagate(d, n);
        general.prepareToPropagate(d, n);
    }
    general.propagate(x, other);
    general.setWeightGradients(x);
    chain->differentiate(x, dz);
    QVERIFY(chain->gradient() == general.gradient());
    chain->gradient().setZero();
    chain->backward(x, dz);
    QVERIFY(chain->gradient() == general.gradient());
    chain->propagate(x, dz); // may still go the other way
    chain->gradient().setZero();
    chain->setWeightGradients(x);
    QVERIFY(chain->gradient() == general.gradient());
}

/// Counts whether it was asked for the gradient of its input.
class Witness final : public Layer<double> {
public:
    explicit Witness(bool trained) : trained_(trained) {}
    std::string kind() const override { return "witness"; }
    Index inputs() const override { return 2; }
    Index outputs() const override { return 2; }
    std::vector<TensorShape> parameters() const override {
        return trained_ ? std::vector<TensorShape>{{"weight", 1, 1, true}} : std::vector<TensorShape>{};
    }
    void forward(ConstMatrixRef<double> in, MatrixRef<double> out, Mode) override { out = in; }
    void backward(ConstMatrixRef<double>, ConstMatrixRef<double>, MatrixRef<double> dOut,
                  MatrixRef<double>* dIn) override {
        ++backwards;
        asked += dIn != nullptr;
        if (dIn) *dIn = dOut;
    }
    void forwardTangent(const Tangent<double>&, MatrixRef<double>) override {}
    void backwardTangent(const Tangent<double>&, MatrixRef<double>, double*, MatrixRef<double>*) override {}
    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override { return nullptr; }
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override { return nullptr; }

    int backwards = 0, asked = 0;

private:
    bool trained_;
};

} // namespace

class NetworkTest : public QObject {
    Q_OBJECT

private slots:
    void chainsOfNarrowLayersGiveTheSameBits() {
        const std::vector<std::vector<int>> shapes{{8},    {8, 8, 8}, {16, 4, 8}, {4, 4},
                                                   {2, 8}, {8, 7},    {16, 16}};
        for (const auto& hidden : shapes)
            for (const Index outputs : {1, 2, 3, 70})
                for (const char* activation : {"tanh", "relu"})
                    for (const Index n : {1, 3, 4, 7, 8, 9, 10, 33}) {
                        chainsAreLikeOtherNetworks<float>(hidden, outputs, activation, n);
                        chainsAreLikeOtherNetworks<double>(hidden, outputs, activation, n);
                    }
    }

    /// Also when a layer's inputs are replaced by factors that it is told the bounds of.
    void noGradientIsLargerThanItsBound() {
        constexpr Index n = 11;
        const MethodSpec none{"none", Parameters(normalizationCatalog().at("none"))};
        for (const double size : {1e-3, 1.0, 1e3}) {
            const auto net = randomNetwork<double>(3, {5, 4}, 2, activationSpec("tanh"), none, 8);
            net->reserve(n);
            const Matrix<double> x = size * randomMatrix<double>(3, n, 1);
            const double largest = x.cwiseAbs().maxCoeff();
            Matrix<double> dz = randomMatrix<double>(2, n, 2) / size;
            net->forward(x, Mode::Training);
            net->backward(x, dz);
            QVERIFY(net->gradient().norm() > 0);
            QVERIFY(net->gradientBound(x, largest) >= net->gradient().squaredNorm());

            const Matrix<double> inputs = (3 * x.array() - size).matrix();
            const Vector<double> shares = Vector<double>::Constant(n, 2);
            std::vector<GradientFactor<double>> factors(net->weighted().size());
            factors[0] = {inputs.data(), shares.data(), {{size, 3}, {2, 0}}};
            net->setWeightGradients(x, factors);
            const double bound = net->gradientBound(x, largest, factors);
            QVERIFY(bound >= net->gradient().squaredNorm() && std::isfinite(bound));
            QVERIFY(!std::isfinite(net->gradientBound(x, std::numeric_limits<double>::infinity())));
        }
    }

    /// What the first layer gives, and all gradients, however its inputs and samples are shared out.
    void manyInputsMayBeSharedOut() {
        constexpr Index inputs = 530, n = 40;
        for (const char* key : {"none", "batch_norm"}) {
            const MethodSpec spec{key, Parameters(normalizationCatalog().at(key))};
            const auto start = randomNetwork<float>(inputs, {50, 37}, 3, activationSpec("relu"), spec, 8);
            start->reserve(n);
            Network<float> alone(*start);
            const Matrix<float> x = randomMatrix<float>(inputs, n, 4);
            const Matrix<float> dz = randomMatrix<float>(3, n, 5);
            Matrix<float> own = dz;
            const Matrix<float> z = alone.forward(x, Mode::Training), first = alone.outputOf(0, n);
            alone.backward(x, own);
            const Matrix<float> evaluated = alone.forward(x, Mode::Evaluation);
            for (const int size : {2, 3, 4, 12}) {
                StepTeam team(size);
                Network<float> shared(*start);
                shared.setTeam(&team);
                QCOMPARE(shared.sharesInputs(n),
                         size == 2 || size == 4); // of 12, each pair would have too few samples
                QVERIFY(shared.forward(x, Mode::Training) == z);
                QVERIFY(shared.outputOf(0, n) == first);
                own = dz;
                shared.backward(x, own);
                QVERIFY(shared.gradient() == alone.gradient());
                QVERIFY(shared.forward(x, Mode::Evaluation) == evaluated);
            }
        }
    }

    /// A step of training, alone and shared, with and without knowing which inputs are 0.
    void inputsThatAreZeroAreLeftOutToTheSameBits() {
        constexpr Index inputs = 530, n = 47;
        const auto start = randomNetwork<float>(inputs, {70, 37}, 3, activationSpec("relu"), {"none", {}}, 8);
        start->reserve(n);
        QVERIFY(start->skipsZeros());
        QVERIFY(!randomNetwork<float>(511, {70}, 3, activationSpec("relu"), {"none", {}}, 8)->skipsZeros());
        Matrix<float> x = randomMatrix<float>(inputs, n, 4);
        std::vector<std::int32_t> places;
        for (Index i = 0; i < inputs; ++i)
            if (i % 3 == 1)
                places.push_back(static_cast<std::int32_t>(i));
            else
                x.row(i).setZero();
        const std::span<const std::int32_t> nonzero(places);
        const auto step = [&](Network<float>& network, Network<float>::Nonzero known) {
            const Matrix<float> z = network.forward(x, Mode::Training, known);
            Matrix<float> dz = randomMatrix<float>(3, n, 5);
            network.backward(x, dz);
            network.descend(x, 0.1f, {}, known);
            return z;
        };
        Network<float> plain(*start);
        const Matrix<float> z = step(plain, nullptr);
        for (const int size : {1, 2, 3, 4}) {
            StepTeam team(size);
            Network<float> knowing(*start);
            knowing.setTeam(&team);
            QVERIFY(step(knowing, &nonzero) == z);
            QVERIFY(knowing.theta() == plain.theta());
        }
    }

    void namesTensorsByDenseLayer() {
        using Names = std::vector<std::string>;
        const auto dense = [](int d) {
            const std::string prefix = "layers." + std::to_string(d);
            return Names{prefix + ".weight", prefix + ".bias"};
        };
        const auto norm = [](const std::string& k) {
            return Names{"normalizations." + k + ".weight", "normalizations." + k + ".bias"};
        };
        const auto join = [](std::initializer_list<Names> parts) {
            Names all;
            for (const auto& part : parts)
                all.insert(all.end(), part.begin(), part.end());
            return all;
        };
        const MethodSpec none{"none", {}};
        QCOMPARE(blockNames(*network(none)), join({dense(0), dense(1), dense(2)}));
        QCOMPARE(blockNames(*network(batchNorm("post", false))),
                 join({dense(0), norm("1"), dense(1), norm("2"), dense(2)}));
        QCOMPARE(blockNames(*network(batchNorm("post", true))),
                 join({norm("0"), dense(0), norm("1"), dense(1), norm("2"), dense(2)}));
        QCOMPARE(blockNames(*network(batchNorm("pre", false))),
                 join({dense(0), norm("0"), dense(1), norm("1"), dense(2)}));
        QCOMPARE(blockNames(*network(batchNorm("pre", true))),
                 join({norm("input"), dense(0), norm("0"), dense(1), norm("1"), dense(2)}));
        const auto pre = network(batchNorm("pre", true));
        QCOMPARE(pre->buffers().front().name, std::string("normalizations.input.running_mean"));
        QCOMPARE(pre->buffers()[3].name, std::string("normalizations.0.running_var"));
    }

    void blocksTileTheParameterVector() {
        for (const auto& variant : variantsOf(normalizationCatalog())) {
            const auto net = network(variant.spec);
            Index offset = 0;
            for (const auto& block : net->blocks()) {
                QCOMPARE(block.offset, offset);
                offset += block.shape.size();
                QVERIFY(block.name.starts_with(net->tensorPrefix(block.layer) + '.'));
            }
            QCOMPARE(net->theta().size(), offset);
            QCOMPARE(net->gradient().size(), offset);
            for (std::size_t d = 0; d < net->weighted().size(); ++d) {
                QVERIFY(&net->layer(net->positionOfWeighted(static_cast<int>(d))) == net->weighted()[d]);
                QCOMPARE(net->tensorPrefix(net->positionOfWeighted(static_cast<int>(d))),
                         "layers." + std::to_string(d));
            }
        }
    }

    void blocksTellTheDenseLayerTheyBelongTo() {
        const auto numbers = [](const MethodSpec& spec) {
            std::vector<int> all;
            const auto net = network(spec);
            for (const auto& block : net->blocks())
                if (block.shape.name == "weight") all.push_back(block.weighted);
            return all;
        };
        QCOMPARE(numbers(batchNorm("post", true)), (std::vector<int>{0, 0, 1, 1, 2, 2}));
        QCOMPARE(numbers(batchNorm("pre", true)), (std::vector<int>{0, 0, 0, 1, 1, 2}));
    }

    void forwardIsTheLayersOneAfterTheOther() {
        const auto net = network({"none", {}});
        const Matrix<double> x = randomMatrix<double>(2, 6, 1);
        Matrix<double> h = x;
        for (std::size_t d = 0; d < 3; ++d) {
            h = (net->weighted()[d]->weight() * h).colwise() + Vector<double>(net->weighted()[d]->bias());
            if (d < 2) h = h.array().unaryExpr([](double a) { return std::tanh(a); }).matrix().eval();
        }
        QVERIFY((net->forward(x, Mode::Training) - h).cwiseAbs().maxCoeff() < 1e-14);
    }

    void keepsWhatLayersReceivedAndGave() {
        const auto net = network(batchNorm("post", true));
        const Matrix<double> x = randomMatrix<double>(2, 4, 1);
        const Matrix<double> z = net->forward(x, Mode::Evaluation);
        QVERIFY(net->inputOf(0, x) == x);
        QVERIFY(net->outputOf(net->depth() - 1, 4) == z);
        for (std::size_t l = 0; l < net->depth(); ++l) {
            QCOMPARE(net->inputOf(l, x).rows(), net->layer(l).inputs());
            QCOMPARE(net->inputOf(l, x).cols(), Index{4});
            Matrix<double> out(net->layer(l).outputs(), 4);
            net->layer(l).forward(net->inputOf(l, x), out, Mode::Evaluation);
            QVERIFY(out == net->outputOf(l, 4));
        }
    }

    void stopsWhereTheCallerSays() {
        const auto net = network(batchNorm("post", true));
        const Matrix<double> x = randomMatrix<double>(2, 4, 1);
        net->forward(x, Mode::Evaluation);
        const Matrix<double> hidden = net->outputOf(2, 4);
        QVERIFY(net->forward(x, Mode::Evaluation, 3) == hidden);
    }

    void copiesAreDeep() {
        for (const auto& variant : variantsOf(normalizationCatalog())) {
            const auto net = network(variant.spec);
            const Matrix<double> x = randomMatrix<double>(2, 6, 1);
            Network<double> copy(*net);
            QCOMPARE(copy.reserved(), net->reserved());
            QCOMPARE(kinds(copy), kinds(*net));
            for (const Mode mode : {Mode::Evaluation, Mode::Training}) {
                const Matrix<double> expected = net->forward(x, mode);
                QVERIFY(copy.forward(x, mode) == expected);
            }
            const Matrix<double> before = net->forward(x, Mode::Evaluation);
            copy.theta().setZero();
            for (auto& [name, buffer] : copy.buffers())
                VectorMap<double>(buffer.data, buffer.shape.size()).setConstant(7);
            QVERIFY(net->forward(x, Mode::Evaluation) == before);
        }
    }

    void changesPrecision() {
        for (const auto& variant : variantsOf(normalizationCatalog())) {
            const auto single = network<float>(variant.spec);
            Network<double> converted(*single);
            converted.reserve(6);
            const Matrix<float> x = randomMatrix<float>(2, 6, 1);
            const Matrix<double> expected = single->forward(x, Mode::Evaluation).cast<double>();
            const Matrix<double> got = converted.forward(Matrix<double>(x.cast<double>()), Mode::Evaluation);
            QVERIFY((got - expected).cwiseAbs().maxCoeff() < 1e-5 * expected.cwiseAbs().maxCoeff());
            QVERIFY(converted.theta() == single->theta().cast<double>());
            QVERIFY(Network<float>(converted).theta() == single->theta()); // and back, without loss
        }
    }

    void asksForNoGradientThatNobodyNeeds() {
        const auto build = [](bool trained, Witness*& witness) {
            auto layer = std::make_unique<Witness>(trained);
            witness = layer.get();
            std::vector<std::unique_ptr<Layer<double>>> layers;
            layers.push_back(std::make_unique<Witness>(false));
            layers.push_back(std::move(layer));
            layers.push_back(std::make_unique<Dense<double>>(2, 2));
            auto net = std::make_unique<Network<double>>(std::move(layers));
            net->reserve(3);
            return net;
        };
        Matrix<double> x = randomMatrix<double>(2, 3, 1), dz = x;
        Witness* witness = nullptr;
        const auto plain = build(false, witness);
        plain->forward(x, Mode::Training);
        plain->backward(x, dz);
        QCOMPARE(witness->backwards, 0);
        const auto trained = build(true, witness);
        trained->forward(x, Mode::Training);
        trained->backward(x, dz);
        QCOMPARE(witness->backwards, 1);
        QCOMPARE(witness->asked, 0);
    }

    void takesFewerSamplesThanReserved() {
        for (const auto& variant : variantsOf(normalizationCatalog())) {
            const auto net = network(variant.spec), exact = network(variant.spec);
            exact->reserve(2);
            const Matrix<double> x = randomMatrix<double>(2, 2, 1), dz = randomMatrix<double>(2, 2, 2);
            Matrix<double> first = dz, second = dz;
            QVERIFY(net->forward(x, Mode::Training) == exact->forward(x, Mode::Training));
            net->backward(x, first);
            exact->backward(x, second);
            QVERIFY(net->gradient() == exact->gradient());
        }
    }

    void refusesLayersThatDoNotFit() {
        std::vector<std::unique_ptr<Layer<double>>> layers;
        layers.push_back(std::make_unique<Dense<double>>(2, 3));
        layers.push_back(std::make_unique<Dense<double>>(4, 1));
        QVERIFY_EXCEPTION_THROWN(Network<double>(std::move(layers)), std::logic_error);
    }
};

QTEST_APPLESS_MAIN(NetworkTest)
#include "network_test.moc"
