// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/loss.h"
#include "tests/support/small_data.h"

namespace kappascope::test {

/// A loss with a data set that it accepts.
struct LossCase {
    const LossEntry* entry;
    Dataset data;
    std::string name() const {
        return entry->key + " on " + data.name + " " +
               std::to_string(data.task == Task::Regression ? data.y.rows() : data.classes());
    }
};

/// Every loss with two classes, four classes, one number and three numbers, where it accepts them.
inline std::vector<LossCase> lossCases(Index features, Index samples) {
    const std::vector<Dataset> sets{classification(2, features, samples),
                                    classification(4, features, samples), regression(1, features, samples),
                                    regression(3, features, samples)};
    std::vector<LossCase> cases;
    for (const auto& entry : lossCatalog().entries())
        for (const auto& data : sets)
            try {
                entry.make<double>(Parameters(entry))->outputs(data);
                cases.push_back({&entry, data});
            } catch (const InputError&) { // the loss says that it does not fit; the losses' own tests ask why
            }
    return cases;
}

} // namespace kappascope::test
