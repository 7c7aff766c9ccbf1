// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_command.h"

#include "engine/core/error.h"
#include "engine/files/experiment_fields.h"
#include "engine/files/overrides.h"
#include "engine/files/presets.h"

namespace kappascope::cli {

void ExperimentOptions::addTo(CLI::App& command) {
    command
        .add_option("EXPERIMENT", experiment,
                    "Name of a preset (kappascope-cli list presets), or a file of the window (.kappa)")
        ->required();
    command
        .add_option("--set", overrides,
                    "Changes one value of the experiment, PATH as in its file, for example "
                    "--set batch_size=6 or --set runs.BNP.optimizer.learning_rate=0.05 "
                    "(kappascope-cli list keys shows all)")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
}

SessionDocument ExperimentOptions::open() const {
    SessionDocument session = openExperiment(experiment);
    if (overrides.empty()) return session;
    session.start = withOverrides(session.start, overrides);
    for (Change& change : session.changes) {
        std::vector<int> ids;
        for (const RunSpec& run : change.after.runs)
            ids.push_back(run.id);
        change.after = withOverrides(change.after, overrides);
        // Overrides work on documents, which do not know identities.
        for (std::size_t i = 0; i < std::min(ids.size(), change.after.runs.size()); ++i)
            change.after.runs[i].id = ids[i];
    }
    return session;
}

/// The place with which such a mistake begins is a path in the file.
void refuse(const std::string& failure) {
    const std::string key = failure.substr(0, failure.find_first_of(".[:"));
    for (const auto& field : experimentFields())
        if (field.key == key) throw InputError({}, failure);
    throw Failure(failure);
}

} // namespace kappascope::cli
