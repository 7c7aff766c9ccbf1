// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchmarks/engine_benchmark.h"
#include "benchmarks/training_rows.h"

namespace kappascope::bench {

void registerSteps() {
    for (const TrainingCase& which : comparedCases())
        registerTraining("step/" + which.name, which);
}

} // namespace kappascope::bench
