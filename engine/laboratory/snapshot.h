// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"
#include "engine/network/loss.h"
#include "engine/network/network.h"

#include <memory>

namespace kappascope {

struct UpdateState;

/// A run's network at one step, in float64, for the workers that draw maps, matrices and spectra from it.
/// Immutable; whoever evaluates it makes a Predictor of his own.
struct Snapshot {
    int run = 0; ///< RunSpec::id
    std::int64_t step = 0;
    std::shared_ptr<const Network<double>> network;
    std::shared_ptr<const Loss<double>> loss;
    std::shared_ptr<const Split> data;
    std::shared_ptr<const UpdateState> update = nullptr; ///< of the run's next step
    std::uint64_t generation = 0;                        ///< LaboratoryStatus::generation that it belongs to
};

/// Evaluates a snapshot's network, in evaluation mode. One thread at a time; owns its workspace.
class Predictor {
public:
    explicit Predictor(const Snapshot& snapshot);
    /// Outputs (logits) for inputs x (features x n) -> outputs x n, any n.
    Matrix<double> outputs(const Matrix<double>& x);
    /// Class probabilities (classes x n), or for regression the outputs themselves.
    Matrix<double> predictions(const Matrix<double>& x);

private:
    std::unique_ptr<Network<double>> network_;
    std::shared_ptr<const Loss<double>> loss_;
    Task task_;
};

} // namespace kappascope
