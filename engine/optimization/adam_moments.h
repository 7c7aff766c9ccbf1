// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/optimization/optimizer.h"
#include "engine/optimization/optimizer_parameters.h"

#include <cmath>

namespace kappascope {

/// The two moments of Adam (Kingma, Ba, ICLR 2015, Algorithm 1), for Adam and AdamW.
template<class S>
class AdamMoments {
public:
    static std::vector<Parameter> parameters() {
        return {
            learningRateParameter(0.001),
            decayParameter("beta1", "Decay β₁", "Share of the mean gradient m that each step keeps.", 0.9),
            decayParameter("beta2", "Decay β₂", "Share of the mean square v that each step keeps.", 0.999),
            epsilonParameter(1e-8)};
    }

    explicit AdamMoments(const Parameters& parameters)
        : beta1_(parameters.real("beta1")), beta2_(parameters.real("beta2")),
          epsilon_(static_cast<S>(parameters.real("epsilon"))), steps_(1) {}

    void bind(Index n) {
        m_.setZero(n);
        v_.setZero(n);
        steps_.setZero();
    }

    /// theta <- keep theta - eta m^ / (sqrt(v^) + epsilon), with the moments that include g.
    void step(VectorRef<S> theta, ConstVectorRef<S> g, double eta, double keep) {
        steps_[0] += 1;
        const double t = steps_[0];
        // m^ = m / (1 - beta1^t), v^ = v / (1 - beta2^t): the corrections divide.
        const S rate = static_cast<S>(eta / (1 - std::pow(beta1_, t)));
        const S inverseRoot = static_cast<S>(1 / std::sqrt(1 - std::pow(beta2_, t)));
        const S keepM = static_cast<S>(beta1_), takeM = static_cast<S>(1 - beta1_);
        const S keepV = static_cast<S>(beta2_), takeV = static_cast<S>(1 - beta2_);
        const S keepTheta = static_cast<S>(keep);
        for (Index i = 0; i < theta.size(); ++i) {
            m_[i] = keepM * m_[i] + takeM * g[i];        // m <- beta1 m + (1-beta1) g
            v_[i] = keepV * v_[i] + takeV * g[i] * g[i]; // v <- beta2 v + (1-beta2) g^2
            theta[i] = keepTheta * theta[i] - rate * m_[i] / (std::sqrt(v_[i]) * inverseRoot + epsilon_);
        }
    }

    /// 1/(sqrt(v^) + epsilon), with the moments of the last step.
    Metric metric(VectorRef<S> d) const {
        if (steps_[0] == 0) return Metric::Unknown;
        const S correction = static_cast<S>(1 / (1 - std::pow(beta2_, static_cast<double>(steps_[0]))));
        d.array() = ((v_.array() * correction).sqrt() + epsilon_).inverse();
        return Metric::Diagonal;
    }
    /// That of averaged momentum, m <- beta1 m + (1-beta1) g.
    double stabilityLimit() const { return 2 * (1 + beta1_) / (1 - beta1_); }

    std::vector<StateTensor<S>> state() {
        return {{"first_moment", {m_.data(), m_.size()}},
                {"second_moment", {v_.data(), v_.size()}},
                {"steps", {steps_.data(), 1}}};
    }

private:
    double beta1_, beta2_;
    S epsilon_;
    Vector<S> m_, v_;
    Vector<S> steps_; ///< t; float32 counts to 2^24, where beta^t has long vanished
};

} // namespace kappascope
