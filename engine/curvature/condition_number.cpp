// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/condition_number.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

namespace {

/// What eigenvalues of this matrix are known to, at best.
double roundingOf(ConstVectorRef<double> eigenvalues) {
    const double units = static_cast<double>(eigenvalues.size()) * std::numeric_limits<double>::epsilon();
    return std::max(eigenvalueCutoff, units) * eigenvalues.cwiseAbs().maxCoeff();
}

Vector<double> sizesDescending(ConstVectorRef<double> eigenvalues) {
    Vector<double> sizes = eigenvalues.cwiseAbs();
    std::ranges::sort(sizes, std::greater<>());
    return sizes;
}

Index countAbove(ConstVectorRef<double> descending, double cutoff) {
    if (descending.size() == 0 || !(descending[0] > 0)) return 0;
    return (descending.array() > cutoff * descending[0]).count();
}

Reading ratio(ConstVectorRef<double> descending, Index rank) {
    if (rank == 0 || !(descending[0] > 0)) return Reading::notDefined("the matrix is zero");
    if (!(descending[rank - 1] > 0))
        return Reading::notDefined("the smallest eigenvalue is lost in rounding");
    return Reading::computed(descending[0] / descending[rank - 1]);
}

} // namespace

Index numericalRank(ConstVectorRef<double> singularValues) {
    return countAbove(singularValues, singularCutoff);
}

Reading kappaStar(ConstVectorRef<double> singularValues, Index rank) {
    Reading reading = ratio(singularValues, rank);
    return reading.usable() ? Reading::computed(reading.value * reading.value) : reading;
}

Index numericalRankOfEigenvalues(ConstVectorRef<double> eigenvalues) {
    return countAbove(sizesDescending(eigenvalues), eigenvalueCutoff);
}

Reading kappaOfSizes(ConstVectorRef<double> eigenvalues, Index rank) {
    return ratio(sizesDescending(eigenvalues), rank);
}

SpectrumSummary summarize(ConstVectorRef<double> eigenvalues, double tau) {
    SpectrumSummary summary;
    summary.size = eigenvalues.size();
    summary.tau = tau;
    if (eigenvalues.size() == 0) return summary;
    const double largest = eigenvalues.maxCoeff(), smallest = eigenvalues.minCoeff();
    summary.lambdaMax = Reading::computed(largest);
    summary.lambdaMin = Reading::computed(smallest);
    summary.trace = Reading::computed(eigenvalues.sum());
    const double noise = roundingOf(eigenvalues);

    double leastSize = std::numeric_limits<double>::infinity(), leastKept = leastSize;
    const double band = tau * std::max(largest, 0.0);
    for (const double lambda : eigenvalues) {
        if (std::abs(lambda) > noise) leastSize = std::min(leastSize, std::abs(lambda));
        if (lambda > band)
            leastKept = std::min(leastKept, lambda);
        else if (lambda < -band)
            ++summary.negative;
        else
            ++summary.dropped;
    }
    if (!(largest > 0)) {
        const auto none = Reading::notDefined("no positive eigenvalue");
        summary.kappa = summary.kappaTau = summary.kappaAverage = summary.smallestNonZero = none;
        return summary;
    }
    summary.smallestNonZero = Reading::computed(leastSize);
    summary.kappaTau = Reading::computed(largest / leastKept);
    summary.kappa = smallest > noise ? Reading::computed(largest / smallest)
                    : smallest < -noise
                        ? Reading::notDefined("the matrix is not positive definite")
                        : Reading::above(largest / noise, "the matrix is singular to rounding: its smallest "
                                                          "eigenvalue is lost in it");
    summary.kappaAverage =
        summary.trace.value > 0
            ? Reading::computed(largest * static_cast<double>(summary.size) / summary.trace.value)
            : Reading::notDefined("the trace is not positive");
    return summary;
}

SpectrumSummary notMeasured(Index size, double tau, const Reading& why) {
    SpectrumSummary summary;
    summary.size = size;
    summary.tau = tau;
    summary.lambdaMax = summary.lambdaMin = summary.smallestNonZero = summary.kappa = summary.kappaTau =
        summary.kappaAverage = summary.trace = why;
    return summary;
}

Reading gain(const Reading& kappa, const Reading& preconditioned) {
    for (const Reading* side : {&kappa, &preconditioned})
        if (!side->usable() && side->status != Reading::Status::NotConverged)
            return side->isBound() ? Reading::notDefined(side->why) : *side;
    Reading reading = Reading::computed(kappa.value / preconditioned.value);
    reading.error =
        reading.value * std::hypot(kappa.error / kappa.value, preconditioned.error / preconditioned.value);
    if (reading.error > 0) reading.status = Reading::Status::Estimated;
    if (!kappa.usable() || !preconditioned.usable()) reading.status = Reading::Status::NotConverged;
    return reading;
}

MatchedCondition matchedCondition(ConstVectorRef<double> raw, ConstVectorRef<double> preconditioned,
                                  double tau) {
    MatchedCondition matched;
    Vector<double> before = raw, after = preconditioned;
    Index kept = 0, resolved = raw.size();
    for (Vector<double>* lambda : {&before, &after}) {
        std::ranges::sort(*lambda, std::greater<>());
        if (lambda->size() == 0 || !((*lambda)[0] > 0)) {
            matched.before = matched.after = matched.gain = Reading::notDefined("no positive eigenvalue");
            return matched;
        }
        const double noise = roundingOf(*lambda);
        kept = std::max<Index>(kept, (lambda->array() > tau * (*lambda)[0]).count());
        resolved = std::min<Index>(resolved, (lambda->array() > noise).count());
    }
    matched.directions = std::min(kept, resolved);
    matched.before = ratio(before, matched.directions);
    matched.after = ratio(after, matched.directions);
    matched.gain = gain(matched.before, matched.after);
    return matched;
}

Reading bestStep(const SpectrumSummary& preconditioned) {
    if (preconditioned.negative > 0)
        return Reading::notDefined("there are directions of negative curvature, in which every step grows");
    if (!preconditioned.kappaTau.usable()) return preconditioned.kappaTau;
    const double largest = preconditioned.lambdaMax.value;
    return Reading::computed(2 / (largest + largest / preconditioned.kappaTau.value));
}

Reading predictedRate(const Reading& kappa) {
    if (!kappa.usable()) return kappa;
    return Reading::computed((kappa.value - 1) / (kappa.value + 1));
}

const std::vector<Description>& curvatureQuantities() {
    static const std::vector<Description> quantities{
        {"lambda_max", "Largest eigenvalue λmax", "Curvature of the loss in its steepest direction.", "", {}},
        {"lambda_min",
         "Smallest eigenvalue λmin",
         "Curvature in the lowest direction; negative where the loss bends downwards.",
         "",
         {}},
        {"lambda_nonzero", "Smallest non-zero |λ|", "Smallest eigenvalue in size above rounding.", "", {}},
        {"kappa",
         "Condition number κ",
         "λmax/λmin; only where all eigenvalues are positive. Above 1e12 the smallest is lost in rounding: "
         "the "
         "matrix is singular as far as can be told.",
         "",
         {}},
        {"kappa_tau",
         "Condition number κτ",
         "λmax over the smallest eigenvalue above τ λmax; says how many within ±τ λmax are left out.",
         "",
         {}},
        {"kappa_rank",
         "Condition number κr",
         "λmax over the r-th largest eigenvalue, for the same r before and after the preconditioner: as many "
         "directions as κτ keeps on the side where it keeps more.",
         "",
         {}},
        {"directions", "Directions r", "Number of eigenvalues over which κr is taken.", "", {}},
        {"kappa_average",
         "Average condition number κavg",
         "λmax times the number of parameters, over the trace.",
         "",
         {}},
        {"kappa_star",
         "Condition number κ*",
         "Of a positive semidefinite matrix: its largest over its smallest non-zero eigenvalue.",
         "Lange, Helfrich, Ye, JMLR 23(72), 2022, section 2",
         {}},
        {"trace", "Trace", "Sum of all eigenvalues.", "", {}},
        {"dropped",
         "Dropped directions",
         "Number of eigenvalues within ±τ λmax, which κτ leaves out.",
         "",
         {}},
        {"negative_share", "Negative share", "Share of the eigenvalues below -τ λmax.", "", {}},
        {"gain", "Gain", "κ before over κ after the preconditioner, of the same matrix.", "", {}},
        {"best_step",
         "Best step",
         "2/(λmax + smallest kept λ) of the preconditioned Hessian: contracts most on a quadratic.",
         "",
         {}},
        {"stability_limit",
         "Stability limit",
         "Largest λmax of the preconditioned Hessian at which this optimizer's steps do not grow at its "
         "present "
         "learning rate.",
         "",
         {}},
        {"predicted_rate",
         "Rate at the best step",
         "(κ-1)/(κ+1): factor by which the best step shrinks the error on a quadratic, each step.",
         "",
         {}},
        {"kappa_input", "κ*(Ĥ)", "Of the layer's inputs with a column of ones.", "", {}},
        {"kappa_centred", "κ*(ĤU)", "Of the layer's inputs, centred, with a column of ones.", "", {}},
        {"kappa_standardized",
         "κ*(ĤUD)",
         "Of the layer's inputs, centred and of unit variance, with a column of ones.",
         "",
         {}},
        {"kappa_input_preconditioned",
         "κ*(ĤP)",
         "Of the layer's inputs as the preconditioner transforms them.",
         "",
         {}},
        {"kappa_neuron",
         "κ* of a neuron's block",
         "Of Ĥ'SĤ, the block of the Gauss-Newton matrix for one neuron's weights and bias.",
         "Lange, Helfrich, Ye, JMLR 23(72), 2022, Proposition 1",
         {}},
        {"kappa_neuron_median",
         "Median κ* of the neurons",
         "Over a layer's neurons but the dead ones.",
         "",
         {}},
        {"kappa_neuron_worst", "Worst κ* of the neurons", "Largest of a layer's neurons.", "", {}},
        {"gain_neuron",
         "Gain of the neurons",
         "Median κ* of a layer's neurons before over after the preconditioner.",
         "",
         {}},
        {"dead_neurons", "Dead neurons", "Neurons whose block is zero: without a condition number.", "", {}},
        {"representation_rank",
         "Rank of [h, 1]",
         "Rank of the last hidden representation with a column of ones; as many as samples fit any labels.",
         "Kawaguchi, Zhang, Deng, Neural Computation 34(4), 2022",
         {}},
        {"labels_outside",
         "Labels outside the span",
         "Share of the labels' variance that no last layer could fit, given the last hidden representation.",
         "Kawaguchi, Zhang, Deng, Neural Computation 34(4), 2022",
         {}},
    };
    return quantities;
}

} // namespace kappascope
