// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activation_layer.h"
#include "engine/probes/probe_support.h"

namespace kappascope::probes {

namespace {

/// A derivative of at most this passes practically no gradient on. Tanh: |a| > 4.1; sigmoid: |a| > 6.9.
constexpr double negligibleDerivative = 1e-3;

/// Units looked at together: a piece of the batch fits on the stack.
constexpr Index unitsAtOnce = 64;

/// The activation between the dense layers d and d+1; its place in the stack goes to `position`.
template<class S>
const ActivationLayer<S>* activationBehind(const Network<S>& network, int d, std::size_t& position) {
    for (position = network.positionOfWeighted(d) + 1; position < network.positionOfWeighted(d + 1);
         ++position)
        if (const auto* layer = dynamic_cast<const ActivationLayer<S>*>(&network.layer(position)))
            return layer;
    return nullptr;
}

/// Number of units whose derivative is negligible for every sample. a, h: units x n, h = g(a).
template<class S>
Index countDead(const Activation<S>& activation, ConstMatrixRef<S> a, ConstMatrixRef<S> h) {
    using Piece = Eigen::Matrix<S, Eigen::Dynamic, 1, 0, unitsAtOnce, 1>;
    Index dead = 0;
    for (Index first = 0; first < a.rows(); first += unitsAtOnce) {
        const Index units = std::min(unitsAtOnce, a.rows() - first);
        Piece largest = Piece::Zero(units), derivative(units);
        for (Index n = 0; n < a.cols(); ++n) {
            derivative.setOnes();
            activation.multiplyDerivative(a.block(first, n, units, 1), h.block(first, n, units, 1),
                                          derivative);
            largest = largest.cwiseMax(derivative.cwiseAbs());
        }
        dead += (largest.array() <= static_cast<S>(negligibleDerivative)).count();
    }
    return dead;
}

} // namespace

ProbeEntry dead_units() {
    ProbeEntry about;
    about.key = "dead_units";
    about.label = "Dead units";
    about.help =
        "Share of the units of a hidden layer that pass no gradient on: the derivative of the "
        "activation is at most 1e-3 in size for every sample of the mini-batch, before this step's "
        "update, in training mode. So a ReLU that is never positive is dead, and so are a tanh with "
        "|a| > 4.1 and a sigmoid with |a| > 6.9 for all samples (saturated). Whole network: share of "
        "all hidden units.";
    about.unit = "share";
    about.perLayer = true;
    return measuredBy(std::move(about), []<class S>(const Observation<S>& observation, ProbeSink& sink) {
        const Network<S>& network = observation.network;
        const Index samples = observation.batch.cols();
        static const MetricKeys keys("dead_units");
        Index dead = 0, units = 0;
        for (int d = 0; d + 1 < weightedLayers(network); ++d) {
            std::size_t position = 0;
            const ActivationLayer<S>* layer = activationBehind(network, d, position);
            if (!layer) continue;
            const Index deadHere =
                countDead<S>(layer->activation(), network.inputOf(position, observation.batch),
                             network.outputOf(position, samples));
            keys.record(d, observation.step,
                        static_cast<double>(deadHere) / static_cast<double>(layer->outputs()), sink);
            dead += deadHere;
            units += layer->outputs();
        }
        if (units > 0)
            sink.record(keys.whole(), observation.step,
                        static_cast<double>(dead) / static_cast<double>(units));
    });
}

} // namespace kappascope::probes
