// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/preconditioning/running_statistics.h"

#include "engine/core/moments.h"

namespace kappascope {

template<class S>
Parameter RunningStatistics<S>::rhoParameter() {
    return Parameter::real("rho", "Memory ρ",
                           "Share of the running mean and variance that each mini-batch keeps: they average "
                           "over about 1/(1-ρ) mini-batches.",
                           0.99, 0, 1)
        .open(false, true);
}

template<class S>
Parameter RunningStatistics<S>::varianceParameter() {
    return Parameter::choice(
        "variance", "Variance",
        "total: of all inputs seen, the spread of the mini-batch means included; literal: "
        "average of the mini-batches' own variances, which vanishes at batch size 1.",
        "total", {"total", "literal"});
}

template<class S>
Parameter RunningStatistics<S>::startParameter() {
    return Parameter::choice(
        "start", "Start of statistics",
        "literal: mean 0 and variance 1, forgotten at the rate ρ; first_batch: the first "
        "mini-batch's; bias_corrected: weighted mean over the mini-batches seen so far.",
        "literal", {"literal", "first_batch", "bias_corrected"});
}

template<class S>
RunningStatistics<S>::RunningStatistics(const Parameters& parameters)
    : rho_(parameters.real("rho")),
      total_(!parameters.has("variance") || parameters.choice("variance") == "total"),
      corrected_(parameters.choice("start") == "bias_corrected"),
      literalStart_(parameters.choice("start") == "literal"), startShare_(1) {}

template<class S>
void RunningStatistics<S>::bind(Index inputs) {
    mean_.setZero(inputs);
    variance_.setOnes(inputs);
    batchMean_.setZero(inputs);
    batchVariance_.setZero(inputs);
    startShare_[0] = literalStart_ ? S(0) : S(1);
}

/// Weight of the next batch, from how much of the start's weight is still to be corrected for.
template<class S>
void RunningStatistics<S>::begin() {
    const double share = startShare_[0];
    // (1-rho) / (1-rho^t) when the start has to be corrected for at step t, 1 for a first batch, else 1-rho.
    const double weight = (1 - rho_) / (1 - rho_ * share);
    startShare_[0] = static_cast<S>(corrected_ ? rho_ * share : 0);
    keep_ = static_cast<S>(1 - weight);
    take_ = static_cast<S>(weight);
}

template<class S>
void RunningStatistics<S>::observe(const ConstColumns<S>& H, Index first, Index count) {
    auto mean = mean_.segment(first, count), variance = variance_.segment(first, count);
    auto batchMean = batchMean_.segment(first, count), batchVariance = batchVariance_.segment(first, count);
    // Algorithm 1, step 1: mu_A = (1/N) sum_n h_n, sigma_A^2 = (1/N) sum_n (h_n - mu_A)^2.
    measureMoments<S>(H.middleRows(first, count), batchMean, batchVariance);
    // Variance of the mixture of the past (share rho) and the batch (share 1-rho), which needs the old mean:
    // sigma^2 <- rho sigma^2 + (1-rho) (sigma_A^2 + rho (mu_A - mu_old)^2).
    if (total_) batchVariance.array() += keep_ * (batchMean - mean).array().square();
    // Step 2: mu <- rho mu + (1-rho) mu_A, sigma^2 <- rho sigma^2 + (1-rho) sigma_A^2.
    mean = keep_ * mean + take_ * batchMean;
    variance = keep_ * variance + take_ * batchVariance;
}

template<class S>
std::vector<StateTensor<S>> RunningStatistics<S>::state() {
    return {{"mean", {mean_.data(), mean_.size()}},
            {"variance", {variance_.data(), variance_.size()}},
            {"start_share", {startShare_.data(), 1}}};
}

template class RunningStatistics<float>;
template class RunningStatistics<double>;

} // namespace kappascope
