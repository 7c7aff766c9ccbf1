// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_command.h"
#include "app/cli_interrupt.h"
#include "app/cli_progress.h"
#include "app/cli_stamp.h"
#include "app/cli_table.h"

#include "engine/data/data_catalog.h"
#include "engine/studies/study_report.h"
#include "engine/studies/training_store.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <thread>

namespace kappascope::cli {

namespace {

constexpr int fewestSeeds = 5; // below, a spread says little

const char* const footer =
    "CLAIM is a key of `kappascope-cli list claims`; left out: all. Trains what is needed, prints for each\n"
    "claim what the paper says, what was measured and whether it holds, and writes into DIR a report:\n"
    "index.html with all figures, figures/*.svg, findings.csv and measurements.csv\n"
    "(claim,setting,run,learning_rate,seed,metric,step,value). It is written anew after every claim. Ctrl-C\n"
    "keeps what has been trained, in DIR/trainings.part: the same command goes on from there, to the same\n"
    "numbers, as long as program and images are the same; what another build has kept there stays. Learning\n"
    "rates are tuned for each method by the same grid, on the training loss, on seeds that are not "
    "measured.\n"
    "The same numbers for any number of jobs. How long it takes on this machine is said, roughly, before it\n"
    "starts.\n\n"
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

/// "2026-11-27", in universal time.
std::string today() {
    const std::chrono::year_month_day date(
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

/// What makes a page of these claims again.
ReportHead headOf(const ReproduceOptions& options, const StudyOptions& study,
                  const std::vector<StudiedClaim>& studied) {
    ReportHead head;
    head.options = study;
    head.images = dataCatalog().at(study.images.set).label;
    head.processor = processorName();
    head.date = today();
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

/// A stamp of the images. What is missing is told before minutes of work.
std::string stampOf(const DataSpec& images) {
    try {
        return dataStamp(loadData(images, 0));
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

/// How long each claim still takes, in processor seconds; of a shortened report nobody wants to know.
std::vector<double> secondsOf(const std::vector<const Claim*>& claims, const StudyContext& context) {
    std::vector<double> seconds(claims.size(), 1);
    if (!context.shortened())
        std::ranges::transform(claims, seconds.begin(),
                               [&](const Claim* claim) { return claim->seconds(context); });
    return seconds;
}

/// "4 min", "2 h 40 min".
std::string roughText(double seconds) {
    constexpr long minute = 60, hour = 60;
    const long minutes = std::max(1L, std::lround(seconds / minute));
    return minutes < hour ? std::to_string(minutes) + " min"
                          : std::to_string(minutes / hour) + " h " + std::to_string(minutes % hour) + " min";
}

std::string trainingsText(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " training" : " trainings");
}

void tellLength(const std::vector<double>& seconds, const StudyOptions& study, const TrainingStore& store) {
    if (study.shortening == 1)
        tell("roughly " + roughText(std::accumulate(seconds.begin(), seconds.end(), 0.0)) +
             " of processor time" + (store.used() > 0 ? " left" : "") + ", on " +
             std::to_string(study.threads) + (study.threads == 1 ? " thread" : " threads") +
             "; Ctrl-C keeps what has been trained");
    if (store.used() > 0)
        tell("goes on with " + trainingsText(store.used()) + " of an interrupted report in " +
             store.file().string() + "; remove that file to train all anew");
}

/// Builds tell each other's trainings apart by the program's file and the processor: their numbers may
/// differ.
void tellOthers(const TrainingStore& store) {
    if (store.ofOthers() == 0) return;
    tell(store.file().string() + " also holds " + trainingsText(store.ofOthers()) +
         " of another build of this program, or another processor: they are not gone on with, since their "
         "numbers may differ, and stay there");
}

/// The claims of a report, one after the other; after each, the report is written.
class Reproduction {
public:
    Reproduction(const ReproduceOptions& options, const Cancelled& cancelled)
        : options_(options), study_(studyOptions(options)), claims_(chosenClaims(options.claims)),
          store_(std::filesystem::path(options.folder) / "trainings.part", programStamp(),
                 stampOf(study_.images)),
          progress_(options.quiet, 0),
          context_(
              study_, [this](const std::string& what, double done) { show(what, done); }, &cancelled,
              &store_) {}

    int run() {
        try {
            seconds_ = secondsOf(claims_, context_);
            tellLength(seconds_, study_, store_);
            tellOthers(store_);
            for (const Claim* claim : claims_)
                measure(*claim);
            store_.removeUsed();
        } catch (const WorkCancelled&) {
            progress_.clear();
            tellInterrupted();
            return failed;
        } catch (const InputError& error) { // the experiments are ours: a file that cannot be written
            progress_.clear();
            throw Failure(error.what());
        }
        tell("the report is " + options_.folder + "/index.html");
        return done;
    }

private:
    void measure(const Claim& claim) {
        studied_.push_back({&claim, runStudy(claim, context_)});
        progress_.clear();
        print(studied_.back());
        writeReport(options_.folder, headOf(options_, study_, studied_), studied_);
    }

    /// `ofClaim` in [0, 1] of the claim that is being measured.
    void show(const std::string& what, double ofClaim) {
        double before = 0, all = 0;
        for (std::size_t i = 0; i < seconds_.size(); ++i) {
            if (i < studied_.size()) before += seconds_[i];
            if (i == studied_.size()) before += ofClaim * seconds_[i];
            all += seconds_[i];
        }
        progress_.showShare(all > 0 ? before / all : 0, what);
    }

    /// What an interrupted report is worth.
    void tellInterrupted() const {
        std::string text = studied_.empty()
                               ? "stopped; no claim was measured to its end"
                               : "stopped; " + std::to_string(studied_.size()) + " of " +
                                     std::to_string(claims_.size()) + " claims are measured, and in " +
                                     options_.folder + "/index.html";
        if (store_.used() > 0)
            text += "; " + trainingsText(store_.used()) + " kept: the same command goes on from there";
        tell(text);
    }

    const ReproduceOptions& options_;
    StudyOptions study_;
    std::vector<const Claim*> claims_;
    TrainingStore store_;
    Progress progress_;
    std::vector<double> seconds_;
    std::vector<StudiedClaim> studied_;
    StudyContext context_;
};

int reproduce(const ReproduceOptions& options) {
    if (options.seeds < fewestSeeds)
        tell(std::to_string(options.seeds) + " seeds say little about the spread; " +
             std::to_string(fewestSeeds) + " or more are better");
    return Reproduction(options, catchInterrupts()).run();
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
