// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"
#include "tests/support/hand_made_snapshot.h"

namespace kappascope::test {

/// Of a diagonal matrix, whose eigenvectors are the unit vectors.
inline SpectrumReading diagonalSpectrum(const Vector<double>& diagonal) {
    SpectrumOptions options;
    options.withVectors = true;
    return readSpectrum(Matrix<double>(diagonal.asDiagonal()), options);
}

/// A linear network of 2 inputs and 1 output: its 3 parameters are w1, w2, b.
inline std::shared_ptr<const Snapshot> threeParameters() {
    const auto data = splitOf(classified(columns({{-1, -1}, {1, 1}, {1, -1}}), {0, 1, 1}, 2));
    return linearSnapshot(data, columns({{2}, {1}}), Vector<double>::Zero(1), "binary_cross_entropy");
}

/// A reading of a whole network with these eigenvalues; `after` empty: P = I.
inline CurvatureReading readingOf(const Vector<double>& raw, const Vector<double>& after = {}) {
    CurvatureReading reading;
    reading.run = 1;
    reading.step = 7;
    reading.of = "Hessian, training mode, all 3 training samples, without penalty";
    reading.identity = after.size() == 0;
    reading.loss = 0.5;
    reading.learningRate = 0.1;
    reading.stabilityLimit = Reading::computed(20);
    BlockReading block;
    block.raw = diagonalSpectrum(raw);
    block.preconditioned = reading.identity ? block.raw : diagonalSpectrum(after);
    block.matched = matchedCondition(block.raw.eigenvalues, block.preconditioned.eigenvalues);
    block.bestStep = bestStep(block.preconditioned.summary);
    block.predictedRate = predictedRate(block.preconditioned.summary.kappaTau);
    reading.blocks.push_back(std::move(block));
    return reading;
}

inline Vector<double> numbers(std::initializer_list<double> list) {
    Vector<double> vector(static_cast<Index>(list.size()));
    std::ranges::copy(list, vector.data());
    return vector;
}

} // namespace kappascope::test
