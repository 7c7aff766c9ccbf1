// SPDX-License-Identifier: GPL-3.0-or-later
// What all eigenvalues of a matrix that is there cost, on one thread and on a team, beside Eigen's own
// solver.
#include "benchmarks/engine_benchmark.h"

#include "engine/core/random.h"
#include "engine/curvature/dense_spectrum.h"

#include <Eigen/Eigenvalues>
#include <benchmark/benchmark.h>

#include <cmath>

namespace kappascope::bench {

namespace {

/// As a Hessian of more parameters than samples: half of it null, the rest over six orders of magnitude.
Matrix<double> gradedMatrix(Index n) {
    RandomStream stream(1, "dense spectrum");
    Matrix<double> root(n, n / 2);
    for (Index j = 0; j < root.cols(); ++j)
        for (Index i = 0; i < n; ++i)
            root(i, j) =
                stream.normal() * std::pow(10.0, -6.0 * static_cast<double>(j) / static_cast<double>(n));
    return root * root.transpose();
}

template<class Decompose>
void add(const std::string& name, Index n, Decompose decompose) {
    benchmark::RegisterBenchmark(name.c_str(),
                                 [=](benchmark::State& state) {
                                     const Matrix<double> A = gradedMatrix(n);
                                     for (auto _ : state)
                                         benchmark::DoNotOptimize(decompose(A));
                                 })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
}

} // namespace

void registerDenseSpectra() {
    for (const Index n : {500, 1000, 2000})
        for (const bool vectors : {false, true}) {
            const std::string what =
                "dense_spectrum/" + std::to_string(n) + (vectors ? " with vectors" : "") + ", ";
            add(what + "Eigen", n, [vectors](const Matrix<double>& A) {
                const int wanted = vectors ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly;
                return Eigen::SelfAdjointEigenSolver<Matrix<double>>(A, wanted).eigenvalues()[0];
            });
            for (const int threads : {1, 2})
                add(what + std::to_string(threads) + " threads", n, [=](const Matrix<double>& A) {
                    ThreadTeam team(threads);
                    return denseSpectrum(A, vectors, threads > 1 ? &team : nullptr).eigenvalues[0];
                });
        }
}

} // namespace kappascope::bench
