// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/curvature_problem.h"
#include "engine/data/data_catalog.h"
#include "engine/laboratory/materials.h"
#include "engine/laboratory/number_text.h"
#include "engine/normalization/stack.h"
#include "engine/studies/claim_catalog.h"
#include "engine/studies/study_experiments.h"
#include "engine/studies/study_text.h"
#include "engine/training/layer_preconditioners.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

namespace {

constexpr double epsilon = 1e-5; ///< of BN, and so of sigma~^2 = sigma^2 + epsilon

using Net = std::unique_ptr<Network<double>>;

/// The gradient of the mini-batch's loss in the parameters, in that mode.
void setGradient(Network<double>& network, const Loss<double>& loss, const Targets<double>& targets,
                 const Matrix<double>& x, const std::vector<int>& samples, Mode mode) {
    network.reserve(x.cols());
    Matrix<double> dz(network.outputs(), x.cols());
    loss.gradient(network.forward(x, mode), targets, samples, dz);
    network.backward(x, dz);
}

/// The parameters of the layers that carry weights move, gamma and beta stay.
void stepWeights(Network<double>& network) {
    for (const ParameterBlock& block : network.blocks())
        if (block.name.starts_with("layers."))
            network.theta().segment(block.offset, block.shape.size()) -=
                network.gradient().segment(block.offset, block.shape.size());
}

/// Relative length of the difference, and the angle, of two steps of one layer.
struct StepPair {
    double difference = 0, cosine = 0, ratio = 0;
};

StepPair compareSteps(const Vector<double>& a, const Vector<double>& b) {
    return {(a - b).norm() / b.norm(), a.dot(b) / (a.norm() * b.norm()), a.norm() / b.norm()};
}

class EqualStep {
public:
    explicit EqualStep(StudyContext& context) : context_(context) {}

    StudyResult run() {
        const auto networks = imageNetworks(context_.options().images);
        table_ = {
            "One step, layer by layer",
            {"network", "layer", "held fixed: relative difference", "differentiated: relative difference",
             "cosine of the angle", "length, BN / BNP"},
            {},
            "Held fixed: the largest over the seeds. Differentiated: the step that BN really makes, its "
            "statistics differentiated through; mean over the seeds.",
            false};
        double done = 0;
        for (const StudyNetwork& network : networks) {
            context_.report(network.name + ": one step of BN beside one of BNP", done);
            measureNetwork(network);
            done += 1.0 / static_cast<double>(networks.size());
        }
        result_.tables.push_back(std::move(table_));
        result_.notes.push_back("γ = 1, β = 0, and neither is trained in this step. BNP with q = 1 and σ̃² "
                                "= σ² + 1e-5, BN's own ε, instead of its defaults. In training BNP differs "
                                "in these, in its running statistics, and in what the right columns show.");
        return std::move(result_);
    }

private:
    void measureNetwork(const StudyNetwork& network) {
        Experiment experiment = plainImageExperiment(context_, network, ordinaryBatch);
        const auto split = std::make_shared<const Split>(
            loadData(experiment.data, experiment.seed.data, context_.cancelled()));
        std::vector<std::vector<StepPair>> held, moving; // by seed, by layer
        for (const std::uint64_t seed : context_.seeds()) {
            stopIfCancelled(context_.cancelled());
            experiment.seed.weights = experiment.seed.batches = seed;
            measureSeed(experiment, split, held, moving);
            for (std::size_t d = 0; d < held.back().size(); ++d)
                addMeasurements(network.name + ", layer " + std::to_string(d + 1), seed, held.back()[d],
                                moving.back()[d]);
        }
        tell(network.name, held, moving);
    }

    void measureSeed(const Experiment& experiment, const std::shared_ptr<const Split>& split,
                     std::vector<std::vector<StepPair>>& held, std::vector<std::vector<StepPair>>& moving) {
        const Materials<double> materials(experiment, split);
        BatchPlan plan(static_cast<int>(split->train.samples()), experiment.batchSize,
                       experiment.seed.batches);
        const auto indices = plan.indices(0);
        const std::vector<int> samples(indices.begin(), indices.end());
        const Matrix<double> x =
            curvatureData(split->train, *materials.exactLoss, samples, "first mini-batch")->x;
        const auto batchNorm =
            normalizationCatalog()
                .at("batch_norm")
                .make<double>(studyMethod(normalizationCatalog(), "batch_norm",
                                          {{"normalize_inputs", true}, {"epsilon", epsilon}})
                                  .parameters);
        const auto none = normalizationCatalog().at("none").make<double>({});

        const auto start = withStatisticsHeld(*materials.startNetwork(*batchNorm), x);
        const Net plain = convertNormalization(*start, *none, split->train.x);
        const Vector<double> preconditioned = preconditionedStep(*plain, materials, x, samples);
        const auto folded = [&](Mode mode) -> Vector<double> {
            Network<double> network(*start);
            setGradient(network, *materials.exactLoss, materials.data->trainTargets, x, samples, mode);
            // Training mode has moved the stored statistics: fold with those of the start.
            Network<double> stepped(*start);
            stepped.gradient() = network.gradient();
            stepWeights(stepped);
            return convertNormalization(stepped, *none, split->train.x)->theta() - plain->theta();
        };
        held.push_back(byLayer(*plain, folded(Mode::Evaluation), preconditioned));
        moving.push_back(byLayer(*plain, folded(Mode::Training), preconditioned));
    }

    /// -P P^T g with rate 1, the statistics those of the mini-batch.
    static Vector<double> preconditionedStep(const Network<double>& plain, const Materials<double>& materials,
                                             const Matrix<double>& x, const std::vector<int>& samples) {
        Network<double> network(plain);
        setGradient(network, *materials.exactLoss, materials.data->trainTargets, x, samples,
                    Mode::Evaluation);
        const MethodSpec bnp =
            studyMethod(preconditioningCatalog(), "bnp",
                        {{"start", std::string("first_batch")}, {"epsilon1", 0.0}, {"epsilon2", epsilon}});
        LayerPreconditioners<double> preconditioners;
        preconditioners.bind(*preconditioningCatalog().at("bnp").make<double>(bnp.parameters), network);
        preconditioners.observe(network, x);
        constexpr Index noSmallBatch = Index{1} << 40; // q = 1
        preconditioners.transform(network, noSmallBatch);
        return -network.gradient();
    }

    static std::vector<StepPair> byLayer(const Network<double>& network, const Vector<double>& a,
                                         const Vector<double>& b) {
        std::vector<StepPair> pairs;
        for (std::size_t i = 0; i < network.blocks().size();) {
            const ParameterBlock& first = network.blocks()[i];
            Index size = 0;
            for (; i < network.blocks().size() && network.blocks()[i].layer == first.layer; ++i)
                size += network.blocks()[i].shape.size();
            pairs.push_back(compareSteps(a.segment(first.offset, size), b.segment(first.offset, size)));
        }
        return pairs;
    }

    void addMeasurements(const std::string& setting, std::uint64_t seed, const StepPair& held,
                         const StepPair& moving) {
        const auto add = [&](const char* run, const char* metric, double value) {
            result_.measurements.push_back({setting, run, 1, seed, metric, 0, value});
        };
        add("statistics held fixed", "relative_difference", held.difference);
        add("statistics differentiated", "relative_difference", moving.difference);
        add("statistics differentiated", "cosine", moving.cosine);
        add("statistics differentiated", "length_ratio", moving.ratio);
    }

    void tell(const std::string& name, const std::vector<std::vector<StepPair>>& held,
              const std::vector<std::vector<StepPair>>& moving) {
        Figure figure{"equal-step-" + name,
                      name + ": relative difference of the BN step from the BNP step",
                      "Mean and range over the seeds (logarithmic).",
                      {"layer", false, {}},
                      {"relative difference", true},
                      {}};
        figure.curves = {{"statistics held fixed", 2, false, false, {}},
                         {"statistics differentiated through", 1, false, false, {}}};
        double worst = 0;
        for (std::size_t d = 0; d < held.front().size(); ++d) {
            const auto over = [d](const std::vector<std::vector<StepPair>>& seeds, double StepPair::*which) {
                std::vector<double> values;
                for (const auto& layers : seeds)
                    values.push_back(layers[d].*which);
                return values;
            };
            const Spread fixed = logarithmicSpreadOf(over(held, &StepPair::difference));
            const Spread whole = logarithmicSpreadOf(over(moving, &StepPair::difference));
            figure.x.categories.push_back(std::to_string(d + 1));
            const auto place = static_cast<double>(d);
            figure.curves[0].points.push_back({place, fixed.minimum, fixed.mean, fixed.maximum});
            figure.curves[1].points.push_back({place, whole.minimum, whole.mean, whole.maximum});
            table_.rows.push_back({name, std::to_string(d + 1), kappaText(fixed.maximum),
                                   kappaText(whole.mean),
                                   spreadText(spreadOf(over(moving, &StepPair::cosine))),
                                   spreadText(spreadOf(over(moving, &StepPair::ratio)))});
            worst = std::max(worst, fixed.maximum);
        }
        result_.figures.push_back(std::move(figure));
        constexpr double rounding = 1e-10;
        result_.findings.push_back(
            {name + ": the steps are equal to rounding in every layer, with every seed", worst < rounding,
             "largest relative difference " + kappaText(worst)});
    }

    StudyContext& context_;
    StudyTable table_;
    StudyResult result_;
};

} // namespace

namespace claims {

Claim equal_step() {
    Claim claim;
    static_cast<Description&>(claim) = {
        "equal_step",
        "With the statistics held fixed, a gradient step of a BN network is a BNP step of the plain one",
        "Training a network with BN, its statistics taken as constants, is preconditioned gradient descent "
        "on the network without BN; this is where BNP comes from.",
        "Lange, Helfrich, Ye, JMLR 23(72), 2022, Section 3",
        {}};
    claim.measured =
        "A network with BN behind every activation and at its inputs takes one gradient step on a mini-batch "
        "of 60 with the batch's statistics held fixed; BN is then folded into the weights, and the change is "
        "compared with one BNP step of the folded network, in float64. Beside it the step that BN really "
        "makes.";
    claim.presets = {"paper_equal_step", "paper_equal_step_cnn"};
    claim.study = [](StudyContext& context) { return EqualStep(context).run(); };
    claim.seconds = [](const StudyContext&) { return 0.5; }; // as measured
    return claim;
}

} // namespace claims

} // namespace kappascope
