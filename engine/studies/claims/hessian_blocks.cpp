// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/condition_number.h"
#include "engine/curvature/neuron_blocks.h"
#include "engine/laboratory/curvature_measurement.h"
#include "engine/laboratory/number_text.h"
#include "engine/studies/claim_catalog.h"
#include "engine/studies/study_experiments.h"
#include "engine/studies/study_text.h"
#include "engine/studies/trained_runs.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace kappascope {

namespace {

constexpr int batchSize = 60;
constexpr double learningRate = 0.1;
constexpr const char* variants[] = {"centering", "scaling", "bnp"};
constexpr const char* variantNames[] = {"centred", "scaled", "both (BNP)"};
constexpr std::size_t variantCount = std::size(variants);

/// Median kappa* over the neurons of a layer, of one network.
struct LayerNumbers {
    double raw = std::nan(""), after[variantCount] = {}; ///< not a number where all are dead
    double improved = 0;                                 ///< share of the neurons that BNP improves
};

/// One network at one step: by layer, by seed.
struct Moment {
    std::string network;
    std::int64_t step = 0;
    std::vector<std::vector<LayerNumbers>> layers;
};

class Blocks {
public:
    explicit Blocks(StudyContext& context) : context_(context), training_(context) {}

    StudyResult run() {
        const auto networks = denseNetworks();
        const auto seeds = context_.seeds();
        const double part = 1.0 / static_cast<double>(networks.size() * seeds.size());
        double done = 0;
        for (const StudyNetwork& network : networks) {
            std::vector<Moment> moments{{network.name, 0, {}},
                                        {network.name, context_.steps(1'000, 10'000), {}}};
            for (const std::uint64_t seed : seeds) {
                measure(network, seed, moments, done, part);
                done += part;
            }
            for (const Moment& moment : moments)
                tell(moment);
        }
        table_.title = "Median κ* over a layer's neurons";
        table_.head = {"network", "steps",      "layer",       "as it is",           "centred",
                       "scaled",  "both (BNP)", "gain of BNP", "neurons improved, %"};
        table_.note = "Geometric mean over the seeds. Centred, scaled: either half of BNP alone.";
        result_.tables.push_back(std::move(table_));
        result_.notes.push_back(
            "κ* of ĤᵀSĤ with S of the Gauss-Newton matrix, by singular values of √S Ĥ (float64), over " +
            std::to_string(samples()) +
            " training images; the largest numerical rank, as it is or after any P, is used for all. Up "
            "to " +
            std::to_string(neurons_) + " neurons of each layer, " + std::to_string(firstLayerNeurons_) +
            " of the first, whose blocks are large. P with the defaults of training: ε₁ = 0.01, ε₂ = "
            "0.0001.");
        return std::move(result_);
    }

private:
    Index samples() const { return context_.full() ? 2000 : 1000; }

    void measure(const StudyNetwork& network, std::uint64_t seed, std::vector<Moment>& moments, double done,
                 double part) {
        Experiment experiment = plainImageExperiment(context_, network, batchSize);
        experiment.seed.weights = experiment.seed.batches = seed;
        experiment.learningRate = learningRate;
        Lockstep& lockstep = training_.lockstep();
        experiment.measureEvery = 1'000'000; // nobody looks at losses here
        lockstep.begin(experiment, false, context_.cancelled());
        for (std::size_t i = 0; i < moments.size(); ++i) {
            context_.report(network.name + ", seed " + std::to_string(seed) + ": Hessian blocks",
                            done + part * static_cast<double>(i) / static_cast<double>(moments.size()));
            lockstep.advance(moments[i].step - lockstep.step());
            addSeed(*lockstep.runs().front()->snapshot(), seed, moments[i]);
        }
    }

    void addSeed(const Snapshot& snapshot, std::uint64_t seed, Moment& moment) {
        CurvatureRequest request;
        request.matrix = CurvatureMatrix::GaussNewton;
        request.mostSamples = samples();
        request.seed = seed;
        HessianOperator op(curvatureProblem(snapshot, request));
        const int layers = static_cast<int>(weightedLayers(op.network()));
        moment.layers.resize(static_cast<std::size_t>(layers));
        for (int d = 0; d < layers; ++d) {
            const LayerNumbers numbers = measureLayer(op, d);
            const std::string setting = moment.network + ", layer " + std::to_string(d + 1);
            const auto add = [&](const char* run, const char* metric, double value) {
                result_.measurements.push_back(
                    {setting, run, learningRate, seed, metric, moment.step, value});
            };
            add("as it is", "median_kappa", numbers.raw);
            for (std::size_t v = 0; v < variantCount; ++v)
                add(variantNames[v], "median_kappa", numbers.after[v]);
            add("both (BNP)", "share_of_neurons_improved", numbers.improved);
            moment.layers[static_cast<std::size_t>(d)].push_back(numbers);
        }
    }

    /// kappa* of H^T S H and of P^T H^T S H P for all variants, by neuron.
    LayerNumbers measureLayer(HessianOperator& op, int d) {
        const Matrix<double> H = dataMatrix(op, d);
        std::array<Matrix<double>, variantCount> HP;
        for (std::size_t v = 0; v < variantCount; ++v)
            HP[v] = H * factorOf(*preconditionerOf(op, d, variants[v]), H.cols() - 1,
                                 H.cols()); // a batch as large as q = 1 needs, which kappa does not feel
        const Index units = op.network().weighted()[static_cast<std::size_t>(d)]->outputs();
        const Index count = std::min(units, d == 0 ? firstLayerNeurons_ : neurons_);
        Matrix<double> S(H.rows(), count);
        for (Index k = 0; k < count; ++k)
            op.curvatureOfUnit(d, k * units / count, S.col(k));
        std::vector<Kappas> neurons(static_cast<std::size_t>(count));
        context_.team().run(static_cast<int>(count), [&](int k) {
            stopIfCancelled(context_.cancelled());
            neurons[static_cast<std::size_t>(k)] = kappasOf(S.col(k).cwiseMax(0).cwiseSqrt(), H, HP);
        });
        return medians(neurons);
    }

    /// Of one neuron: as it is, then by variant. Empty for a dead one, whose block is zero.
    using Kappas = std::vector<double>;

    /// The largest rank of all is used for all: every P is invertible, so the ranks agree, but rounding hides
    /// the small singular values of the worse matrices.
    static Kappas kappasOf(const Vector<double>& root, const Matrix<double>& H,
                           const std::array<Matrix<double>, variantCount>& HP) {
        if (root.isZero(0)) return {};
        std::vector<Vector<double>> values{singularValues(root.asDiagonal() * H)};
        for (const Matrix<double>& matrix : HP)
            values.push_back(singularValues(root.asDiagonal() * matrix));
        Index rank = 0;
        for (const Vector<double>& s : values)
            rank = std::max(rank, numericalRank(s));
        Kappas kappas;
        for (const Vector<double>& s : values)
            kappas.push_back(kappaStar(s, rank).value);
        return kappas;
    }

    static LayerNumbers medians(const std::vector<Kappas>& neurons) {
        LayerNumbers numbers;
        std::vector<double> values[variantCount + 1];
        double improved = 0;
        for (const Kappas& kappas : neurons) {
            for (std::size_t i = 0; i < kappas.size(); ++i)
                values[i].push_back(kappas[i]);
            if (!kappas.empty() && kappas.back() < kappas.front()) improved += 1;
        }
        if (values[0].empty()) return numbers;
        numbers.raw = logarithmicSpreadOf(values[0]).median;
        for (std::size_t v = 0; v < variantCount; ++v)
            numbers.after[v] = logarithmicSpreadOf(values[v + 1]).median;
        numbers.improved = improved / static_cast<double>(values[0].size());
        return numbers;
    }

    /// With the statistics of the very samples: what the running ones are an average of.
    std::shared_ptr<const Preconditioner<double>> preconditionerOf(const HessianOperator& op, int d,
                                                                   const char* key) const {
        const MethodSpec method =
            studyMethod(preconditioningCatalog(), key, {{"start", std::string("first_batch")}});
        std::shared_ptr<Preconditioner<double>> preconditioner =
            preconditioningCatalog().at(key).make<double>(method.parameters)->makeLayer(d);
        const auto input = op.inputOfWeighted(d);
        preconditioner->bind(op.network().weighted()[static_cast<std::size_t>(d)]->weightShape());
        preconditioner->observe(input);
        return preconditioner;
    }

    void tell(const Moment& moment) {
        const std::string when =
            moment.step == 0 ? "at the start" : "after " + groupedText(moment.step) + " steps";
        Figure figure{"hessian-blocks-" + moment.network + '-' + std::to_string(moment.step),
                      moment.network + ", " + when + ": condition number of the neurons' Hessian blocks",
                      "Median κ* over a layer's neurons; geometric mean and range over the seeds.",
                      {"layer", false, {}},
                      {"median κ*", true},
                      {}};
        figure.curves = {{"as it is", 0, false, false, {}},
                         {"centred", 3, false, false, {}},
                         {"scaled", 5, false, false, {}},
                         {"both (BNP)", 2, false, false, {}}};
        for (std::size_t d = 0; d < moment.layers.size(); ++d) {
            figure.x.categories.push_back(std::to_string(d + 1));
            tellLayer(moment, d, when, figure);
        }
        result_.figures.push_back(std::move(figure));
    }

    void tellLayer(const Moment& moment, std::size_t d, const std::string& when, Figure& figure) {
        const std::vector<LayerNumbers>& seeds = moment.layers[d];
        const auto over = [&](auto number) {
            std::vector<double> values;
            for (const LayerNumbers& seed : seeds)
                values.push_back(number(seed));
            return logarithmicSpreadOf(values);
        };
        const auto addPoint = [&](std::size_t curve, const Spread& spread) {
            figure.curves[curve].points.push_back(
                {static_cast<double>(d), spread.minimum, spread.mean, spread.maximum});
        };
        const Spread raw = over([](const LayerNumbers& seed) { return seed.raw; });
        addPoint(0, raw);
        std::vector<std::string> row{moment.network, groupedText(moment.step), std::to_string(d + 1),
                                     kappaText(raw.mean)};
        for (std::size_t v = 0; v < variantCount; ++v) {
            const Spread after = over([v](const LayerNumbers& seed) { return seed.after[v]; });
            addPoint(v + 1, after);
            row.push_back(kappaText(after.mean));
            const Spread gain = over([v](const LayerNumbers& seed) { return seed.raw / seed.after[v]; });
            if (std::string(variants[v]) != "scaling") addFinding(moment, d, when, v, gain, raw, after);
            if (v + 1 == variantCount) row.push_back(kappaText(gain.mean));
        }
        double improved = 0;
        for (const LayerNumbers& seed : seeds)
            improved += 100 * seed.improved / static_cast<double>(seeds.size());
        row.push_back(numberText(std::round(improved)));
        table_.rows.push_back(std::move(row));
    }

    void addFinding(const Moment& moment, std::size_t d, const std::string& when, std::size_t v,
                    const Spread& gain, const Spread& before, const Spread& after) {
        result_.findings.push_back(
            {moment.network + ", layer " + std::to_string(d + 1) + ' ' + when + ": " +
                 (std::string(variants[v]) == "centering" ? "centring alone" : "centring and scaling") +
                 " lowers κ*, with every seed",
             gain.minimum > 1,
             "median κ* " + kappaText(before.mean) + " becomes " + kappaText(after.mean) + ": " +
                 kappaText(gain.mean) + " times lower (" + kappaText(gain.minimum) + " to " +
                 kappaText(gain.maximum) + ")"});
    }

    StudyContext& context_;
    StudyTraining training_;
    Index neurons_ = 16, firstLayerNeurons_ = 2;
    StudyTable table_;
    StudyResult result_;
};

} // namespace

namespace claims {

Claim hessian_blocks() {
    Claim claim;
    static_cast<Description&>(claim) = {
        "hessian_blocks",
        "BNP lowers the condition number of the layers' Hessian blocks",
        "The Hessian of the loss in a neuron's weights is ĤᵀSĤ with the layer's inputs Ĥ; centring these "
        "inputs lowers its condition number, and scaling them to unit variance lowers it further.",
        "Lange, Helfrich, Ye, JMLR 23(72), 2022, Section 3",
        {}};
    claim.measured =
        "The condition number κ* (largest over smallest non-zero eigenvalue) of the blocks of single "
        "neurons, "
        "at the start and after plain training at rate 0.1 with mini-batches of 60, as it is and after P: "
        "centring alone, scaling alone, both. The theorem is about S = I and full rank; these blocks have "
        "neither, so that nothing forces every one of them to improve.";
    claim.presets = {"paper_hessian_blocks"};
    claim.study = [](StudyContext& context) { return Blocks(context).run(); };
    return claim;
}

} // namespace claims

} // namespace kappascope
