// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/presets.h"

#include "engine/core/embedded.h"
#include "engine/core/error.h"
#include "engine/files/experiment_json.h"

#include <algorithm>

namespace kappascope {

const std::vector<std::string>& presetNames() {
    // A new preset is one file in resources/presets and one name here.
    static const std::vector<std::string> names{"default",
                                                "xor_crushed",
                                                "xor_saturated",
                                                "xor_batch_1",
                                                "moons_shifted",
                                                "moons_deep_sigmoid",
                                                "spiral_relu",
                                                "optimizers",
                                                "linear_regression",
                                                "wine",
                                                "breast_cancer",
                                                "digits",
                                                "mnist",
                                                "mnist_cnn",
                                                "paper_ordinary_batches",
                                                "paper_ordinary_batches_tanh",
                                                "paper_ordinary_batches_sigmoid",
                                                "paper_ordinary_batches_equal_rates",
                                                "paper_ordinary_batches_cnn",
                                                "paper_small_batches_6",
                                                "paper_small_batches_6_cnn",
                                                "paper_small_batches_2",
                                                "paper_small_batches_2_cnn",
                                                "paper_small_batches",
                                                "paper_small_batches_tanh",
                                                "paper_small_batches_cnn",
                                                "paper_hessian_blocks",
                                                "paper_hessian_blocks_cnn",
                                                "paper_local_rate",
                                                "paper_scale_invariant",
                                                "paper_scale_invariant_cnn",
                                                "paper_equal_step",
                                                "paper_equal_step_cnn"};
    return names;
}

Experiment preset(std::string_view name) {
    if (std::ranges::find(presetNames(), name) == presetNames().end())
        throw InputError({}, "unknown preset '" + std::string(name) + "'", suggestName(name, presetNames()));
    return parseExperiment(embeddedFile("presets/" + std::string(name) + ".kappa"),
                           "preset " + std::string(name));
}

SessionDocument openExperiment(const std::string& nameOrFile) {
    if (std::ranges::find(presetNames(), nameOrFile) != presetNames().end()) {
        SessionDocument session;
        session.start = preset(nameOrFile);
        return session;
    }
    std::error_code ignored;
    const bool looksLikeFile = nameOrFile.find('/') != std::string::npos || nameOrFile.ends_with(".kappa");
    if (looksLikeFile || std::filesystem::exists(nameOrFile, ignored)) return loadSession(nameOrFile);
    throw InputError({}, "there is neither a preset nor a file '" + nameOrFile + "'",
                     suggestName(nameOrFile, presetNames()));
}

} // namespace kappascope
