// SPDX-License-Identifier: GPL-3.0-or-later
// What a product with the Hessian costs: the counter `gradients` is in gradients of the same loss over the
// same samples, both in float64 on one thread. The limit is 2, the goal 1.5.
#include "benchmarks/engine_benchmark.h"
#include "benchmarks/training_case.h"

#include "engine/curvature/hessian_operator.h"
#include "engine/laboratory/curvature_measurement.h"

#include <benchmark/benchmark.h>

#include <ctime>
#include <numeric>

namespace kappascope::bench {

namespace {

CurvatureProblem problemOf(const TrainingCase& which) {
    const auto snapshot = makeRun(which)->snapshot();
    std::vector<int> samples(static_cast<std::size_t>(which.batch));
    std::iota(samples.begin(), samples.end(), 0);
    CurvatureProblem problem;
    problem.network = snapshot->network;
    problem.loss = snapshot->loss;
    problem.data = curvatureData(snapshot->data->train, *problem.loss, std::move(samples), "mini-batch");
    return problem;
}

class Gradient {
public:
    explicit Gradient(const CurvatureProblem& problem)
        : problem_(problem), network_(*problem.network), dz_(network_.outputs(), problem.data->x.cols()) {
        network_.reserve(problem.data->x.cols());
    }
    void compute() {
        const auto z = network_.forward(problem_.data->x, problem_.mode);
        problem_.loss->gradient(z, problem_.data->targets, problem_.data->samples, dz_);
        network_.backward(problem_.data->x, dz_);
    }

private:
    const CurvatureProblem& problem_;
    Network<double> network_;
    Matrix<double> dz_;
};

/// Seconds of processor time: other programs on the machine disturb it less than the clock's.
double processorTime() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Times `f` in turns with gradients, so that both see the same weather.
template<class F>
void inGradients(benchmark::State& state, const CurvatureProblem& problem, F f) {
    Gradient gradient(problem);
    constexpr int burst = 16;
    double gradients = 0, products = 0;
    for (auto _ : state) {
        const double begin = processorTime();
        for (int i = 0; i < burst; ++i)
            gradient.compute();
        const double middle = processorTime();
        for (int i = 0; i < burst; ++i)
            f();
        gradients += middle - begin;
        const double taken = processorTime() - middle;
        products += taken;
        state.SetIterationTime(taken / burst);
    }
    state.counters["gradients"] = products / gradients;
}

/// Of the products that each dense layer adds to a Hessian's: two for the tangent of its outputs, of its
/// gradient and of what goes back; the network's inputs have no tangent.
double operationsOfAProduct(const TrainingCase& which) {
    std::vector<int> widths{which.inputs};
    widths.insert(widths.end(), which.hidden.begin(), which.hidden.end());
    widths.push_back(which.outputs);
    double multiplyAdds = 0;
    for (std::size_t d = 0; d + 1 < widths.size(); ++d)
        multiplyAdds += (d == 0 ? 2.0 : 6.0) * widths[d] * widths[d + 1];
    return 2 * multiplyAdds * which.batch;
}

void registerProducts(const TrainingCase& which) {
    const auto add = [&which](const char* kind, CurvatureMatrix matrix) {
        benchmark::RegisterBenchmark((std::string(kind) + '/' + which.name).c_str(),
                                     [=](benchmark::State& state) {
                                         CurvatureProblem problem = problemOf(which);
                                         problem.matrix = matrix;
                                         HessianOperator op(problem);
                                         const Vector<double> v = Vector<double>::Ones(op.size());
                                         Vector<double> product(op.size());
                                         inGradients(state, problem, [&] { op.apply(v, product); });
                                         state.counters["operations"] = operationsOfAProduct(which);
                                     })
            ->UseManualTime();
    };
    add("hessian_product", CurvatureMatrix::Hessian);
    add("gauss_newton_product", CurvatureMatrix::GaussNewton);
}

/// Everything that the command line measures of a run, on one thread.
void measureAll(benchmark::State& state, const TrainingCase& which) {
    const auto snapshot = makeRun(which)->snapshot();
    for (auto _ : state)
        benchmark::DoNotOptimize(measureCurvature(*snapshot, {}).seconds);
}

} // namespace

void registerCurvature() {
    const auto batches = [](TrainingCase which, int batch) {
        which.batch = batch;
        which.precision = Precision::Float64;
        which.name += ", " + std::to_string(batch) + " samples";
        return which;
    };
    const TrainingCase toy{"2-8-8-1 tanh", 2, {8, 8}, 1, "tanh", 0};
    TrainingCase toyBn = toy;
    toyBn.name += ", BN";
    toyBn.normalization = "batch_norm";
    const TrainingCase wide{"2-32-32-1 ReLU", 2, {32, 32}, 1, "relu", 0};
    const TrainingCase wider{"2-64-64-2 ReLU", 2, {64, 64}, 2, "relu", 0}; // the one that peers.py compares
    const TrainingCase deep{"2-10-10-10-10-1 sigmoid", 2, {10, 10, 10, 10}, 1, "sigmoid", 0};
    const TrainingCase digits{"784-100-100-100-10 ReLU", 784, {100, 100, 100}, 10, "relu", 0};
    TrainingCase digitsBn = digits;
    digitsBn.name += ", BN";
    digitsBn.normalization = "batch_norm";
    for (const TrainingCase& which :
         {batches(toy, 200), batches(toyBn, 200), batches(wide, 200), batches(wider, 500), batches(deep, 200),
          batches(digits, 60), batches(digits, 2000), batches(digitsBn, 2000)})
        registerProducts(which);
    for (const TrainingCase& which : {batches(toy, 200), batches(wide, 200)})
        benchmark::RegisterBenchmark(("curvature_reading/" + which.name).c_str(),
                                     [=](benchmark::State& state) { measureAll(state, which); });
}

} // namespace kappascope::bench
