// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/snapshot.h"

#include <memory>
#include <string>
#include <vector>

namespace kappascope::test {

/// Samples with two features, or one.
inline Dataset classified(const Matrix<double>& x, std::vector<int> labels, int classes) {
    Dataset set;
    set.name = "hand-made";
    set.task = Task::Classification;
    set.x = Features(x);
    set.labels = std::move(labels);
    for (int label = 0; label < classes; ++label)
        set.classNames.push_back("c" + std::to_string(label));
    return set;
}

inline Dataset regressed(const Matrix<double>& x, const Matrix<double>& y) {
    Dataset set;
    set.name = "hand-made";
    set.task = Task::Regression;
    set.x = Features(x);
    set.y = y;
    return set;
}

inline std::shared_ptr<const Split> splitOf(Dataset train, Dataset held = {}) {
    return std::make_shared<const Split>(Split{std::move(train), std::move(held)});
}

/// The network W x + b: what it predicts is known without training.
inline std::shared_ptr<const Snapshot> linearSnapshot(std::shared_ptr<const Split> data,
                                                      const Matrix<double>& W, const Vector<double>& b,
                                                      const std::string& loss, std::int64_t step = 1) {
    std::vector<std::unique_ptr<Layer<double>>> layers;
    layers.push_back(std::make_unique<Dense<double>>(W.cols(), W.rows()));
    auto network = std::make_shared<Network<double>>(std::move(layers));
    network->weighted().front()->weight() = W;
    network->weighted().front()->bias() = b;
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->run = 1;
    snapshot->step = step;
    snapshot->network = std::move(network);
    snapshot->loss = lossCatalog().at(loss).make<double>({});
    snapshot->data = std::move(data);
    return snapshot;
}

/// A list of columns as a matrix.
inline Matrix<double> columns(std::initializer_list<std::initializer_list<double>> list) {
    Matrix<double> matrix(static_cast<Index>(list.begin()->size()), static_cast<Index>(list.size()));
    Index column = 0;
    for (const auto& values : list) {
        Index row = 0;
        for (const double value : values)
            matrix(row++, column) = value;
        ++column;
    }
    return matrix;
}

} // namespace kappascope::test
