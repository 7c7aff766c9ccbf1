// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_command.h"

#include "engine/core/error.h"

#include <cstdio>
#include <iostream>

namespace kappascope::cli {

void tell(const std::string& text) {
    std::cerr << "kappascope-cli: " << text << std::endl;
}

namespace {

/// The command that the first words of the command line name, "export torch", and the word behind them.
struct Named {
    const CLI::App* command;
    std::string path, next;
};

Named namedCommand(const CLI::App& app, int argc, char** argv) {
    Named named{&app, "", ""};
    for (int i = 1; i < argc; ++i) {
        named.next = argv[i];
        const auto below = named.command->get_subcommands(
            [&](const CLI::App* command) { return command->get_name() == named.next; });
        if (below.empty()) return named;
        named.command = below.front();
        named.path += ' ' + named.next;
    }
    named.next.clear();
    return named;
}

/// One sentence for whatever is wrong with the command line, and where to read on.
int explain(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
    const Named named = namedCommand(app, argc, argv);
    std::vector<std::string> commands;
    for (const CLI::App* command : named.command->get_subcommands([](const CLI::App*) { return true; }))
        commands.push_back(command->get_name());
    std::string text = error.what();
    while (!text.empty() && (text.back() == '\n' || text.back() == '.'))
        text.pop_back();
    if (!commands.empty() && !named.next.empty() && !named.next.starts_with('-'))
        text = "there is no command '" + named.next + "'. " + suggestName(named.next, commands);
    tell(text + (text.ends_with('?') || text.ends_with('.') ? "" : ".") + " See kappascope-cli" + named.path +
         " --help.");
    return wrongUsage;
}

int run(int argc, char** argv) {
    CLI::App app("Trains small networks side by side, plain, with batch normalization (BN) and with batch\n"
                 "normalization preconditioning (BNP), and measures what that does. No display needed.",
                 "kappascope-cli");
    app.set_version_flag("--version", "kappascope-cli " KAPPASCOPE_VERSION, "Print the version and exit");
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.require_subcommand(1);
    app.footer("Exit status: 0 done, 1 the work failed, 2 wrong usage.\n"
               "Results go to standard output, progress and messages to standard error.\n\n"
               "Examples:\n"
               "  kappascope-cli train default\n"
               "  kappascope-cli train default --set batch_size=1 --steps 3000 --out results\n"
               "  kappascope-cli list presets");
    Action action;
    addTrain(app, action);
    addSpectrum(app, action);
    addReproduce(app, action);
    addExport(app, action);
    addList(app, action);
    addDescribe(app, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)
                   ? app.exit(error)
                   : explain(app, error, argc, argv);
    }
    return action();
}

} // namespace

} // namespace kappascope::cli

int main(int argc, char** argv) {
    using namespace kappascope;
    int status = cli::done;
    try {
        status = cli::run(argc, argv);
    } catch (const cli::Failure& failure) {
        cli::tell(failure.what());
        status = cli::failed;
    } catch (const InputError& error) {
        cli::tell(error.what());
        status = cli::wrongUsage;
    } catch (const std::exception& error) {
        cli::tell(std::string("unexpected error: ") + error.what());
        status = cli::failed;
    }
    // Results that did not reach their destination (a full disk, a closed pipe) are a failure too.
    if (std::fflush(stdout) != 0 || !std::cout.flush()) {
        cli::tell("standard output cannot be written");
        status = status == cli::done ? cli::failed : status;
    }
    return status;
}
