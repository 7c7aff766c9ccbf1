// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/loss.h"
#include "tests/support/fixture.h"
#include "tests/support/random_network.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;
using nlohmann::json;

namespace {

constexpr double tolerance = 1e-12; // 12 steps of float64, another order of sums

const json& reference() {
    static const json all = fixture("bnp.json").at("traj");
    return all;
}

MethodSpec normalizationOf(const json& run) {
    const std::string name = run.at("norm");
    if (name == "none") return {"none", {}};
    if (name == "ln") {
        MethodSpec spec{"layer_norm", Parameters(normalizationCatalog().at("layer_norm"))};
        spec.parameters.set("placement", std::string("post"));
        spec.parameters.set("epsilon", reference().at("bn_eps").get<double>());
        return spec;
    }
    MethodSpec spec{"batch_norm", Parameters(normalizationCatalog().at("batch_norm"))};
    spec.parameters.set("placement", name.substr(3)); // bn_post, bn_pre
    spec.parameters.set("normalize_inputs", run.at("norm_input").get<bool>());
    spec.parameters.set("epsilon", reference().at("bn_eps").get<double>());
    spec.parameters.set("momentum", 0.01); // rho = 0.99
    spec.parameters.set("running_variance", std::string("biased"));
    return spec;
}

/// One of the reference runs on our network, with the few lines of (heavy-ball) gradient descent written out.
struct Run {
    explicit Run(const json& run)
        : expected(run), network(buildStack<double>(2, {4, 3}, 3, activationSpec(run.at("act")),
                                                    *makeNormalization<double>(normalizationOf(run)))) {
        network->reserve(12);
        for (std::size_t d = 0; d < 3; ++d)
            network->weighted()[d]->weight() = matrixOf(run.at("W0").at(d));
        velocity = Vector<double>::Zero(network->theta().size());
    }

    double step(const std::vector<int>& samples) {
        const Matrix<double> x = data(Eigen::all, samples);
        Matrix<double> dz(3, x.cols());
        const double value =
            loss->gradient(network->forward(x, Mode::Training), Targets<double>{labels, {}}, samples, dz);
        network->backward(x, dz);
        velocity = expected.at("momentum").get<double>() * velocity + network->gradient();
        network->theta() -= reference().at("lr").get<double>() * velocity;
        return value;
    }

    const json& expected;
    std::unique_ptr<Network<double>> network;
    std::unique_ptr<Loss<double>> loss = lossCatalog().at("cross_entropy").make<double>({});
    Matrix<double> data = matrixOf(reference().at("X")).transpose();
    std::vector<int> labels = reference().at("y");
    Vector<double> velocity;
};

Vector<double> tensor(Network<double>& network, const std::string& name) {
    for (const auto& block : network.blocks())
        if (block.name == name) return network.theta().segment(block.offset, block.shape.size());
    for (const auto& [known, buffer] : network.buffers())
        if (known == name) return VectorMap<double>(buffer.data, buffer.shape.size());
    throw std::logic_error("no tensor " + name);
}

} // namespace

/// The reference trajectories without, with batch and with layer normalization (tests/fixtures): every loss,
/// and all that is left at the end.
class TrajectoriesTest : public QObject {
    Q_OBJECT

private slots:
    void lossesAndEndsAreTheReferences_data() {
        QTest::addColumn<int>("index");
        const json& runs = reference().at("runs");
        for (std::size_t i = 0; i < runs.size(); ++i) {
            const std::string norm = runs[i].at("norm");
            if (runs[i].at("opt") != "sgd") continue; // BNP is the trainer's
            QTest::addRow("%s, %s, momentum %g%s", runs[i].at("act").get<std::string>().c_str(), norm.c_str(),
                          runs[i].at("momentum").get<double>(),
                          runs[i].at("norm_input").get<bool>() ? ", inputs" : "")
                << static_cast<int>(i);
        }
    }
    void lossesAndEndsAreTheReferences() {
        QFETCH(int, index);
        Run run(reference().at("runs").at(static_cast<std::size_t>(index)));
        const json& batches = reference().at("batches");
        for (std::size_t t = 0; t < batches.size(); ++t)
            QVERIFY(std::abs(run.step(batches[t]) - run.expected.at("losses")[t].get<double>()) < tolerance);

        for (std::size_t d = 0; d < 3; ++d) {
            QVERIFY(difference(run.network->weighted()[d]->weight(), matrixOf(run.expected.at("W_end")[d])) <
                    tolerance);
            QVERIFY(difference(run.network->weighted()[d]->bias(), vectorOf(run.expected.at("b_end")[d])) <
                    tolerance);
        }
        const auto compare = [&](const json& values, const std::string& k, const char* name) {
            const Vector<double> ours = tensor(*run.network, "normalizations." + k + "." + name);
            return difference(ours, vectorOf(values)) < tolerance;
        };
        for (const auto& [k, gamma] : run.expected.at("gamma_end").items()) {
            QVERIFY(compare(gamma, k, "weight"));
            QVERIFY(compare(run.expected.at("beta_end").at(k), k, "bias"));
            if (run.expected.at("norm") == "ln") continue; // nothing stored
            QVERIFY(compare(run.expected.at("running").at(k).at("mu"), k, "running_mean"));
            QVERIFY(compare(run.expected.at("running").at(k).at("var"), k, "running_var"));
        }
        const Matrix<double> logits = run.network->forward(run.data, Mode::Evaluation).transpose();
        QVERIFY(difference(logits, matrixOf(run.expected.at("logits_eval"))) < tolerance);
    }
};

QTEST_APPLESS_MAIN(TrajectoriesTest)
#include "trajectories_test.moc"
