// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/batch_norm_layer.h"

namespace kappascope::normalizations {

namespace {

template<class S>
class BatchNorm final : public Normalization<S> {
public:
    explicit BatchNorm(const Parameters& parameters)
        : rule_{parameters.real("epsilon"), parameters.real("momentum"),
                parameters.choice("running_variance") == "unbiased"},
          pre_(parameters.choice("placement") == "pre"), inputs_(parameters.flag("normalize_inputs")),
          trainingSet_(parameters.choice("evaluation") == "training_set") {}

    Placement placement() const override { return {.inputs = inputs_, .post = !pre_, .pre = pre_}; }
    std::unique_ptr<NormalizationLayer<S>> makeLayer(const MapShape& shape) const override {
        return std::make_unique<BatchNormLayer<S>>(shape, rule_);
    }
    bool evaluatesWithTrainingSet() const override { return trainingSet_; }

private:
    BatchNormRule rule_;
    bool pre_, inputs_, trainingSet_;
};

std::vector<Parameter> parameters() {
    return {
        Parameter::choice("placement", "Placement",
                          "After the activation ('post': h = g(W B(h) + b), the paper's form) or before it "
                          "('pre', Ioffe and Szegedy's).",
                          "post", {"post", "pre"}),
        Parameter::flag(
            "normalize_inputs", "Normalize inputs too",
            "One more layer in front of the first one with weights; without it badly scaled inputs stay "
            "badly scaled.",
            false),
        Parameter::real("epsilon", "Epsilon", "Added to the variance: sqrt(sigma^2 + epsilon).", 1e-5, 0, 1)
            .open(true, false)
            .decades(),
        Parameter::real("momentum", "Momentum",
                        "Share of the mini-batch in the running statistics (PyTorch's momentum, 1 - rho).",
                        0.1, 0, 1),
        Parameter::choice("running_variance", "Running variance",
                          "Average N/(N-1) sigma^2 ('unbiased', as PyTorch; biased at N = 1) or sigma^2 "
                          "('biased').",
                          "unbiased", {"unbiased", "biased"}),
        Parameter::choice("evaluation", "Evaluation",
                          "Which statistics replace the mini-batch's when the network is evaluated: the "
                          "running averages, or those of the whole training set at that moment.",
                          "running", {"running", "training_set"})};
}

} // namespace

NormalizationEntry batch_norm() {
    return makeEntry<Normalization, BatchNorm>(
        {.key = "batch_norm",
         .label = "Batch normalization",
         .help =
             "Every unit, or channel of maps, is centred and scaled by the mini-batch's mean and deviation, "
             "then by "
             "learned gamma and beta; at batch size 1 the normalized value is 0 and nothing below learns.",
         .reference = "Ioffe, Szegedy, ICML 2015, Algorithm 1",
         .parameters = parameters()});
}

} // namespace kappascope::normalizations
