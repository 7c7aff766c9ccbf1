// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"
#include "tests/support/random_matrix.h"

namespace kappascope::test {

/// Normal features without structure and labels that go round the classes.
inline Dataset classification(int classes, Index features, Index samples, std::uint64_t seed = 1) {
    Dataset data;
    data.name = "labels";
    data.x = Features(randomMatrix<double>(features, samples, seed));
    for (Index n = 0; n < samples; ++n)
        data.labels.push_back(static_cast<int>((7 * n + n / 3) % classes));
    for (int k = 0; k < classes; ++k)
        data.classNames.push_back("class " + std::to_string(k));
    return data;
}

/// Normal features and normal targets.
inline Dataset regression(Index targets, Index features, Index samples, std::uint64_t seed = 1) {
    Dataset data;
    data.name = "numbers";
    data.task = Task::Regression;
    data.x = Features(randomMatrix<double>(features, samples, seed));
    data.y = randomMatrix<double>(targets, samples, seed + 1000);
    return data;
}

/// 0, 1, ..., n-1.
inline std::vector<int> firstSamples(Index n) {
    std::vector<int> samples(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<int>(i);
    return samples;
}

} // namespace kappascope::test
