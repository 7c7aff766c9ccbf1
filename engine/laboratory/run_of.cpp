// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/run_of.h"

#include "engine/laboratory/divergence_report.h"
#include "engine/laboratory/update_state.h"
#include "engine/normalization/normalization.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace kappascope {

namespace {

/// Steps between states that are kept; a diverged run repeats at most that many. Fewer where a step takes
/// long, so that the repetition does not.
constexpr std::int64_t keepEveryMost = 500, keepEveryFewest = 10;
constexpr Index repetition = Index{1} << 31; ///< multiply-adds of forward passes; a step is three of them

/// Drops what is measured: for steps that are repeated.
class SilentSink final : public ProbeSink {
public:
    void record(const SeriesKey&, std::int64_t, double) override {}
};

std::function<double(std::int64_t)> learningRate(const RunSettings& settings) {
    const ScheduleEntry& schedule = scheduleCatalog().at(settings.schedule.method);
    return [rate = settings.learningRate, &schedule, parameters = settings.schedule.parameters](
               std::int64_t step) { return rate * schedule.factor(step, parameters); };
}

template<class S, template<class> class Base>
std::unique_ptr<Base<S>> make(const Catalog<Entry<Base>>& catalog, const MethodSpec& spec) {
    return catalog.at(spec.method).template make<S>(spec.parameters);
}

template<class S>
Trainer<S> makeTrainer(const Materials<S>& materials, const RunSettings& settings, const BatchPlan& plan) {
    TrainerMethods<S> methods;
    methods.normalization = make<S>(normalizationCatalog(), settings.normalization);
    methods.preconditioning = make<S>(preconditioningCatalog(), settings.preconditioner);
    methods.optimizer = make<S>(optimizerCatalog(), settings.optimizer);
    methods.learningRate = learningRate(settings);
    methods.l2 = settings.l2;
    methods.l2BeforePreconditioner = settings.l2BeforePreconditioner;
    auto network = materials.startNetwork(*methods.normalization);
    return Trainer<S>(std::move(network), materials.loss, materials.data, plan, std::move(methods));
}

template<class S>
Laboratory::NamedTensor namedTensor(const std::string& name, const TensorShape& shape, const S* data) {
    Laboratory::NamedTensor tensor{name, {shape.rows}, {}};
    if (!shape.vector) tensor.shape.push_back(shape.cols);
    const Eigen::Map<const Matrix<S>> values(data, shape.rows, shape.cols);
    for (Index row = 0; row < shape.rows; ++row)
        for (Index column = 0; column < shape.cols; ++column)
            tensor.values.push_back(static_cast<double>(values(row, column)));
    return tensor;
}

template<class To, class From>
TrainerState<To> converted(const TrainerState<From>& state) {
    TrainerState<To> result{state.step, state.theta.template cast<To>(), state.start.template cast<To>(), {}};
    for (const auto& [name, values] : state.tensors)
        result.tensors.emplace_back(name, values.template cast<To>());
    return result;
}

/// The weight of a convolution as torch.nn.Conv2d has it: [outputs, channels of a group, height, width].
template<class S>
Laboratory::NamedTensor kernelTensor(const std::string& name, WeightedLayer<S>& layer) {
    const WeightShape& shape = layer.weightShape();
    const Index channels = shape.channelsOfGroup();
    Laboratory::NamedTensor tensor{
        name, {shape.outputs, channels, layer.kernelHeight(), layer.kernelWidth()}, {}};
    const MatrixMap<S> W = layer.weight();
    for (Index unit = 0; unit < shape.outputs; ++unit)
        for (Index c = 0; c < channels; ++c)
            for (Index tap = 0; tap < shape.kernelArea; ++tap)
                tensor.values.push_back(static_cast<double>(W(unit, tap * channels + c)));
    return tensor;
}

template<class S>
Laboratory::NamedTensor tensorOf(Network<S>& network, const ParameterBlock& block) {
    const auto d = static_cast<std::size_t>(block.weighted);
    if (!block.shape.vector && !network.isDense(d)) return kernelTensor(block.name, *network.weighted()[d]);
    return namedTensor(block.name, block.shape, network.theta().data() + block.offset);
}

} // namespace

template<class S>
RunOf<S>::RunOf(std::shared_ptr<const Materials<S>> materials, RunSpec spec, RunSettings settings,
                const BatchPlan& plan, std::size_t historyBytes)
    : Run(std::move(spec), std::move(settings), std::make_shared<History>(historyBytes)),
      materials_(std::move(materials)), historyBytes_(historyBytes),
      trainer_(makeTrainer(*materials_, settings_, plan)) {
    parameters_ = trainer_.network().theta().size();
    keepState(true);
}

template<class S>
bool RunOf<S>::evaluateAhead(Clock::time_point deadline) {
    if (!evaluatesLong()) return true;
    const auto begin = Clock::now();
    chooseTeam();
    const bool done = trainer_.evaluateAhead(cadence_, deadline);
    seconds_ += std::chrono::duration<double>(Clock::now() - begin).count();
    return done;
}

template<class S>
bool RunOf<S>::evaluateAtRest(Clock::time_point deadline) {
    const bool affordable = state_ == RunState::Training && evaluationCost() <= longestAtRest;
    if (!affordable && state_ != RunState::Finished) return true;
    chooseTeam();
    return trainer_.evaluateAhead(MeasureCadence(1), deadline); // due at every step
}

template<class S>
void RunOf<S>::tellEvaluation(RunStatus& status) const {
    status.evaluated = trainer_.evaluatedShare();
    status.evaluation = trainer_.evaluated();
}

template<class S>
void RunOf<S>::advance(std::int64_t until) {
    const auto begin = std::chrono::steady_clock::now();
    const std::int64_t before = stepsDone();
    chooseTeam();
    keepAt_ = (before / keepEvery() + 1) * keepEvery();
    while (isActive() && stepsDone() < until && stepOnce())
        continue;
    recorder_.flush(*history_);
    ++version_;
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (team_) teamChoice_.learn(stepsDone() - before, took);
    seconds_ += took;
}

template<class S>
void RunOf<S>::setTeam(StepTeam* team) {
    if (team != team_) teamChoice_ = {};
    trainer_.setTeam(nullptr); // not the one of before, which may be gone
    team_ = team;
}

/// False when the run ends with this step.
template<class S>
bool RunOf<S>::stepOnce() {
    const std::int64_t step = stepsDone();
    const double loss = trainer_.step(recorder_, cadence_);
    losses_.add(loss);
    if (recorder_.tracker().hasDiverged(loss, rules_.spec)) {
        diverge(step, loss);
        return false;
    }
    recorder_.tracker().seeStep(loss);
    if (stepsDone() == keepAt_) {
        keepState(false);
        keepAt_ += keepEvery();
    }
    if (!recorder_.takeMeasured() && stepsDone() != rules_.lastStep) return true;
    why_ = recorder_.tracker().reasonToStop(rules_, stepsDone());
    if (why_.empty()) return true;
    state_ = RunState::Finished;
    return false;
}

template<class S>
std::int64_t RunOf<S>::keepEvery() const {
    const Index step = trainer_.plan().largestBatch() * trainer_.network().multiplications();
    return std::clamp<std::int64_t>(repetition / std::max<Index>(step, 1), keepEveryFewest, keepEveryMost);
}

/// The failure shows in the loss of step `failedStep`: the step before has led there, so back to before that.
template<class S>
void RunOf<S>::diverge(std::int64_t failedStep, double loss) {
    if (!std::isfinite(loss)) recorder_.record({"train_loss"}, failedStep, loss); // the trainer did not
    reached_ = std::max(reached_, failedStep);
    recorder_.skipUpTo(failedStep);

    const std::int64_t fatalStep = failedStep - 1;
    returnTo(fatalStep);
    DivergenceReport report;
    if (stepsDone() == fatalStep) { // watch it once more
        const TrainerState<S> before = trainer_.state();
        trainer_.step(report, MeasureCadence::normsAlone());
        trainer_.restore(before);
    }
    const double rate = learningRate(settings_)(std::max<std::int64_t>(fatalStep, 0));
    why_ = report.text(
        {failedStep, loss, recorder_.tracker().firstLoss(), rate, stepsDone(), rules_.spec.divergenceFactor});
    state_ = RunState::Diverged;
    keepState(true);
}

/// Goes back to the state after `step` steps, or to the oldest one that is kept when that is later.
template<class S>
void RunOf<S>::returnTo(std::int64_t step) {
    const bool newer = kept_[1] && kept_[1]->step <= step;
    trainer_.restore(newer || !kept_[0] ? *kept_[1] : *kept_[0]);
    SilentSink silent;
    while (stepsDone() < step)
        trainer_.step(silent, MeasureCadence::nothing());
}

template<class S>
void RunOf<S>::keepState(bool forgetEarlier) {
    kept_[0] = forgetEarlier ? std::nullopt : std::move(kept_[1]);
    kept_[1] = trainer_.state();
}

template<class S>
void RunOf<S>::apply(const RunSettings& settings) {
    if (settings == settings_) return;
    if (settings.normalization != settings_.normalization) {
        trainer_.refreshStatistics(); // they are folded into the weights
        trainer_.setNormalization(make<S>(normalizationCatalog(), settings.normalization));
    }
    if (settings.preconditioner != settings_.preconditioner)
        trainer_.setPreconditioning(make<S>(preconditioningCatalog(), settings.preconditioner));
    if (settings.optimizer != settings_.optimizer)
        trainer_.setOptimizer(make<S>(optimizerCatalog(), settings.optimizer));
    trainer_.setLearningRate(learningRate(settings));
    trainer_.setL2(settings.l2, settings.l2BeforePreconditioner);
    settings_ = settings;
    parameters_ = trainer_.network().theta().size();
    ++version_;
    if (state_ == RunState::Diverged) {
        state_ = RunState::Training;
        why_.clear();
    }
    keepState(true); // earlier ones are those of other methods
}

template<class S>
void RunOf<S>::changeBatchSize(std::int64_t step, int batchSize) {
    trainer_.changeBatchSize(step, batchSize);
}

template<class S>
std::unique_ptr<Run> RunOf<S>::fork(RunSpec spec) const {
    auto fork =
        std::make_unique<RunOf>(materials_, std::move(spec), settings_, trainer_.plan(), historyBytes_);
    fork->copyProgress(*this);
    fork->trainer_.restore(trainer_.state());
    fork->kept_ = kept_;
    return fork;
}

template<class S>
SavedRun RunOf<S>::save() const {
    SavedRun saved = savedProgress();
    saved.trainer = converted<double>(trainer_.state());
    for (const auto& state : kept_)
        if (state) saved.kept.push_back(converted<double>(*state));
    return saved;
}

template<class S>
void RunOf<S>::restore(const SavedRun& saved) {
    try {
        trainer_.restore(converted<S>(saved.trainer));
    } catch (const std::logic_error&) {
        throw InputError("runs." + spec_.name,
                         "the saved state is that of a run with other methods or layers");
    }
    restoreProgress(saved);
    kept_ = {};
    for (std::size_t k = 0; k < std::min<std::size_t>(saved.kept.size(), 2); ++k) // the newer one last
        kept_[2 - std::min<std::size_t>(saved.kept.size(), 2) + k] = converted<S>(saved.kept[k]);
    ++version_;
}

template<class S>
std::shared_ptr<Snapshot> RunOf<S>::snapshot() {
    trainer_.refreshStatistics();
    const Network<S>& present = trainer_.network();
    auto network = std::make_shared<Network<double>>(present);
    network->reserve(0);
    return std::make_shared<Snapshot>(Snapshot{spec_.id, stepsDone(), std::move(network),
                                               materials_->exactLoss, materials_->split, updateState()});
}

template<class S>
std::shared_ptr<const UpdateState> RunOf<S>::updateState() const {
    auto update = std::make_shared<UpdateState>(UpdateState{settings_,
                                                            learningRate(settings_)(stepsDone()),
                                                            trainer_.plan(),
                                                            {},
                                                            materials_->data->augmentation});
    for (const auto& [name, values] : trainer_.state().tensors)
        if (name.starts_with("preconditioner.") || name.starts_with("optimizer."))
            update->tensors.emplace_back(name, values.template cast<double>());
    return update;
}

template<class S>
std::vector<Laboratory::NamedTensor> RunOf<S>::weights() {
    trainer_.refreshStatistics();
    Network<S>& network = trainer_.network();
    std::vector<Laboratory::NamedTensor> tensors;
    for (const ParameterBlock& block : network.blocks())
        tensors.push_back(tensorOf(network, block));
    for (const auto& [name, buffer] : network.buffers())
        tensors.push_back(namedTensor(name, buffer.shape, buffer.data));
    return tensors;
}

template<class S>
void RunOf<S>::addTo(FnvHash& hash) const {
    hash.add(losses_.value());
    const Vector<S>& theta = trainer_.network().theta();
    hash.add(theta.data(), static_cast<std::size_t>(theta.size()) * sizeof(S));
}

template class RunOf<float>;
template class RunOf<double>;

} // namespace kappascope
