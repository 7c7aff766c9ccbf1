// SPDX-License-Identifier: GPL-3.0-or-later
// Costs of the engine. Figures of one run on one machine may be compared with each other, others not.
#include "benchmarks/engine_benchmark.h"

#include <benchmark/benchmark.h>

int main(int argc, char** argv) {
    using namespace kappascope::bench;
    registerMachine();
    registerSteps();
    registerConvolutions();
    registerGrowth();
    registerProbes();
    registerCurvature();
    registerCurvatureSlowDown();
    registerDenseSpectra();
    registerHistory();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
