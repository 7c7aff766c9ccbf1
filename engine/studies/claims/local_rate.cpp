// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/decay_rate.h"
#include "engine/data/data_catalog.h"
#include "engine/laboratory/curvature_measurement.h"
#include "engine/laboratory/number_text.h"
#include "engine/studies/claim_catalog.h"
#include "engine/studies/rate_problems.h"
#include "engine/studies/study_experiments.h"
#include "engine/studies/study_text.h"
#include "engine/studies/trained_runs.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

namespace {

/// Of one problem with one seed.
struct RateNumbers {
    double kappa, step, theory, measured; ///< rates r of the distance
};

class LocalRates {
public:
    explicit LocalRates(StudyContext& context) : context_(context), training_(context) {}

    StudyResult run() {
        const auto all = rateProblems();
        figure_ = {
            "local-rate",
            "Measured rate against κ*, each step the best one",
            "1 − r of the distance to the minimum per step, for every problem and seed; the line is theory, "
            "1 − (κ*−1)/(κ*+1) = 2/(κ*+1).",
            {"κ* of the Hessian (with BNP: of PᵀHP)", true},
            {"1 − r", true},
            {}};
        table_ = {
            "Rates",
            {"problem", "κ*", "best step", "(κ*−1)/(κ*+1)", "measured r", "largest deviation of 1 − r, %"},
            {},
            "Mean over the seeds; the deviation is the largest of a single seed.",
            false};
        const auto seeds = context_.seeds();
        double done = 0;
        for (const RateProblem& problem : all) {
            std::vector<RateNumbers> numbers;
            for (const std::uint64_t seed : seeds) {
                context_.report(problem.name + ", seed " + std::to_string(seed), done);
                numbers.push_back(measure(problem, seed));
                addMeasurements(problem, seed, numbers.back());
                done += 1.0 / static_cast<double>(all.size() * seeds.size());
            }
            tell(problem, numbers);
        }
        addTheory();
        result_.figures.insert(result_.figures.begin(), std::move(figure_));
        result_.tables.push_back(std::move(table_));
        return std::move(result_);
    }

private:
    CurvatureReading readingOf() {
        CurvatureRequest request;
        request.layers = request.neurons = request.alignment = false;
        return measureCurvature(*training_.lockstep().runs().front()->snapshot(), request, &context_.team(),
                                context_.cancelled());
    }

    /// Approaches the minimum, takes the best step from there, and fits the decay of what is left of the
    /// loss.
    RateNumbers measure(const RateProblem& problem, std::uint64_t seed) {
        Lockstep& lockstep = training_.lockstep();
        Experiment experiment = problem.experiment;
        experiment.data = checked(experiment.data);
        experiment.seed = {seed, seed, seed, seed};
        lockstep.begin(experiment, false, context_.cancelled());
        lockstep.advance(std::max<std::int64_t>(problem.approach / context_.options().shortening, 1));
        const CurvatureReading near = readingOf();
        const BlockReading& whole = *near.block(BlockReading::wholeNetwork);
        RateNumbers numbers{};
        numbers.step = whole.bestStep.value;
        numbers.kappa = whole.preconditioned.summary.kappaTau.value;
        numbers.theory = whole.predictedRate.value;
        if (!whole.bestStep.usable() || !whole.predictedRate.usable()) {
            numbers.measured = numbers.theory = std::nan("");
            return numbers;
        }
        if (problem.arrives) {
            const std::int64_t above = stepAboveMinimum();
            lockstep.begin(experiment, false, context_.cancelled());
            lockstep.advance(above);
        }
        Experiment best = lockstep.experiment();
        best.learningRate = numbers.step;
        lockstep.edit(best, "the best step", context_.cancelled());
        numbers.measured = decay(observedSteps(numbers.theory));
        return numbers;
    }

    /// The last step at which the loss lay above its last value by a millionth of what it has fallen: the
    /// distance to the minimum is about a thousandth of the first one.
    std::int64_t stepAboveMinimum() {
        constexpr double share = 1e-6;
        std::vector<std::int64_t> steps;
        std::vector<double> losses;
        training_.lockstep().runs().front()->history()->raw({"train_loss"}, 0, steps, losses);
        const double bound = losses.back() + share * (losses.front() - losses.back());
        std::size_t last = losses.size() - 1;
        while (last > 0 && losses[last] < bound)
            --last;
        return std::max<std::int64_t>(steps[last], 1);
    }

    /// So many that the distance shrinks by 1e8, which stays above rounding.
    static std::int64_t observedSteps(double rate) {
        constexpr double shrink = 1e8;
        const double steps = std::log(shrink) / -std::log(rate);
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(steps), 16, 100'000);
    }

    /// The rate at which the parameters come to where they end: fitted over the second half of `steps`, when
    /// the directions that are faster than the slowest are gone. Where they end is known after as many again.
    double decay(std::int64_t steps) {
        Lockstep& lockstep = training_.lockstep();
        const auto theta = [&lockstep] { return lockstep.runs().front()->snapshot()->network->theta(); };
        constexpr std::int64_t mostPoints = 200;
        const std::int64_t every = std::max<std::int64_t>(1, steps / 2 / mostPoints);
        lockstep.advance(steps / 2);
        std::vector<std::int64_t> at;
        std::vector<Vector<double>> thetas;
        for (std::int64_t step = steps / 2; step <= steps; step += every) {
            stopIfCancelled(context_.cancelled());
            at.push_back(step);
            thetas.push_back(theta());
            lockstep.advance(every);
        }
        lockstep.advance(steps);
        const Vector<double> end = theta();
        std::vector<double> squares;
        for (const Vector<double>& point : thetas)
            squares.push_back((point - end).squaredNorm());
        const Reading rate = decayRate(at, squares); // of squares of distances, as losses are
        return rate.usable() ? rate.value : std::nan("");
    }

    void addMeasurements(const RateProblem& problem, std::uint64_t seed, const RateNumbers& numbers) {
        const auto add = [&](const char* metric, double value) {
            result_.measurements.push_back({problem.name, "run", numbers.step, seed, metric, 0, value});
        };
        add("kappa", numbers.kappa);
        add("rate_in_theory", numbers.theory);
        add("rate_measured", numbers.measured);
    }

    void tell(const RateProblem& problem, const std::vector<RateNumbers>& seeds) {
        FigureCurve curve{problem.name, problem.color, false, false, {}};
        std::vector<double> kappas, steps, theory, measured;
        double worst = 0;
        for (const RateNumbers& seed : seeds) {
            const double gap = 1 - seed.measured;
            curve.points.push_back({seed.kappa, gap, gap, gap});
            kappas.push_back(seed.kappa);
            steps.push_back(seed.step);
            theory.push_back(seed.theory);
            measured.push_back(seed.measured);
            const double deviation = std::abs(seed.measured - seed.theory) / (1 - seed.theory);
            worst = std::isfinite(deviation) ? std::max(worst, deviation) : deviation;
            if (!std::isfinite(deviation)) break;
        }
        figure_.curves.push_back(std::move(curve));
        const std::string percent = numberText(100 * worst);
        table_.rows.push_back({problem.name, kappaText(logarithmicSpreadOf(kappas).mean),
                               numberText(spreadOf(steps).mean), numberText(spreadOf(theory).mean),
                               numberText(spreadOf(measured).mean),
                               std::isfinite(worst) ? percent : "not measured"});
        constexpr double agreement = 0.05;
        result_.findings.push_back(
            {problem.name + ": with every seed 1 − r agrees with theory to 5 %", worst <= agreement,
             std::isfinite(worst)
                 ? "1 − r = " + numberText(1 - spreadOf(measured).mean) + " measured, " +
                       numberText(1 - spreadOf(theory).mean) + " in theory, in the mean; largest deviation " +
                       percent + " %"
                 : "no rate could be measured: the Hessian there has negative eigenvalues or the loss does "
                   "not shrink"});
    }

    void addTheory() {
        FigureCurve line{"theory", 7, true, true, {}};
        double least = 1e300, most = 0;
        for (const FigureCurve& curve : figure_.curves)
            for (const FigurePoint& point : curve.points)
                least = std::min(least, point.x), most = std::max(most, point.x);
        for (double kappa = least; kappa < most * 1.0001; kappa *= std::pow(most / least, 1.0 / 32)) {
            line.points.push_back({kappa, 2 / (kappa + 1), 2 / (kappa + 1), 2 / (kappa + 1)});
            if (most <= least) break;
        }
        figure_.curves.push_back(std::move(line));
    }

    StudyContext& context_;
    StudyTraining training_;
    Figure figure_;
    StudyTable table_;
    StudyResult result_;
};

} // namespace

namespace claims {

Claim local_rate() {
    Claim claim;
    static_cast<Description&>(claim) = {
        "local_rate",
        "Near a minimum the error shrinks by (κ*−1)/(κ*+1) a step, also where the Hessian is singular",
        "Gradient descent converges locally at the rate (κ*−1)/(κ*+1), κ* the ratio of the Hessian's largest "
        "eigenvalue to its smallest non-zero one, on locally convex losses that are not strongly convex; "
        "networks with a scale-invariant property are such.",
        "Lange, Helfrich, Ye, JMLR 23(72), 2022, abstract and Section 2",
        {}};
    claim.measured =
        "Gradient descent on all samples, in float64, comes near a minimum; all eigenvalues of the Hessian "
        "there give κ* and the best step 2/(λmax + λ*min); from then on that step is taken, and r is "
        "fitted to the loss above its minimum. With BN the Hessian is that of training mode, statistics "
        "differentiated through.";
    claim.presets = {"paper_local_rate", "paper_scale_invariant", "paper_scale_invariant_cnn"};
    claim.study = [](StudyContext& context) { return LocalRates(context).run(); };
    claim.seconds = [](const StudyContext&) { return 6.0; }; // as measured
    return claim;
}

} // namespace claims

} // namespace kappascope
