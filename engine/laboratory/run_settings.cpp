// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/run_settings.h"

#include "engine/optimization/optimizer.h"

namespace kappascope {

namespace {

/// Without a learning rate: the run decides on that.
MethodSpec withoutLearningRate(const MethodSpec& optimizer) {
    MethodSpec spec{optimizer.method, {}};
    for (const auto& [key, value] : optimizer.parameters.values())
        if (key != learningRateKey) spec.parameters.set(key, value);
    return spec;
}

} // namespace

RunSettings::RunSettings(const Experiment& experiment, const RunSpec& run)
    : normalization(run.normalization), preconditioner(run.preconditioner),
      optimizer(withoutLearningRate(run.optimizer)), schedule(run.schedule),
      learningRate(experiment.learningRateOf(run)), l2(experiment.model.l2),
      l2BeforePreconditioner(experiment.model.l2BeforePreconditioner) {}

} // namespace kappascope
