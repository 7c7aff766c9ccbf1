// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture.h"
#include "tests/support/training.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

/// Twelve steps of float64, each a few hundred operations; logits of badly conditioned little networks.
constexpr double bound = 1e-12;

/// The reference's methods in this project's names.
MethodSpec normalizationOf(const nlohmann::json& run, const nlohmann::json& traj) {
    const std::string key = run["norm"];
    if (key == "none") return methodOf(normalizationCatalog(), "none");
    if (key == "ln")
        return methodOf(normalizationCatalog(), "layer_norm",
                        {{"placement", std::string("post")}, {"epsilon", traj["bn_eps"].get<double>()}});
    return methodOf(normalizationCatalog(), "batch_norm",
                    {{"placement", std::string(key == "bn_post" ? "post" : "pre")},
                     {"normalize_inputs", run["norm_input"].get<bool>()},
                     {"epsilon", traj["bn_eps"].get<double>()},
                     {"momentum", 0.01},
                     {"running_variance", std::string("biased")}});
}

MethodSpec preconditionerOf(const nlohmann::json& run) {
    if (run["opt"] != "bnp") return methodOf(preconditioningCatalog(), "none");
    return methodOf(preconditioningCatalog(), "bnp",
                    {{"variance", std::string(run["stat"] == "paper" ? "literal" : "total")}});
}

MethodSpec optimizerOf(const nlohmann::json& run) {
    if (run["momentum"] == 0.0) return methodOf(optimizerCatalog(), "sgd");
    return methodOf(optimizerCatalog(), "momentum", {{"momentum", run["momentum"].get<double>()}});
}

/// The reference's batches are given; a plan's are drawn. So the training set is the reference's samples laid
/// out such that the first epoch of the plan takes them in the reference's order, a fresh copy each time.
Dataset laidOutFor(BatchPlan plan, const nlohmann::json& traj) {
    const Matrix<double> X = matrixOf(traj["X"]).transpose();
    const auto& batches = traj["batches"];
    const auto size = static_cast<Index>(batches.size() * batches[0].size());
    Matrix<double> x(X.rows(), size);
    Dataset data;
    data.labels.resize(static_cast<std::size_t>(size));
    data.classNames = {"0", "1", "2"};
    for (std::size_t step = 0; step < batches.size(); ++step) {
        const auto places = plan.indices(static_cast<std::int64_t>(step));
        for (std::size_t k = 0; k < places.size(); ++k) {
            const int sample = batches[step][k];
            x.col(places[k]) = X.col(sample);
            data.labels[static_cast<std::size_t>(places[k])] = traj["y"][static_cast<std::size_t>(sample)];
        }
    }
    data.x = Features(x);
    return data;
}

std::unique_ptr<Trainer<double>> trainerFor(const nlohmann::json& run, const nlohmann::json& traj,
                                            const MethodSpec& normalization) {
    Recipe recipe;
    recipe.normalization = normalization;
    recipe.preconditioner = preconditionerOf(run);
    recipe.optimizer = optimizerOf(run);
    recipe.learningRate = traj["lr"];
    auto methods = makeMethods<double>(recipe);

    const auto& batches = traj["batches"];
    const BatchPlan plan(static_cast<int>(batches.size() * batches[0].size()),
                         static_cast<int>(batches[0].size()), 1);
    Split split{laidOutFor(plan, traj), {}};
    std::shared_ptr<const Loss<double>> loss =
        lossCatalog().at("cross_entropy").make<double>(recipe.loss.parameters);
    const std::vector<int> sizes = traj["sizes"];
    auto network = buildStack<double>(sizes.front(), {sizes.begin() + 1, sizes.end() - 1}, sizes.back(),
                                      methodOf(activationCatalog(), run["act"]), *methods.normalization);
    for (std::size_t d = 0; d < network->weighted().size(); ++d)
        network->weighted()[d]->weight() = matrixOf(run["W0"][d]);
    return std::make_unique<Trainer<double>>(std::move(network), loss, makeData<double>(split, *loss), plan,
                                             std::move(methods));
}

/// The trainable tensor or stored statistic that a checkpoint calls `name`.
Vector<double> tensor(Network<double>& network, const std::string& name) {
    for (const auto& block : network.blocks())
        if (block.name == name) return network.theta().segment(block.offset, block.shape.size());
    for (const auto& [key, buffer] : network.buffers())
        if (key == name) return VectorMap<double>(buffer.data, buffer.shape.size());
    throw std::logic_error("no tensor " + name);
}

} // namespace

class TrajectoriesTest : public QObject {
    Q_OBJECT

private slots:
    void followsReference_data() {
        QTest::addColumn<int>("number");
        const auto runs = fixture("bnp.json")["traj"]["runs"];
        QCOMPARE(runs.size(), std::size_t{27});
        for (std::size_t i = 0; i < runs.size(); ++i) {
            const auto& run = runs[i];
            const std::string name = run["act"].get<std::string>() + " " + run["norm"].get<std::string>() +
                                     (run["norm_input"] ? "+input " : " ") + run["opt"].get<std::string>() +
                                     " " + run["stat"].get<std::string>() +
                                     (run["momentum"] == 0.0 ? "" : " momentum");
            QTest::newRow(name.c_str()) << static_cast<int>(i);
        }
    }
    void followsReference() {
        QFETCH(int, number);
        const auto traj = fixture("bnp.json")["traj"];
        const auto& run = traj["runs"][static_cast<std::size_t>(number)];
        const auto normalization = normalizationOf(run, traj);
        const auto trainer = trainerFor(run, traj, normalization);

        const auto losses = train(*trainer, static_cast<int>(run["losses"].size()));
        QVERIFY(difference(Eigen::Map<const Vector<double>>(losses.data(), static_cast<Index>(losses.size())),
                           vectorOf(run["losses"])) < bound);
        auto& network = trainer->network();
        for (std::size_t d = 0; d < network.weighted().size(); ++d) {
            QVERIFY(difference(network.weighted()[d]->weight(), matrixOf(run["W_end"][d])) < bound);
            QVERIFY(difference(network.weighted()[d]->bias(), vectorOf(run["b_end"][d])) < bound);
        }
        for (const auto& [layer, gamma] : run["gamma_end"].items()) {
            const std::string prefix = "normalizations." + layer;
            QVERIFY(difference(tensor(network, prefix + ".weight"), vectorOf(gamma)) < bound);
            QVERIFY(difference(tensor(network, prefix + ".bias"), vectorOf(run["beta_end"][layer])) < bound);
            if (run["norm"] == "ln") continue; // nothing stored
            const auto& running = run["running"][layer];
            QVERIFY(difference(tensor(network, prefix + ".running_mean"), vectorOf(running["mu"])) < bound);
            QVERIFY(difference(tensor(network, prefix + ".running_var"), vectorOf(running["var"])) < bound);
        }
        const Matrix<double> X = matrixOf(traj["X"]).transpose();
        QVERIFY(difference(network.forward(X, Mode::Evaluation), matrixOf(run["logits_eval"]).transpose()) <
                bound);
    }
};

QTEST_APPLESS_MAIN(TrajectoriesTest)
#include "trajectories_test.moc"
