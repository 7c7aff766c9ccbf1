// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_command.h"
#include "app/cli_table.h"

#include "engine/core/error.h"
#include "engine/files/torch_export.h"

#include <iostream>

namespace kappascope::cli {

namespace {

constexpr std::int64_t standardSteps = 1000;

const char* const torchFooter = "Writes experiment.json, data.safetensors, initial/RUN.safetensors, "
                                "batches.safetensors and train.py, which\n"
                                "needs only PyTorch and NumPy and reproduces the train_loss of each run:\n"
                                "  kappascope-cli train default --steps 200 --out trained\n"
                                "  kappascope-cli export torch default --steps 200 --out exported\n"
                                "  python3 exported/train.py --check trained/history.csv";

int exportToTorch(const ExperimentOptions& options, const std::string& folder, std::int64_t asked) {
    const SessionDocument session = options.open();
    const std::int64_t steps = asked > 0                      ? asked
                               : session.start.stop.steps > 0 ? session.start.stop.steps
                                                              : standardSteps;
    if (!session.changes.empty())
        tell("the changes that the session makes in mid-training are left out: this is its start");
    try {
        exportTorch(session.start, folder, steps);
    } catch (const InputError& error) {
        refuse(error.what());
    }
    std::cout << "Wrote " << grouped(steps) << " steps to " << folder << "; train with: python3 " << folder
              << "/train.py\n";
    return done;
}

} // namespace

void addExport(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("export", "Write the same training for another program");
    command->require_subcommand(1);
    command->footer("Example:\n  kappascope-cli export torch default --out exported");
    CLI::App* torch = command->add_subcommand("torch", "Write the same training as a PyTorch script");
    const auto options = std::make_shared<ExperimentOptions>();
    const auto folder = std::make_shared<std::string>();
    const auto steps = std::make_shared<std::int64_t>(0);
    options->addTo(*torch);
    torch->add_option("--out", *folder, "Folder for the files; made where it does not exist")
        ->type_name("DIR")
        ->required();
    torch->add_option("--steps", *steps, "Steps to export; left out: those of the experiment, or 1,000")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
    torch->footer(torchFooter);
    torch->callback([&action, options, folder, steps] {
        action = [=] { return exportToTorch(*options, *folder, *steps); };
    });
}

} // namespace kappascope::cli
