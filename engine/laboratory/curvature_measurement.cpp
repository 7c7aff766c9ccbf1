// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/curvature_measurement.h"

#include "engine/laboratory/update_state.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <stdexcept>

namespace kappascope {

namespace {

constexpr Index worthATeam = 256; // rows of a matrix
const char* const negativeCurvature = "there are directions of negative curvature";

Index batchSizeOf(const Snapshot& snapshot) {
    return std::min<Index>(snapshot.update->plan.batchSizeAt(snapshot.step), snapshot.data->train.samples());
}

/// An operator that is another's: what is measured takes clones anyway, and one of a network of feature maps
/// takes hundreds of megabytes.
class BorrowedOperator final : public SymmetricOperator {
public:
    explicit BorrowedOperator(SymmetricOperator& op) : op_(op) {}

    Index size() const override { return op_.size(); }
    void apply(ConstVectorRef<double> v, VectorRef<double> product) override { op_.apply(v, product); }
    std::unique_ptr<SymmetricOperator> clone() const override { return op_.clone(); }

private:
    SymmetricOperator& op_;
};

/// One measurement on its way.
class Measurement {
public:
    Measurement(const Snapshot& snapshot, const CurvatureRequest& request, ThreadTeam* team,
                const Cancelled* cancelled, const CurvatureReading* earlier)
        : snapshot_(snapshot), update_(*snapshot.update), request_(request), team_(team),
          cancelled_(cancelled), earlier_(earlier), problem_(curvatureProblem(snapshot, request)),
          whole_(std::in_place, problem_), preconditioners_(update_.preconditioners(*problem_.network)),
          P_(coordinatesOf(snapshot)) {}

    CurvatureReading read() {
        describe();
        if (request_.whole || request_.layers) readSpectra();
        if (request_.alignment) readAlignment();
        whole_.reset(); // up to a gigabyte, and that of the layers takes as much
        if (request_.neurons) readLayers();
        return std::move(reading_);
    }

private:
    std::string words(CurvatureMatrix matrix, const std::string& mode) const {
        return std::string(matrix == CurvatureMatrix::Hessian ? "Hessian" : "Gauss-Newton matrix") + ", " +
               mode + ", " + problem_.data->what +
               (problem_.l2 > 0 ? ", with L2 penalty" : ", without penalty");
    }

    void describe() {
        const bool training = request_.mode == Mode::Training;
        reading_.request = request_;
        reading_.run = snapshot_.run;
        reading_.step = snapshot_.step;
        reading_.of = words(problem_.matrix, training ? "training mode" : "evaluation mode");
        reading_.whyNotPreconditioned = P_->undefined();
        reading_.identity = P_->identity();
        reading_.symmetrized = P_->symmetrized();
        reading_.loss = whole_->loss();
        reading_.gradientNorm = whole_->gradient().norm();
        reading_.learningRate = update_.learningRate;
        if (request_.withVectors || request_.withMatrices)
            reading_.snapshot = std::make_shared<const Snapshot>(snapshot_);
        reading_.stabilityLimit =
            update_.learningRate > 0 ? Reading::computed(update_.optimizer(whole_->size())->stabilityLimit() /
                                                         update_.learningRate)
                                     : Reading::notDefined("the learning rate is 0");
    }

    std::unique_ptr<SymmetricOperator> borrowed() { return std::make_unique<BorrowedOperator>(*whole_); }

    SpectrumOptions options(int layer, SpectrumReading BlockReading::*which) const {
        SpectrumOptions options;
        options.tau = request_.tau;
        options.largestDense = request_.largestDense;
        options.withVectors = request_.withVectors && layer == BlockReading::wholeNetwork;
        options.density.seed = request_.seed;
        const BlockReading* before = earlier_ ? earlier_->block(layer) : nullptr;
        if (before) options.warm = &(before->*which).vectors;
        return options;
    }

    void readSpectra() {
        Matrix<double> H; // of the whole network, where it is built at all
        if (request_.whole && whole_->size() <= request_.largestDense)
            H = denseMatrix(*whole_, team_, cancelled_);
        if (request_.whole) {
            if (H.size() > 0)
                readExact(BlockReading::wholeNetwork, H, {0, whole_->size()}), readTheory(H);
            else
                readEstimates(BlockReading::wholeNetwork, *whole_, PreconditionedOperator(borrowed(), P_)),
                    reading_.theory = noRateTheory("the network is too large for all its eigenvalues");
        }
        for (int d = 0; request_.layers && d < weightedLayers(whole_->network()); ++d) {
            const ParameterRange range = layerRange(whole_->network(), d);
            const BlockOperator raw(borrowed(), range),
                after(std::make_unique<PreconditionedOperator>(borrowed(), P_), range);
            if (range.size > request_.largestDense)
                readEstimates(d, raw, after);
            else
                readExact(d,
                          H.size() > 0 ? H.block(range.offset, range.offset, range.size, range.size)
                                       : denseMatrix(raw, team_, cancelled_),
                          range);
        }
        if (request_.withMatrices && H.rows() <= CurvatureRequest::largestPictured)
            keepMatrices(std::move(H));
    }

    /// Eigenvectors are only worth their price where they were asked for or theory needs them.
    void readTheory(const Matrix<double>& H) {
        const SpectrumReading& spectrum = reading_.blocks.back().preconditioned;
        const std::string noModel =
            P_->undefined().empty() ? whyNoMinimum(spectrum.summary) : P_->undefined();
        std::string noDescent;
        const auto descent = linearUpdate(update_, whole_->size(), snapshot_.step, noDescent);
        if (!noModel.empty())
            reading_.modelDecrease = Reading::notDefined(noModel);
        else if (spectrum.vectors.cols() > 0)
            reading_.modelDecrease = modelDecrease(spectrum);
        else if (descent)
            reading_.modelDecrease = modelDecrease(readSpectrum(
                P_->preconditioned(H), {.tau = request_.tau, .withVectors = true}, team_, cancelled_));
        if (!descent)
            reading_.theory = noRateTheory(noDescent);
        else if (!noModel.empty())
            reading_.theory = noRateTheory(noModel);
        else
            reading_.theory = rateTheory(spectrum.summary, *descent, update_.learningRate, reading_.loss,
                                         reading_.modelDecrease);
    }

    Reading modelDecrease(const SpectrumReading& spectrum) const {
        Vector<double> g = whole_->gradient();
        P_->toCoordinates(g);
        const Vector<double> parts = spectrum.vectors.transpose() * g;
        const double band = spectrum.summary.tau * spectrum.summary.lambdaMax.value;
        double sum = 0;
        for (Index i = 0; i < parts.size(); ++i)
            if (spectrum.eigenvalues[i] > band) sum += parts[i] * parts[i] / (2 * spectrum.eigenvalues[i]);
        return Reading::computed(sum);
    }

    void keepMatrices(Matrix<double> H) {
        if (H.size() > 0 && P_->undefined().empty() && !P_->identity())
            reading_.preconditionedMatrix = P_->preconditioned(H);
        reading_.matrix = std::move(H);
    }

    void readExact(int layer, const Matrix<double>& raw, ParameterRange range) {
        stopIfCancelled(cancelled_);
        BlockReading block;
        block.layer = layer;
        // Small matrices side by side, large ones one after the other, each by the whole team.
        ThreadTeam* const each = raw.rows() < worthATeam ? nullptr : team_;
        const auto one = [&](int which) {
            if (which == 0)
                block.raw = readSpectrum(raw, options(layer, &BlockReading::raw), each, cancelled_);
            else if (P_->undefined().empty() && !P_->identity())
                block.preconditioned =
                    readSpectrum(P_->preconditioned(raw, range),
                                 options(layer, &BlockReading::preconditioned), each, cancelled_);
        };
        if (team_ && !each)
            team_->run(2, one);
        else
            for (const int which : {0, 1})
                one(which);
        finish(std::move(block));
    }

    void readEstimates(int layer, const SymmetricOperator& raw, const SymmetricOperator& preconditioned) {
        BlockReading block;
        block.layer = layer;
        block.raw = estimateSpectrum(raw, options(layer, &BlockReading::raw), team_, cancelled_);
        if (P_->undefined().empty() && !P_->identity())
            block.preconditioned = estimateSpectrum(
                preconditioned, options(layer, &BlockReading::preconditioned), team_, cancelled_);
        finish(std::move(block));
    }

    void finish(BlockReading block) {
        if (!P_->undefined().empty())
            block.preconditioned.summary =
                notMeasured(block.raw.summary.size, request_.tau, Reading::notDefined(P_->undefined()));
        else if (P_->identity())
            block.preconditioned = block.raw;
        const SpectrumSummary &before = block.raw.summary, &after = block.preconditioned.summary;
        if (!P_->undefined().empty()) {
            const auto why = Reading::notDefined(P_->undefined());
            block.matched = {before.kappaTau, why, why, before.size - before.dropped - before.negative};
        } else if (block.raw.exact) {
            block.matched =
                matchedCondition(block.raw.eigenvalues, block.preconditioned.eigenvalues, request_.tau);
        } else {
            const bool same = P_->identity();
            block.matched = {before.kappaAverage, after.kappaAverage,
                             same ? Reading::computed(1) : gain(before.kappaAverage, after.kappaAverage),
                             before.size};
        }
        block.bestStep = bestStep(after);
        block.predictedRate =
            after.negative > 0 ? Reading::notDefined(negativeCurvature) : predictedRate(after.kappaTau);
        reading_.blocks.push_back(std::move(block));
    }

    /// Over the training set, whatever the curvature is taken over.
    void readAlignment() {
        CurvatureRequest all = request_;
        all.samples = CurvatureRequest::Samples::TrainingSet;
        reading_.alignment = request_.samples == all.samples
                                 ? alignment(*whole_)
                                 : alignment(HessianOperator(curvatureProblem(snapshot_, all)));
    }

    /// A block costs the third power of the number of inputs: 8 for MNIST's images, all for toys. That
    /// of a channel has a factor with a row for every output of every sample, which costs memory as well.
    Index affordableNeurons(const WeightedLayer<double>& layer) const {
        constexpr double budget = 4e9;
        if (request_.mostNeurons == 0) return 0;
        const auto inputs = static_cast<double>(layer.fanIn() + 1);
        double rows = inputs;
        if (layer.kernelArea() > 1)
            rows = std::max(rows, static_cast<double>(problem_.data->x.cols() * problem_.network->outputs()));
        const double affordable = budget / (rows * inputs * inputs);
        return affordable < static_cast<double>(request_.mostNeurons)
                   ? std::max<Index>(static_cast<Index>(affordable), 4)
                   : request_.mostNeurons;
    }

    /// Blocks of neurons are those of the Gauss-Newton matrix, with the statistics of the samples held fixed
    /// where samples are coupled: the function that BNP's theory speaks of (math.md sections 2 to 4).
    void readLayers() {
        CurvatureProblem problem = problem_;
        problem.matrix = CurvatureMatrix::GaussNewton;
        problem.l2 = 0;
        std::string mode = problem.mode == Mode::Training ? "training mode" : "evaluation mode";
        bool coupled = false;
        for (std::size_t l = 0; l < problem.network->depth(); ++l)
            coupled |= problem.network->layer(l).couplesSamples(problem.mode);
        if (coupled) {
            problem.network = withStatisticsHeld(*problem.network, problem.data->x);
            problem.mode = Mode::Evaluation;
            mode = "batch statistics held fixed";
        }
        reading_.ofBlocks = "Gauss-Newton matrix, " + mode + ", " + problem.data->what;
        HessianOperator op(problem);
        for (int d = 0; d < weightedLayers(op.network()); ++d) {
            LayerOptions options;
            options.preconditioner = preconditioners_[static_cast<std::size_t>(d)];
            options.batch = batchSizeOf(snapshot_);
            options.root = &P_->root();
            options.mostNeurons = affordableNeurons(*op.network().weighted()[static_cast<std::size_t>(d)]);
            reading_.conditioning.push_back(layerConditioning(op, d, options, team_, cancelled_));
        }
    }

    const Snapshot& snapshot_;
    const UpdateState& update_;
    const CurvatureRequest& request_;
    ThreadTeam* team_;
    const Cancelled* cancelled_;
    const CurvatureReading* earlier_;
    CurvatureProblem problem_;
    std::optional<HessianOperator> whole_;
    Coordinates::Layers preconditioners_;
    std::shared_ptr<const Coordinates> P_;
    CurvatureReading reading_;
};

/// Products with the Hessian keep five numbers for each that a forward pass keeps: of large feature maps only
/// so many samples have room.
Index affordableSamples(const Network<double>& network, Index most) {
    constexpr Index numbers = Index{1} << 27, fewest = 16; // 1 GB
    Index ofSample = 0;
    for (std::size_t l = 0; l < network.depth(); ++l)
        ofSample += 5 * network.layer(l).outputs();
    return std::min(most, std::max(fewest, numbers / ofSample));
}

} // namespace

const BlockReading* CurvatureReading::block(int layer) const {
    const auto found = std::ranges::find(blocks, layer, &BlockReading::layer);
    return found == blocks.end() ? nullptr : &*found;
}

std::shared_ptr<const Coordinates> coordinatesOf(const Snapshot& snapshot) {
    const UpdateState& update = *snapshot.update;
    const Network<double>& network = *snapshot.network;
    return std::make_shared<const Coordinates>(network, update.preconditioners(network),
                                               batchSizeOf(snapshot),
                                               *update.optimizer(network.theta().size()));
}

CurvatureProblem curvatureProblem(const Snapshot& snapshot, const CurvatureRequest& request) {
    const Dataset& train = snapshot.data->train;
    CurvatureProblem problem;
    problem.network = snapshot.network;
    problem.loss = snapshot.loss;
    problem.mode = request.mode;
    problem.matrix = request.matrix;
    problem.l2 = request.penalty ? snapshot.update->settings.l2 : 0;
    if (request.samples == CurvatureRequest::Samples::TrainingSet) {
        problem.data = probeBatch(train, *snapshot.loss,
                                  affordableSamples(*snapshot.network, request.mostSamples), request.seed);
    } else {
        BatchPlan plan = snapshot.update->plan;
        const auto samples = plan.indices(snapshot.step);
        problem.data = augmentedData(train, *snapshot.loss, {samples.begin(), samples.end()},
                                     "mini-batch of step " + std::to_string(snapshot.step),
                                     snapshot.update->augmentation, snapshot.step);
    }
    return problem;
}

CurvatureReading measureCurvature(const Snapshot& snapshot, const CurvatureRequest& request, ThreadTeam* team,
                                  const Cancelled* cancelled, const CurvatureReading* earlier) {
    if (!snapshot.update) throw std::logic_error("the snapshot does not know its update state");
    const auto begin = std::chrono::steady_clock::now();
    CurvatureReading reading = Measurement(snapshot, request, team, cancelled, earlier).read();
    reading.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return reading;
}

} // namespace kappascope
