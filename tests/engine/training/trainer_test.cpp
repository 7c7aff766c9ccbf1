// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture.h"
#include "tests/support/training.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double rounding = 1e-13; // a few hundred float64 operations on numbers near 1

Recipe manySided() {
    Recipe recipe;
    recipe.normalization = methodOf(normalizationCatalog(), "batch_norm", {{"normalize_inputs", true}});
    recipe.preconditioner = methodOf(preconditioningCatalog(), "bnp");
    recipe.optimizer = methodOf(optimizerCatalog(), "adam");
    recipe.learningRate = 0.01;
    return recipe;
}

template<class S>
void continuesExactly(Recipe recipe) {
    const auto original = makeTrainer<S>(recipe), other = makeTrainer<S>(recipe);
    train(*original, 23); // in mid-epoch
    const TrainerState<S> state = original->state();
    train(*other, 7); // another past, overwritten by the state
    other->restore(state);
    QCOMPARE(other->stepsDone(), std::int64_t{23});
    QVERIFY(train(*original, 19) == train(*other, 19));
    const TrainerState<S> a = original->state(), b = other->state();
    QVERIFY(a.theta == b.theta && a.start == b.start);
    QCOMPARE(a.tensors.size(), b.tensors.size());
    for (std::size_t i = 0; i < a.tensors.size(); ++i)
        QVERIFY2(a.tensors[i].second == b.tensors[i].second, a.tensors[i].first.c_str());
}

/// A loss that is not finite, or whose gradient is not, from a chosen call on.
class BreakingLoss final : public Loss<double> {
public:
    enum class What { Loss, Gradient };
    BreakingLoss(std::shared_ptr<const Loss<double>> loss, What what) : loss_(std::move(loss)), what_(what) {}
    mutable int callsUntilBroken = 5;

    Index outputs(const Dataset& data) const override { return loss_->outputs(data); }
    Targets<double> targets(const Dataset& data) const override { return loss_->targets(data); }
    double gradient(ConstMatrixRef<double> z, const Targets<double>& targets, std::span<const int> samples,
                    MatrixRef<double> dz) const override {
        const double loss = loss_->gradient(z, targets, samples, dz);
        if (callsUntilBroken-- > 0) return loss;
        if (what_ == What::Loss) return std::nan("");
        dz(0, 0) = std::nan("");
        return loss;
    }
    void hessianTimes(ConstMatrixRef<double> z, const Targets<double>& targets, std::span<const int> samples,
                      ConstMatrixRef<double> zDot, MatrixRef<double> out) const override {
        loss_->hessianTimes(z, targets, samples, zDot, out);
    }
    double sum(ConstMatrixRef<double> z, const Targets<double>& targets, Index first) const override {
        return loss_->sum(z, targets, first);
    }
    int predictedClass(ConstVectorRef<double> z, Task task) const override {
        return loss_->predictedClass(z, task);
    }
    Matrix<double> probabilities(ConstMatrixRef<double> z, Task task) const override {
        return loss_->probabilities(z, task);
    }

private:
    std::shared_ptr<const Loss<double>> loss_;
    What what_;
};

/// The first step's change of theta with penalty l2, for SGD at rate 1.
Vector<double> firstUpdate(Recipe recipe, double l2, bool before) {
    recipe.learningRate = 1;
    recipe.l2 = l2;
    recipe.l2BeforePreconditioner = before;
    const auto trainer = makeTrainer<double>(recipe);
    const Vector<double> theta = trainer->network().theta();
    train(*trainer, 1);
    return trainer->network().theta() - theta;
}

} // namespace

class TrainerTest : public QObject {
    Q_OBJECT

private slots:
    void restoredTrainerContinuesBitForBit() {
        continuesExactly<float>(manySided());
        continuesExactly<double>(manySided());
    }

    void restoreRefusesAnotherKindOfTrainer() {
        const auto plain = makeTrainer<double>({});
        const auto other = makeTrainer<double>(manySided());
        QVERIFY_THROWS_EXCEPTION(std::logic_error, plain->restore(other->state()));
        QCOMPARE(plain->stepsDone(), std::int64_t{0});
    }

    /// A step of SGD is theta - eta gradient of the batch's mean loss; the loss is that before the update.
    void stepIsThatOfTheBatch() {
        Recipe recipe;
        const auto trainer = makeTrainer<double>(recipe);
        const Split split = moons(recipe);
        const auto loss = lossCatalog().at("cross_entropy").make<double>(recipe.loss.parameters);
        const auto targets = loss->targets(split.train);
        BatchPlan plan = trainer->plan();
        Network<double> twin(trainer->network());
        for (int step = 0; step < 12; ++step) {
            const auto samples = plan.indices(step);
            const Matrix<double> x = split.train.x.select(samples).dense();
            twin.reserve(x.cols());
            Matrix<double> dz(twin.outputs(), x.cols());
            const double expected = loss->gradient(twin.forward(x, Mode::Training), targets, samples, dz);
            twin.backward(x, dz);
            twin.theta() -= recipe.learningRate * twin.gradient();
            NoSink sink;
            QCOMPARE(trainer->step(sink, 100), expected);
            QVERIFY(difference(trainer->network().theta(), twin.theta()) < rounding);
        }
    }

    void wholeTrainingSetIsOneBatch() {
        Recipe recipe;
        recipe.batchSize = 1000;
        recipe.samples = 900; // 600 to train: more than two chunks of evaluation
        const auto trainer = makeTrainer<double>(recipe);
        for (int step = 0; step < 5; ++step) {
            const Evaluation before = trainer->evaluate();
            NoSink sink;
            QVERIFY(std::abs(trainer->step(sink, 1) - before.trainLoss) < rounding);
        }
    }

    /// However an evaluation is cut, it measures the same: all of it ahead pass by pass, or a part.
    void evaluationAheadMeasuresTheSame() {
        Recipe recipe = manySided();
        recipe.samples = 900; // 600 to train: three passes for each of three layers, three, and two to test
        recipe.normalization = methodOf(normalizationCatalog(), "batch_norm",
                                        {{"normalize_inputs", true}, {"evaluation", "training_set"}});
        constexpr int passes = 3 * 3 + 3 + 2;
        const auto whole = makeTrainer<double>(recipe), cut = makeTrainer<double>(recipe);
        constexpr auto past = std::chrono::steady_clock::time_point::min();
        KeepingSink expected, found;
        for (int step = 0; step < 2 * 3 * passes; ++step) {
            whole->step(expected, 3);
            const bool due = step % 3 == 0;
            for (int pass = 1; pass <= (due ? step / 3 : 1); ++pass)
                QCOMPARE(cut->evaluateAhead(3, past), !due || pass >= passes);
            cut->step(found, 3);
        }
        QVERIFY(expected.series == found.series);
        QVERIFY(whole->network().theta() == cut->network().theta());
    }

    void evaluationBegunIsForgottenWhereTheNetworkChanges() {
        Recipe recipe = manySided();
        recipe.samples = 900;
        const auto trainer = makeTrainer<double>(recipe), twin = makeTrainer<double>(recipe);
        train(*twin, 6);
        constexpr auto past = std::chrono::steady_clock::time_point::min();
        QVERIFY(!trainer->evaluateAhead(1, past));
        trainer->restore(twin->state());
        QVERIFY(!trainer->evaluateAhead(1, past));
        for (const auto& one : {trainer.get(), twin.get()})
            one->setNormalization(makeNormalization<double>(methodOf(normalizationCatalog(), "batch_norm")));
        KeepingSink expected, found;
        twin->step(expected, 1);
        trainer->step(found, 1);
        QVERIFY(expected.series == found.series);
    }

    void evaluationIsTheMeanOverEachSet() {
        Recipe recipe;
        recipe.samples = 900;
        const auto trainer = makeTrainer<double>(recipe);
        train(*trainer, 30);
        const Split split = moons(recipe);
        const auto loss = lossCatalog().at("cross_entropy").make<double>(recipe.loss.parameters);
        const Evaluation found = trainer->evaluate();
        Network<double> twin(trainer->network());
        twin.reserve(900);
        const auto scored = [&](const Dataset& data) {
            const Matrix<double> p =
                loss->probabilities(twin.forward(data.x.dense(), Mode::Evaluation), data.task);
            double sum = 0, correct = 0;
            for (Index n = 0; n < p.cols(); ++n) {
                const int label = data.labels[static_cast<std::size_t>(n)];
                sum -= std::log(p(label, n));
                correct += p(label, n) > 0.5;
            }
            return std::pair(sum / static_cast<double>(p.cols()), correct / static_cast<double>(p.cols()));
        };
        const auto [trainLoss, trainAccuracy] = scored(split.train);
        const auto [testLoss, testAccuracy] = scored(split.test);
        QVERIFY(std::abs(found.trainLoss - trainLoss) < rounding);
        QVERIFY(std::abs(found.testLoss - testLoss) < rounding);
        QCOMPARE(found.trainAccuracy, trainAccuracy);
        QCOMPARE(found.testAccuracy, testAccuracy);
    }

    void evaluatingChangesNothingInTraining() {
        for (const char* evaluation : {"running", "training_set"}) {
            Recipe recipe = manySided();
            recipe.normalization =
                methodOf(normalizationCatalog(), "batch_norm", {{"evaluation", std::string(evaluation)}});
            const auto quiet = makeTrainer<double>(recipe), watched = makeTrainer<double>(recipe);
            std::vector<double> losses;
            NoSink sink;
            for (int step = 0; step < 20; ++step) {
                watched->evaluate();
                losses.push_back(watched->step(sink, 1));
            }
            QVERIFY(losses == train(*quiet, 20));
            QVERIFY(watched->network().theta() == quiet->network().theta());
        }
    }

    /// With the training set's statistics, evaluation of the whole set in one piece is the training mode's
    /// loss.
    void evaluatesWithTheTrainingSetsStatistics() {
        Recipe recipe;
        recipe.batchSize = 1000;
        recipe.normalization =
            methodOf(normalizationCatalog(), "batch_norm",
                     {{"evaluation", std::string("training_set")}, {"normalize_inputs", true}});
        const auto trainer = makeTrainer<double>(recipe);
        NoSink sink;
        for (int step = 0; step < 5; ++step) {
            const double evaluated = trainer->evaluate().trainLoss;
            QVERIFY(std::abs(trainer->step(sink, 1) - evaluated) < rounding);
        }
    }

    void batchSizeChangesInMidTraining() {
        const auto trainer = makeTrainer<double>({}), twin = makeTrainer<double>({});
        train(*trainer, 7);
        trainer->changeBatchSize(7, 40); // the whole set, larger than what was reserved
        train(*trainer, 3);
        const auto whole = trainer->evaluate().trainLoss;
        QVERIFY(std::abs(train(*trainer, 1).front() - whole) < rounding);
        trainer->changeBatchSize(11, 3);
        const auto after = train(*trainer, 20);

        train(*twin, 7); // the same changes, restored half-way
        twin->changeBatchSize(7, 40);
        train(*twin, 4);
        twin->changeBatchSize(11, 3);
        QVERIFY(train(*twin, 20) == after);
    }

    void learningRateIsAskedForEachStep() {
        Recipe recipe;
        const auto trainer = makeTrainer<double>(recipe);
        std::vector<std::int64_t> asked;
        trainer->setLearningRate([&](std::int64_t step) {
            asked.push_back(step);
            return 0.0;
        });
        const Vector<double> theta = trainer->network().theta();
        train(*trainer, 3);
        QCOMPARE(asked, (std::vector<std::int64_t>{0, 1, 2}));
        QVERIFY(trainer->network().theta() == theta); // a rate of zero: no step
    }

    /// l2/2 |W|^2 adds l2 W to the weights' gradients, and to nothing else; after P P^T unless asked before.
    void penaltyPullsDenseWeights() {
        constexpr double l2 = 0.3;
        for (const char* preconditioner : {"none", "bnp"}) {
            Recipe recipe;
            recipe.normalization = methodOf(normalizationCatalog(), "batch_norm");
            recipe.preconditioner = methodOf(preconditioningCatalog(), preconditioner);
            const auto trainer = makeTrainer<double>(recipe);
            Vector<double> expected = Vector<double>::Zero(trainer->network().theta().size());
            for (const auto& block : trainer->network().blocks())
                if (block.name.starts_with("layers.") && block.name.ends_with(".weight"))
                    expected.segment(block.offset, block.shape.size()) =
                        -l2 * trainer->network().theta().segment(block.offset, block.shape.size());
            const Vector<double> without = firstUpdate(recipe, 0, false);
            QVERIFY(difference(firstUpdate(recipe, l2, false) - without, expected) < rounding);
            const double early = difference(firstUpdate(recipe, l2, true) - without, expected);
            QCOMPARE(early < rounding, std::string(preconditioner) == "none");
        }
    }

    void divergedStepLeavesEverythingAsItWas_data() {
        QTest::addColumn<int>("what");
        QTest::newRow("loss") << static_cast<int>(BreakingLoss::What::Loss);
        QTest::newRow("gradient") << static_cast<int>(BreakingLoss::What::Gradient);
    }
    void divergedStepLeavesEverythingAsItWas() {
        QFETCH(int, what);
        Recipe recipe = manySided();
        const Split split = moons(recipe);
        const auto loss = std::make_shared<BreakingLoss>(
            lossCatalog().at("cross_entropy").make<double>(recipe.loss.parameters),
            static_cast<BreakingLoss::What>(what));
        auto methods = makeMethods<double>(recipe);
        auto network = buildStack<double>(2, recipe.hidden, 2, recipe.activation, *methods.normalization);
        initializeWeights(*network, methodOf(initializationCatalog(), "xavier_uniform"), 3);
        Trainer<double> trainer(std::move(network), loss, makeData<double>(split, *loss),
                                BatchPlan(40, 8, 11), std::move(methods));
        for (const double value : train(trainer, 5))
            QVERIFY(std::isfinite(value));
        const auto before = trainer.state();
        KeepingSink sink;
        QVERIFY(!std::isfinite(trainer.step(sink, 1)));
        const auto after = trainer.state();
        QCOMPARE(after.step, before.step);
        QVERIFY(after.theta == before.theta);
        for (std::size_t i = 0; i < before.tensors.size(); ++i)
            if (!before.tensors[i].first.starts_with("preconditioner."))
                QVERIFY2(after.tensors[i].second == before.tensors[i].second,
                         before.tensors[i].first.c_str());
    }

    /// One sample without spread and a rate beyond all bounds: training ends with a number that is not
    /// finite.
    void divergenceIsReported() {
        Recipe recipe;
        recipe.activation = methodOf(activationCatalog(), "relu");
        recipe.loss = methodOf(lossCatalog(), "mean_squared_error");
        recipe.learningRate = 1e6;
        const auto trainer = makeTrainer<float>(recipe);
        NoSink sink;
        double loss = 0;
        for (int step = 0; step < 1000 && std::isfinite(loss); ++step)
            loss = trainer->step(sink, 10);
        QVERIFY(!std::isfinite(loss));
        QVERIFY(trainer->network().theta().allFinite());
    }
};

QTEST_APPLESS_MAIN(TrainerTest)
#include "trainer_test.moc"
