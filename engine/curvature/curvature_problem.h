// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/augmentation.h"
#include "engine/network/loss.h"
#include "engine/network/network.h"

#include <memory>
#include <string>
#include <vector>

namespace kappascope {

/// The samples over which the loss is a mean. Immutable, shared by clones and threads.
struct CurvatureData {
    Matrix<double> x;         ///< features x n
    Targets<double> targets;  ///< of the data set that the samples come from
    std::vector<int> samples; ///< n indices into `targets`
    std::string what;         ///< for readings: "all 200 training samples", "mini-batch of step 100"
};

/// The samples `samples` of `data`, in that order.
std::shared_ptr<const CurvatureData> curvatureData(const Dataset& data, const Loss<double>& loss,
                                                   std::vector<int> samples, std::string what);
/// The same, with images changed as those of the mini-batch of `step` are.
std::shared_ptr<const CurvatureData> augmentedData(const Dataset& data, const Loss<double>& loss,
                                                   std::vector<int> samples, std::string what,
                                                   const Augmentation& augmentation, std::int64_t step);
/// All samples of `data`, or, of more than `most`, that many drawn without repetition: the same for the same
/// seed.
std::shared_ptr<const CurvatureData> probeBatch(const Dataset& data, const Loss<double>& loss, Index most,
                                                std::uint64_t seed);

/// The Hessian of the mean loss, or its Gauss-Newton part: the mean of J_n^T (d^2 L_n/dz^2) J_n with J_n the
/// Jacobian of the outputs z, which is positive semidefinite for every loss here.
enum class CurvatureMatrix { Hessian, GaussNewton };

/// Which function of theta is differentiated, where, and which matrix of second derivatives is meant.
struct CurvatureProblem {
    std::shared_ptr<const Network<double>> network; ///< at theta; read only, copied by whoever computes
    std::shared_ptr<const Loss<double>> loss;
    std::shared_ptr<const CurvatureData> data;
    /// Training: with the statistics of `data`, differentiated through; what the optimizer meets. Evaluation:
    /// with the stored statistics, which are constants.
    Mode mode = Mode::Training;
    CurvatureMatrix matrix = CurvatureMatrix::Hessian;
    /// Adds the penalty l2/2 |W|^2 on dense weights. 0: the loss alone.
    double l2 = 0;
};

/// The network with the statistics of the samples x, as training mode computes them, for its stored ones: in
/// evaluation mode it computes the same function of x, with the statistics held fixed.
std::shared_ptr<const Network<double>> withStatisticsHeld(const Network<double>& network,
                                                          const Matrix<double>& x);

} // namespace kappascope
