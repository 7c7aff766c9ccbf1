// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/curvature_measurement.h"
#include "engine/laboratory/number_text.h"
#include "engine/studies/claim_catalog.h"
#include "engine/studies/layer_kappas.h"
#include "engine/studies/study_experiments.h"
#include "engine/studies/study_text.h"
#include "engine/studies/trained_runs.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

namespace {

constexpr double learningRate = 0.1;
/// One network at one step: by layer, by seed.
struct Moment {
    std::string network;
    std::int64_t step = 0;
    std::vector<std::vector<LayerKappas>> layers;
};

class Blocks {
public:
    explicit Blocks(StudyContext& context) : context_(context), training_(context) {
        if (context.shortened()) limits_ = {.neurons = 3, .firstLayerNeurons = 1, .channels = 3};
    }

    StudyResult run() {
        const auto networks = imageNetworks(context_.options().images);
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
            std::to_string(limits_.neurons) + " neurons of each layer, " +
            std::to_string(limits_.firstLayerNeurons) +
            " of a first dense one, whose blocks are large, and up to " + std::to_string(limits_.channels) +
            " output channels of a convolution, whose block is that of all positions together, S no "
            "diagonal there. P with the defaults of training: ε₁ = 0.01, ε₂ = "
            "0.0001.");
        return std::move(result_);
    }

private:
    Index samples() const { return context_.shortened() ? 100 : context_.full() ? 2000 : 1000; }

    void measure(const StudyNetwork& network, std::uint64_t seed, std::vector<Moment>& moments, double done,
                 double part) {
        Experiment experiment = plainImageExperiment(context_, network, ordinaryBatch);
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
            const LayerKappas numbers = layerKappas(op, d, limits_, context_.team(), context_.cancelled());
            const std::string setting = moment.network + ", layer " + std::to_string(d + 1);
            const auto add = [&](const std::string& run, const char* metric, double value) {
                result_.measurements.push_back(
                    {setting, run, learningRate, seed, metric, moment.step, value});
            };
            add("as it is", "median_kappa", numbers.raw);
            for (std::size_t v = 0; v < blockVariantCount; ++v)
                add(blockVariants[v].name, "median_kappa", numbers.after[v]);
            add("both (BNP)", "share_of_neurons_improved", numbers.improved);
            moment.layers[static_cast<std::size_t>(d)].push_back(numbers);
        }
    }

    void tell(const Moment& moment) {
        const std::string when =
            moment.step == 0 ? "at the start" : "after " + groupedText(moment.step) + " steps";
        Figure figure{"hessian-blocks-" + moment.network + '-' + std::to_string(moment.step),
                      moment.network + ", " + when + ": condition numbers of Hessian blocks",
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
        const std::vector<LayerKappas>& seeds = moment.layers[d];
        const auto over = [&](auto number) {
            std::vector<double> values;
            for (const LayerKappas& seed : seeds)
                values.push_back(number(seed));
            return logarithmicSpreadOf(values);
        };
        const auto addPoint = [&](std::size_t curve, const Spread& spread) {
            figure.curves[curve].points.push_back(
                {static_cast<double>(d), spread.minimum, spread.mean, spread.maximum});
        };
        const Spread raw = over([](const LayerKappas& seed) { return seed.raw; });
        addPoint(0, raw);
        std::vector<std::string> row{moment.network, groupedText(moment.step), std::to_string(d + 1),
                                     kappaText(raw.mean)};
        for (std::size_t v = 0; v < blockVariantCount; ++v) {
            const Spread after = over([v](const LayerKappas& seed) { return seed.after[v]; });
            addPoint(v + 1, after);
            row.push_back(kappaText(after.mean));
            const Spread gain = over([v](const LayerKappas& seed) { return seed.raw / seed.after[v]; });
            if (blockVariants[v].key != "scaling") addFinding(moment, d, when, v, gain, raw, after);
            if (v + 1 == blockVariantCount) row.push_back(kappaText(gain.mean));
        }
        double improved = 0;
        for (const LayerKappas& seed : seeds)
            improved += 100 * seed.improved / static_cast<double>(seeds.size());
        row.push_back(numberText(std::round(improved)));
        table_.rows.push_back(std::move(row));
    }

    void addFinding(const Moment& moment, std::size_t d, const std::string& when, std::size_t v,
                    const Spread& gain, const Spread& before, const Spread& after) {
        result_.findings.push_back(
            {moment.network + ", layer " + std::to_string(d + 1) + ' ' + when + ": " +
                 (blockVariants[v].key == "centering" ? "centring alone" : "centring and scaling") +
                 " lowers κ*, with every seed",
             gain.minimum > 1,
             "median κ* " + kappaText(before.mean) + " becomes " + kappaText(after.mean) + ": " +
                 kappaText(gain.mean) + " times lower (" + kappaText(gain.minimum) + " to " +
                 kappaText(gain.maximum) + ")"});
    }

    StudyContext& context_;
    StudyTraining training_;
    BlockLimits limits_;
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
        "neurons, at the start and after plain training at rate 0.1 with mini-batches of 60, as it is and "
        "after P: centring alone, scaling alone, both. The theorem is about S = I and full rank; these "
        "blocks have neither, so that nothing forces every one of them to improve.";
    claim.presets = {"paper_hessian_blocks", "paper_hessian_blocks_cnn"};
    claim.study = [](StudyContext& context) { return Blocks(context).run(); };
    claim.seconds = [](const StudyContext& context) { // as measured; full: twice the samples, longer training
        return context.full() ? 200.0 : 70.0;
    };
    return claim;
}

} // namespace claims

} // namespace kappascope
