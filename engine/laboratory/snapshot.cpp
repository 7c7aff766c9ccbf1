// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/snapshot.h"

#include "engine/network/pass_size.h"

#include <algorithm>

namespace kappascope {

Predictor::Predictor(const Snapshot& snapshot)
    : network_(std::make_unique<Network<double>>(*snapshot.network)), loss_(snapshot.loss),
      task_(snapshot.data->train.task) {
    network_->reserve(samplesOfOnePass(*network_));
}

Matrix<double> Predictor::outputs(const Matrix<double>& x) {
    Matrix<double> z(network_->outputs(), x.cols());
    for (Index first = 0; first < x.cols(); first += network_->reserved()) {
        const Index count = std::min(network_->reserved(), x.cols() - first);
        z.middleCols(first, count) = network_->forward(x.middleCols(first, count), Mode::Evaluation);
    }
    return z;
}

Matrix<double> Predictor::predictions(const Matrix<double>& x) {
    Matrix<double> z = outputs(x);
    return task_ == Task::Regression ? z : loss_->probabilities(z, task_);
}

} // namespace kappascope
