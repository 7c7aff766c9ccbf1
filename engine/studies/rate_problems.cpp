// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/rate_problems.h"

#include "engine/laboratory/number_text.h"
#include "engine/network/activation.h"
#include "engine/network/initialization.h"
#include "engine/network/loss.h"
#include "engine/network/networks/parts.h"
#include "engine/normalization/normalization.h"
#include "engine/preconditioning/preconditioner.h"
#include "engine/studies/study_experiments.h"

namespace kappascope {

namespace {

constexpr int samples = 120;

Experiment fullBatch(const std::string& set, const std::vector<int>& hidden, const std::string& loss) {
    Experiment experiment;
    experiment.data.set = set;
    experiment.data.samples = samples;
    experiment.data.testFraction = 0;
    experiment.model.hidden = hidden;
    experiment.model.activation = studyMethod(activationCatalog(), "identity");
    experiment.model.initialization = studyMethod(initializationCatalog(), "xavier_uniform");
    experiment.loss = studyMethod(lossCatalog(), loss);
    experiment.batchSize = samples;
    experiment.measureEvery = 1'000'000;
    experiment.runs = {defaultRun()};
    experiment.runs[0].id = 1;
    experiment.runs[0].name = "run";
    return experiment;
}

/// Squared error of a linear model: convex, and an exact quadratic.
RateProblem leastSquares(double kappa) {
    RateProblem problem{"least squares (convex), κ = " + numberText(kappa), 0,
                        fullBatch("linear_regression", {}, "mean_squared_error"), 0};
    problem.experiment.data.noise = 0.1;
    problem.experiment.data.parameters.set("features", std::int64_t{6});
    problem.experiment.data.parameters.set("condition_number", kappa);
    return problem;
}

/// Softmax regression on overlapping classes: convex, not strongly (the same vector added to the weights of
/// all classes changes nothing), and no quadratic.
RateProblem softmaxRegression() {
    RateProblem problem{"softmax regression (convex, singular)", 5, fullBatch("blobs", {}, "cross_entropy"),
                        20'000};
    problem.experiment.data.noise = 2;
    problem.experiment.learningRate = 0.1;
    problem.arrives = true;
    return problem;
}

/// BN right behind the weights, which then enter by their direction only.
MethodSpec batchNormBefore() {
    return studyMethod(normalizationCatalog(), "batch_norm",
                       {{"placement", std::string("pre")}, {"epsilon", 1e-12}});
}

/// Least squares behind BN: w enters as w/|w| only. Not convex, but locally so, with a minimum along the
/// whole ray of w.
RateProblem scaleInvariant(double kappa) {
    RateProblem problem{"unit with BN (scale-invariant), κ = " + numberText(kappa), 1,
                        leastSquares(kappa).experiment, 20'000};
    problem.experiment.model.hidden = {1};
    problem.experiment.runs[0].normalization = batchNormBefore();
    problem.experiment.learningRate = 0.1;
    problem.arrives = true;
    return problem;
}

/// The same of a convolution: its 16 weights, seen at four places of an image of 8 x 8, go through BN by
/// channel, and their mean over the places to a linear layer that tells ten digits by squared error.
RateProblem scaleInvariantConvolution() {
    constexpr int images = 180; // the tenth that is not held out
    RateProblem problem{"convolution with BN (scale-invariant)", 3,
                        fullBatch("digits", {}, "mean_squared_error"), 20'000};
    problem.experiment.data.scale = {1.0 / 16};
    problem.experiment.data.testFraction = 0.9;
    problem.experiment.batchSize = images;
    problem.experiment.model.layers = {convolution(1, 4, 4, 0), layerNamed("global_average_pool")};
    problem.experiment.runs[0].normalization = batchNormBefore();
    problem.experiment.learningRate = 0.5;
    problem.arrives = true;
    return problem;
}

/// Badly scaled and far from 0: what BNP is for. Its statistics have settled when the rate is measured.
RateProblem preconditioned() {
    RateProblem problem = leastSquares(10);
    problem.name = "least squares with BNP";
    problem.color = 2;
    problem.experiment.data.scale = {1, 2, 4, 8, 16, 32};
    problem.experiment.data.offset = {3};
    problem.experiment.runs[0].preconditioner = studyMethod(preconditioningCatalog(), "bnp", {{"rho", 0.9}});
    problem.experiment.learningRate = 0.1;
    problem.approach = 500;
    return problem;
}

} // namespace

std::vector<RateProblem> rateProblems() {
    return {leastSquares(10),   leastSquares(100),   leastSquares(1000),          softmaxRegression(),
            scaleInvariant(10), scaleInvariant(100), scaleInvariantConvolution(), preconditioned()};
}

} // namespace kappascope
