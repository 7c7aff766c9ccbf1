// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_command.h"
#include "app/cli_training.h"

#include <iostream>

namespace kappascope::cli {

namespace {

constexpr std::int64_t standardSteps = 1000;

const char* const footer =
    "Prints a table of the results and a signature: equal for equal curves, whatever the number of threads.\n"
    "DIR gets experiment.kappa (what ran, defaults filled in), history.csv (run,step,metric,layer,value),\n"
    "summary.json and, with --checkpoint-every, RUN/step-00001000.safetensors. Files of these names are\n"
    "replaced. A session of the window trains with its changes made again at their steps. Ctrl-C stops the\n"
    "training and finishes the files.\n"
    "--checkpoint-every also writes DIR/state.safetensors, with which --resume DIR goes on in place of an\n"
    "EXPERIMENT, after an interruption or to more steps: to the same bits as without one, and with the "
    "changes\n"
    "of a session that are still to come.\n\n"
    "Examples:\n"
    "  kappascope-cli train default\n"
    "  kappascope-cli train default --steps 3000 --out results --checkpoint-every 1000\n"
    "  kappascope-cli train default --steps 500 --curvature-every 50 --out results\n"
    "  kappascope-cli train --resume results --steps 5000\n"
    "  kappascope-cli train mine.kappa --set batch_size=1 --set runs.BNP.optimizer.learning_rate=0.05";

bool endsByItself(const StopSpec& stop) {
    return stop.steps > 0 || stop.epochs > 0 || stop.targetLoss > 0 || stop.patience > 0;
}

/// How long to train: what is asked for, else to where the session was, else as the experiment says.
void settleEnd(SessionDocument& session, std::int64_t asked) {
    const StopSpec& stop = (session.changes.empty() ? session.start : session.changes.back().after).stop;
    if (asked > 0) {
        endAfter(session, asked);
        // What is written down of it trains as far when it is run again, or to its last change, which no
        // session ends before.
        if (!session.changes.empty()) session.step = std::max(asked, session.changes.back().step);
    } else if (session.step > 0)
        endAfter(session, session.step);
    else if (!endsByItself(stop)) {
        tell("the experiment does not say when to stop: training 1,000 steps (--steps N for another number)");
        endAfter(session, standardSteps);
    }
}

int train(const ExperimentOptions& experiment, std::int64_t steps, const TrainingOptions& options) {
    SessionDocument session = experiment.open();
    settleEnd(session, steps);
    return Training(std::move(session), options).run();
}

/// Goes on with what `folder` holds, to so many steps in all (0: as the experiment says), in the same folder.
int resume(const std::string& folder, std::int64_t steps, TrainingOptions options) {
    ResumedTraining resumed = resumedTraining(folder);
    settleEnd(resumed.session, steps);
    options.folder = folder;
    const std::size_t made = resumed.state.changes.size();
    resumed.state.changes.assign(resumed.session.changes.begin(), // with that end
                                 resumed.session.changes.begin() + static_cast<std::ptrdiff_t>(made));
    options.resume = std::make_shared<const SavedTraining>(std::move(resumed.state));
    options.measured = std::move(resumed.history);
    return Training(std::move(resumed.session), std::move(options)).run();
}

} // namespace

void addTrain(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("train", "Train an experiment's runs and print what came of them");
    const auto experiment = std::make_shared<ExperimentOptions>();
    const auto options = std::make_shared<TrainingOptions>();
    const auto steps = std::make_shared<std::int64_t>(0);
    const auto resumed = std::make_shared<std::string>();
    experiment->addTo(*command);
    command->get_option("EXPERIMENT")->required(false);
    command
        ->add_option(
            "--resume", *resumed,
            "Go on with the training in this folder, from its last checkpoint, instead of an EXPERIMENT")
        ->type_name("DIR")
        ->excludes("EXPERIMENT", "--set");
    command->add_option("--steps", *steps, "Steps to train, whatever the experiment says")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000'000}));
    command->add_option("--out", options->folder, "Folder for the results; made where it does not exist")
        ->type_name("DIR");
    command
        ->add_option("--checkpoint-every", options->checkpointEvery, "Also write the weights every N steps")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000'000}));
    command
        ->add_option("--curvature-every", options->curvatureEvery,
                     "Also measure condition numbers every N steps, into history.csv and summary.json")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000'000}));
    command->add_option("--threads", options->threads, "Threads to train with; 0: as many as the machine has")
        ->type_name("N")
        ->check(CLI::Range(0, 1024));
    command->add_flag("--quiet", options->quiet, "No progress bar");
    command->footer(footer);
    command->callback([&action, command, experiment, resumed, steps, options] {
        if (experiment->experiment.empty() && resumed->empty())
            throw CLI::RequiredError("EXPERIMENT, or --resume DIR,");
        if (!resumed->empty() && !options->folder.empty())
            throw CLI::ExcludesError(command->get_name() + " --resume", "--out");
        if (!resumed->empty()) {
            action = [resumed, steps, options] { return resume(*resumed, *steps, *options); };
            return;
        }
        if (options->checkpointEvery > 0 && options->folder.empty())
            throw CLI::RequiresError(command->get_name() + " --checkpoint-every", "--out DIR");
        action = [experiment, steps, options] { return train(*experiment, *steps, *options); };
    });
}

} // namespace kappascope::cli
