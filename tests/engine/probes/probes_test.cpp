// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe.h"

#include "tests/support/allocations.h"
#include "tests/support/training.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
/// Sums of some hundred squares in float64, in another order.
constexpr double sumTolerance = 1e-12;

/// A network after a forward pass, and arbitrary vectors: probes only report what they are shown.
template<class S>
struct Scene {
    std::unique_ptr<Network<S>> network;
    Matrix<S> batch;
    Vector<S> theta, gradient, update, start;
    std::optional<Evaluation> evaluation;

    explicit Scene(const std::string& activation = "relu", const std::string& normalization = "none",
                   Index samples = 9) {
        const auto method = makeNormalization<S>(methodOf(normalizationCatalog(), normalization));
        network = buildStack<S>(3, {70, 5}, 2, methodOf(activationCatalog(), activation), *method);
        network->reserve(samples);
        RandomStream random(9, "probes test");
        const auto fill = [&random](auto& values) {
            for (auto& value : values.reshaped())
                value = static_cast<S>(random.normal());
        };
        fill(network->theta());
        batch.resize(3, samples);
        fill(batch);
        for (Vector<S>* vector : {&theta, &gradient, &update, &start}) {
            vector->resize(network->theta().size());
            fill(*vector);
        }
        network->forward(batch, Mode::Training);
    }

    /// Shows the scene to one probe. The observation only refers to what it shows.
    void show(const ProbeEntry& probe, ProbeSink& sink) const {
        if constexpr (std::is_same_v<S, float>)
            probe.measureFloat({42, *network, batch, theta, gradient, update, start, 0.75, 0.05, evaluation},
                               sink);
        else
            probe.measureDouble({42, *network, batch, theta, gradient, update, start, 0.75, 0.05, evaluation},
                                sink);
    }

    std::map<SeriesKey, double> measure(const std::string& probe) const {
        KeepingSink sink;
        show(probeCatalog().at(probe), sink);
        std::map<SeriesKey, double> values;
        for (const auto& [key, series] : sink.series) {
            if (series.size() != 1 || !series.contains(42)) throw std::logic_error("recorded at wrong steps");
            values[key] = series.at(42);
        }
        return values;
    }

    /// Square of the norm over the tensors of dense layer d, looked up by name; all layers for d = -1 with
    /// `all` parameters.
    double squares(const Vector<S>& v, const std::vector<std::string>& names) const {
        double sum = 0;
        for (const ParameterBlock& block : network->blocks())
            for (const std::string& name : names)
                if (block.name == name)
                    for (Index i = 0; i < block.shape.size(); ++i)
                        sum += std::pow(static_cast<double>(v[block.offset + i]), 2);
        return sum;
    }
};

bool close(double a, double b) {
    return std::abs(a - b) <= sumTolerance * std::max(1.0, std::abs(b));
}

std::string weightOf(int d) {
    return "layers." + std::to_string(d) + ".weight";
}

std::string biasOf(int d) {
    return "layers." + std::to_string(d) + ".bias";
}

} // namespace

class ProbesTest : public QObject {
    Q_OBJECT
private slots:
    void catalogIsComplete() {
        for (const ProbeEntry& entry : probeCatalog().entries()) {
            QVERIFY(!entry.label.empty());
            QVERIFY2(entry.help.size() > 40 && entry.help.back() == '.', entry.key.c_str());
            const bool inStep = entry.cadence != Cadence::Snapshot;
            QVERIFY(bool(entry.measureFloat) == inStep && bool(entry.measureDouble) == inStep);
        }
        for (const char* key : {"train_loss", "train_loss_full", "test_loss", "train_accuracy",
                                "test_accuracy", "gradient_norm", "condition_number"})
            QVERIFY2(probeCatalog().find(key), key);
    }

    void onlyTheMiniBatchLossIsTakenEveryStep() {
        for (const ProbeEntry& entry : probeCatalog().entries())
            QCOMPARE(entry.cadence == Cadence::EveryStep, entry.key == "train_loss");
    }

    void recordOnlyTheirOwnSeries() {
        Scene<double> scene;
        scene.evaluation = Evaluation{1, 2, 3, 4};
        for (const ProbeEntry& entry : probeCatalog().entries()) {
            if (entry.cadence == Cadence::Snapshot) continue;
            const auto values = scene.measure(entry.key);
            QVERIFY2(!values.empty(), entry.key.c_str());
            for (const auto& [key, value] : values) {
                QCOMPARE(key.metric, entry.key);
                QVERIFY(entry.perLayer || key.layer == SeriesKey::wholeNetwork);
            }
        }
    }

    void passOnWhatTheTrainerKnows() {
        const Scene<double> scene;
        QCOMPARE(scene.measure("train_loss").at({"train_loss"}), 0.75);
        QCOMPARE(scene.measure("learning_rate").at({"learning_rate"}), 0.05);
    }

    void takeLossesAndAccuraciesFromTheEvaluation() {
        Scene<double> scene;
        QVERIFY(scene.measure("train_loss_full").empty()); // none was due
        scene.evaluation = Evaluation{0.5, 0.9, 0.6, 0.8};
        QCOMPARE(scene.measure("train_loss_full").at({"train_loss_full"}), 0.5);
        QCOMPARE(scene.measure("train_accuracy").at({"train_accuracy"}), 0.9);
        QCOMPARE(scene.measure("test_loss").at({"test_loss"}), 0.6);
        QCOMPARE(scene.measure("test_accuracy").at({"test_accuracy"}), 0.8);
    }

    void leaveOutWhatIsNotDefined() {
        Scene<double> scene;
        scene.evaluation = Evaluation{0.5, notANumber, notANumber, notANumber}; // regression, no test set
        QVERIFY(scene.measure("train_accuracy").empty());
        QVERIFY(scene.measure("test_accuracy").empty());
        QVERIFY(scene.measure("test_loss").empty());
        scene.evaluation = Evaluation{notANumber, 0.1, notANumber, 0.1}; // weights overflowed
        QVERIFY(std::isnan(scene.measure("train_loss_full").at({"train_loss_full"})));
        QVERIFY(std::isnan(scene.measure("test_loss").at({"test_loss"})));
    }

    void normsAgreeWithPlainSums() {
        const Scene<double> scene("tanh", "batch_norm"); // with parameters that belong to no dense layer
        const auto gradient = scene.measure("gradient_norm");
        const auto update = scene.measure("update_size");
        QCOMPARE(gradient.size(), 4U);
        for (int d = 0; d < 3; ++d) {
            const auto names = {weightOf(d), biasOf(d)};
            QVERIFY(
                close(gradient.at({"gradient_norm", d}), std::sqrt(scene.squares(scene.gradient, names))));
            QVERIFY(close(update.at({"update_size", d}), std::sqrt(scene.squares(scene.update, names))));
        }
        double all = 0;
        for (const double g : scene.gradient)
            all += g * g;
        QVERIFY(close(gradient.at({"gradient_norm"}), std::sqrt(all)));
    }

    void distanceIsFromTheStart() {
        const Scene<float> scene;
        double sum = 0;
        for (Index i = 0; i < scene.theta.size(); ++i)
            sum += std::pow(static_cast<double>(scene.theta[i] - scene.start[i]), 2);
        QVERIFY(close(scene.measure("distance_from_start").at({"distance_from_start"}), std::sqrt(sum)));
    }

    void ratioIsOfWeightsBeforeTheUpdate() {
        Scene<double> scene;
        const Vector<double> before = scene.theta - scene.update;
        const auto ratio = scene.measure("update_weight_ratio");
        double changes = 0, weights = 0;
        for (int d = 0; d < 3; ++d) {
            const double change = scene.squares(scene.update, {weightOf(d)});
            const double weight = scene.squares(before, {weightOf(d)});
            QVERIFY(close(ratio.at({"update_weight_ratio", d}), std::sqrt(change / weight)));
            changes += change;
            weights += weight;
        }
        QVERIFY(close(ratio.at({"update_weight_ratio"}), std::sqrt(changes / weights)));
        scene.theta = scene.update; // weights were zero
        QVERIFY(std::isnan(scene.measure("update_weight_ratio").at({"update_weight_ratio"})));
    }

    void deadUnitsAgreeWithThePlainDefinition_data() {
        QTest::addColumn<QString>("activation");
        QTest::addColumn<QString>("normalization");
        for (const char* activation : {"relu", "tanh", "sigmoid", "identity", "leaky_relu", "gelu"})
            for (const char* normalization : {"none", "batch_norm"})
                QTest::addRow("%s, %s", activation, normalization) << activation << normalization;
    }

    void deadUnitsAgreeWithThePlainDefinition() {
        QFETCH(QString, activation);
        QFETCH(QString, normalization);
        Scene<double> scene(activation.toStdString(), normalization.toStdString());
        // Every third unit of the first layer far to the left, every third far to the right.
        auto bias = scene.network->weighted()[0]->bias();
        for (Index unit = 0; unit < bias.size(); ++unit)
            bias[unit] = unit % 3 == 0 ? -60 : unit % 3 == 1 ? 60 : 0;
        scene.network->forward(scene.batch, Mode::Training);

        const auto a = scene.network->outputOf(scene.network->positionOfWeighted(0), scene.batch.cols());
        const auto method = methodOf(activationCatalog(), activation.toStdString());
        const auto g = activationCatalog().at(method.method).make<double>(method.parameters);
        const auto value = [&g](double at) {
            Matrix<double> x(1, 1), y(1, 1);
            x(0, 0) = at;
            g->apply(x, y);
            return y(0, 0);
        };
        int dead = 0;
        for (Index unit = 0; unit < a.rows(); ++unit) {
            double largest = 0;
            constexpr double h = 1e-6; // central difference; off the kinks
            for (Index n = 0; n < a.cols(); ++n)
                largest =
                    std::max(largest, std::abs(value(a(unit, n) + h) - value(a(unit, n) - h)) / (2 * h));
            dead += largest <= 1e-3;
        }
        const auto shares = scene.measure("dead_units");
        QCOMPARE(shares.at({"dead_units", 0}), dead / 70.0);
        QVERIFY(close(shares.at({"dead_units"}), (dead + 5 * shares.at({"dead_units", 1})) / 75));
        const bool saturates = activation == "tanh" || activation == "sigmoid";
        const bool dies = saturates || activation == "relu" || activation == "gelu";
        QVERIFY(dies ? dead >= 23 : dead == 0);
        if (saturates) QVERIFY(dead >= 46);
        QVERIFY(!shares.contains({"dead_units", 2})); // the outputs have no activation
    }

    void aUnitIsAliveWhileOneSampleReachesIt() {
        Scene<double> scene("relu");
        auto* first = scene.network->weighted()[0];
        first->weight().setZero();
        first->bias().setConstant(-1);
        first->weight()(3, 0) = 1;
        scene.batch.row(0).setZero();
        scene.batch(0, 5) = 2; // a = 1 for unit 3 of sample 5 alone
        scene.network->forward(scene.batch, Mode::Training);
        QCOMPARE(scene.measure("dead_units").at({"dead_units", 0}), 69.0 / 70);
    }

    void doNotAllocate() {
        Scene<float> scene("tanh");
        scene.evaluation = Evaluation{1, 2, 3, 4};
        class Silent final : public ProbeSink {
        public:
            void record(const SeriesKey&, std::int64_t, double) override {}
        } sink;
        for (const ProbeEntry& entry : probeCatalog().entries()) {
            if (entry.cadence == Cadence::Snapshot) continue;
            scene.show(entry, sink); // the names of the series are made once
            const long count = countAllocations([&] { scene.show(entry, sink); });
            QVERIFY2(count <= 0, entry.key.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(ProbesTest)
#include "probes_test.moc"
