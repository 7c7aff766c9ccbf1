// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_command.h"
#include "app/cli_interrupt.h"
#include "app/cli_progress.h"
#include "app/cli_table.h"

#include "engine/data/data_catalog.h"
#include "engine/studies/study_report.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <thread>

namespace kappascope::cli {

namespace {

constexpr int fewestSeeds = 5; // below, a spread says little

const char* const footer =
    "CLAIM is a key of `kappascope-cli list claims`; left out: all. Trains what is needed, prints for each\n"
    "claim what the paper says, what was measured and whether it holds, and writes into DIR a report:\n"
    "index.html with all figures, figures/*.svg, findings.csv and measurements.csv\n"
    "(claim,setting,run,learning_rate,seed,metric,step,value). It is written anew after every claim; Ctrl-C\n"
    "keeps the claims that are measured. Learning rates are tuned for each method by the same grid, on the\n"
    "training loss, on seeds that are not measured. The same numbers for any number of jobs.\n"
    "All claims on MNIST take about a quarter of an hour on two cores, with --full about seven hours.\n\n"
    "Examples:\n"
    "  kappascope-cli reproduce\n"
    "  kappascope-cli reproduce small_batches --seeds 10 --out small\n"
    "  kappascope-cli reproduce --data digits          without MNIST";

struct ReproduceOptions {
    std::vector<std::string> claims;
    bool full = false, quiet = false;
    std::string folder = "reproduction", images = "mnist";
    int seeds = fewestSeeds, jobs = 0;
    int shortening = 1;
};

std::vector<const Claim*> chosenClaims(const std::vector<std::string>& keys) {
    std::vector<const Claim*> claims;
    for (const Claim& claim : claimCatalog().entries())
        if (keys.empty()) claims.push_back(&claim);
    for (const std::string& key : keys) {
        const Claim* claim = &claimCatalog().at(key);
        if (std::ranges::find(claims, claim) == claims.end()) claims.push_back(claim);
    }
    return claims;
}

/// "AMD EPYC", where the system tells.
std::string processorName() {
    std::ifstream info("/proc/cpuinfo");
    const std::string key = "model name";
    for (std::string line; std::getline(info, line);)
        if (line.starts_with(key) && line.find(": ") != std::string::npos)
            return line.substr(line.find(": ") + 2);
    return {};
}

/// What makes a page of these claims again.
ReportHead headOf(const ReproduceOptions& options, const StudyOptions& study,
                  const std::vector<StudiedClaim>& studied) {
    ReportHead head;
    head.options = study;
    head.images = dataCatalog().at(study.images.set).label;
    head.processor = processorName();
    head.command = "kappascope-cli reproduce";
    if (studied.size() < claimCatalog().entries().size())
        for (const StudiedClaim& each : studied)
            head.command += ' ' + each.claim->key;
    if (options.full) head.command += " --full";
    if (options.seeds != fewestSeeds) head.command += " --seeds " + std::to_string(options.seeds);
    if (options.shortening != 1) head.command += " --shorten " + std::to_string(options.shortening);
    if (options.images != "mnist") head.command += " --data " + options.images;
    return head;
}

std::string textOf(const StudyTable& table) {
    Table text(table.head);
    for (const auto& row : table.rows)
        text.add(row);
    return text.text();
}

void print(const StudiedClaim& studied) {
    const StudyResult& result = studied.result;
    std::cout << studied.claim->label << '\n'
              << wrapped("The paper: " + studied.claim->help + " (" + studied.claim->reference + ")", 2)
              << "  In our hands: " << wordsOf(result.verdict()) << '\n';
    for (const Finding& finding : result.findings)
        std::cout << wrapped(
            (finding.seen ? "seen: " : "not seen: ") + finding.expected + ". " + finding.measured, 4);
    for (const StudyTable& table : result.tables)
        if (!table.folded) std::cout << '\n' << textOf(table);
    for (const std::string& note : result.notes)
        std::cout << wrapped(note, 2);
    std::cout << wrapped("Processor time " + shortNumber(result.processorSeconds) + " s.", 2) << std::endl;
}

/// What is missing is told before minutes of work.
void checkImages(const DataSpec& images) {
    try {
        loadData(images, 0);
    } catch (const InputError& error) {
        throw InputError(error.place(), error.problem(),
                         error.advice() + " Or learn the digits that come with the program: --data digits.");
    }
}

StudyOptions studyOptions(const ReproduceOptions& options) {
    StudyOptions study;
    study.scale = options.full ? StudyScale::Full : StudyScale::Quick;
    study.seeds = options.seeds;
    study.threads =
        options.jobs > 0 ? options.jobs : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    study.images = imageData(options.images);
    study.shortening = options.shortening;
    return study;
}

/// How much of the work is done when `finished` claims are, and `done` in [0, 1] of the next one.
double doneOf(const std::vector<const Claim*>& claims, std::size_t finished, double done) {
    double before = 0, all = 0;
    for (std::size_t i = 0; i < claims.size(); ++i) {
        if (i < finished) before += claims[i]->effort;
        all += claims[i]->effort;
    }
    return finished < claims.size() ? (before + done * claims[finished]->effort) / all : 1;
}

/// What an interrupted report is worth.
void tellInterrupted(const ReproduceOptions& options, std::size_t measured, std::size_t wanted) {
    tell("stopped; " + (measured == 0
                            ? "no claim was measured to its end, and nothing is written"
                            : std::to_string(measured) + " of " + std::to_string(wanted) +
                                  " claims are measured, and in " + options.folder + "/index.html"));
}

int reproduce(const ReproduceOptions& options) {
    const auto claims = chosenClaims(options.claims);
    const StudyOptions study = studyOptions(options);
    checkImages(study.images);
    const Cancelled& cancelled = catchInterrupts();
    if (options.seeds < fewestSeeds)
        tell(std::to_string(options.seeds) + " seeds say little about the spread; " +
             std::to_string(fewestSeeds) + " or more are better");
    Progress progress(options.quiet, 0);
    std::vector<StudiedClaim> studied;
    const auto show = [&](const std::string& what, double done) {
        progress.showShare(doneOf(claims, studied.size(), done), what);
    };
    StudyContext context(study, show, &cancelled);
    for (const Claim* claim : claims) {
        try {
            studied.push_back({claim, runStudy(*claim, context)});
        } catch (const WorkCancelled&) {
            progress.clear();
            tellInterrupted(options, studied.size(), claims.size());
            return failed;
        }
        progress.clear();
        print(studied.back());
        try {
            writeReport(options.folder, headOf(options, study, studied), studied);
        } catch (const InputError& error) {
            throw Failure(error.what());
        }
    }
    tell("the report is " + options.folder + "/index.html");
    return done;
}

} // namespace

void addReproduce(CLI::App& app, Action& action) {
    CLI::App* command =
        app.add_subcommand("reproduce", "Measure whether the claims of the BNP paper hold here");
    const auto options = std::make_shared<ReproduceOptions>();
    command->add_option("CLAIM", options->claims, "Claims to look at; left out: all");
    command->add_flag("--full", options->full, "Train until curves are flat: hours instead of minutes");
    command->add_option("--out", options->folder, "Folder for the report; left out: reproduction")
        ->type_name("DIR");
    command->add_option("--seeds", options->seeds, "Seeds that are measured; left out: 5")
        ->type_name("N")
        ->check(CLI::Range(2, 1000));
    command->add_option("--jobs", options->jobs, "Threads to train with; 0: as many as the machine has")
        ->type_name("N")
        ->check(CLI::Range(0, 1024));
    command->add_option("--data", options->images, "Images to learn: mnist, or digits (8 x 8, embedded)")
        ->type_name("SET");
    command
        ->add_option("--shorten", options->shortening, "Divide all numbers of steps by N: to try the command")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000));
    command->add_flag("--quiet", options->quiet, "No progress bar");
    command->footer(footer);
    command->callback([&action, options] { action = [options] { return reproduce(*options); }; });
}

} // namespace kappascope::cli
