// SPDX-License-Identifier: GPL-3.0-or-later
// Trains one of the compared cases for a number of steps: for benchmarks/instructions.py, which counts the
// instructions of the steps.
#include "benchmarks/training_case.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace kappascope;

/// What is counted; named here so that callgrind finds it.
extern "C" [[gnu::noinline]] void countedSteps(Run& run, std::int64_t until) {
    run.advance(until);
}

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: counted_training CASE STEPS\n");
        return 2;
    }
    const auto& cases = bench::comparedCases();
    const auto which = std::ranges::find(cases, std::string(argv[1]), &bench::TrainingCase::name);
    if (which == cases.end()) {
        std::fprintf(stderr, "there is no case '%s'\n", argv[1]);
        return 2;
    }
    const auto run = bench::makeRun(*which);
    constexpr std::int64_t warmUp = 3; // first steps measure, allocate and choose kernels
    run->advance(warmUp);
    countedSteps(*run, warmUp + std::atoll(argv[2]));
    return 0;
}
