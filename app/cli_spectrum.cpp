// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_command.h"
#include "app/cli_table.h"
#include "app/cli_training.h"

#include "engine/files/spectrum_csv.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <optional>
#include <thread>

namespace kappascope::cli {

namespace {

const char* const footer =
    "Trains the experiment and measures, at each step, the curvature of the loss that each run meets: the\n"
    "eigenvalues of the Hessian H and, where the run's preconditioner or optimizer rescales the gradient by\n"
    "P Pᵀ, of PᵀHP; condition numbers of the whole network, of each layer, of each layer's inputs and of "
    "its\n"
    "neurons' blocks; how far the largest eigenvalue is from the optimizer's limit; and whether the last "
    "hidden\n"
    "layer could still fit the labels. Networks of more than 2,000 parameters are estimated, with errors.\n"
    "DIR gets spectrum.csv (run,step,layer,matrix,quantity,index,value,error,status,of), experiment.kappa,\n"
    "history.csv and summary.json. `kappascope-cli list quantities` explains the numbers. Layers with "
    "weights\n"
    "count from 1 in the tables, as in the window; `layer` in the files is PyTorch's number, from 0, as in\n"
    "layers.0.weight. Estimates of one step start from what was found at the step before.\n\n"
    "Examples:\n"
    "  kappascope-cli spectrum default\n"
    "  kappascope-cli spectrum default --at 0,100,1000 --out spectra\n"
    "  kappascope-cli spectrum default --at 500 --matrix gauss_newton --set model.hidden=16,16\n"
    "  kappascope-cli spectrum default --at 500 --on mini_batch --mode evaluation";

struct SpectrumOptionsOfUser {
    std::vector<std::int64_t> at{0, 100, 1000};
    std::string folder;
    CurvatureRequest request;
    int threads = 0;
    bool quiet = false;
};

/// "1234", "1234 ±5" for an estimate whose error shows in these digits, "> 1e+12" where rounding hides how
/// far, "-" where it is not defined.
std::string text(const Reading& reading) {
    if (reading.isBound()) return "> " + shortNumber(reading.value);
    if (!reading.usable() && reading.status != Reading::Status::NotConverged) return "-";
    std::string number = shortNumber(reading.value);
    constexpr double visible = 5e-5; // of four digits
    if (reading.error > visible * std::abs(reading.value)) number += " ±" + shortNumber(reading.error);
    return number;
}

Reading percent(Reading share) {
    share.value *= 100;
    share.error *= 100;
    return share;
}

std::string blockName(int layer) {
    return layer == BlockReading::wholeNetwork ? "whole network" : "layer " + std::to_string(layer + 1);
}

/// The readings of all runs at one step.
class StepReport {
public:
    void add(const std::string& run, CurvatureReading reading) {
        runs_.push_back(run);
        readings_.push_back(std::move(reading));
    }
    std::string text() const {
        if (readings_.empty()) return {};
        return "Step " + grouped(readings_.front().step) + '\n' + spectra() + '\n' + layers() + '\n' +
               edges() + notes() + '\n';
    }

private:
    template<class F>
    void forEach(F f) const {
        for (std::size_t i = 0; i < runs_.size(); ++i)
            f(runs_[i], readings_[i]);
    }

    /// A line for each matrix: H, and PᵀHP where it is another.
    std::string spectra() const {
        Table table({"run", "block", "matrix", "parameters", "κ", "κτ", "dropped", "κr", "r", "κavg", "gain",
                     "λmax", "λmin", "least |λ|", "negative %"});
        forEach([&](const std::string& run, const CurvatureReading& reading) {
            for (const BlockReading& block : reading.blocks) {
                addSpectrum(table, run, block, false, reading.identity ? "H = PᵀHP" : "H");
                if (!reading.identity && reading.whyNotPreconditioned.empty())
                    addSpectrum(table, run, block, true, "PᵀHP");
            }
        });
        return "Spectra: " + readings_.front().of + ", " + thresholds() + '\n' + table.text();
    }

    static void addSpectrum(Table& table, const std::string& run, const BlockReading& block, bool after,
                            const char* matrix) {
        const SpectrumReading& spectrum = after ? block.preconditioned : block.raw;
        const SpectrumSummary& summary = spectrum.summary;
        const MatchedCondition& matched = block.matched; // of estimates: the averages
        table.add({run, blockName(block.layer), matrix, std::to_string(summary.size),
                   cli::text(summary.kappa), cli::text(summary.kappaTau), cli::text(droppedCount(spectrum)),
                   spectrum.exact ? cli::text(after ? matched.after : matched.before) : "-",
                   spectrum.exact ? std::to_string(matched.directions) : "-", cli::text(summary.kappaAverage),
                   after ? cli::text(matched.gain) : "", cli::text(summary.lambdaMax),
                   cli::text(summary.lambdaMin), cli::text(summary.smallestNonZero),
                   cli::text(percent(negativeShare(spectrum)))});
    }

    /// The tau of exact spectra, and that of estimates.
    std::string thresholds() const {
        std::string words;
        for (const bool exact : {true, false})
            for (const BlockReading& block : readings_.front().blocks)
                if (block.raw.exact == exact) {
                    words += (words.empty() ? "τ = " : ", τ = ") + shortNumber(block.raw.summary.tau) +
                             (exact ? "" : " for estimates");
                    break;
                }
        return words;
    }

    std::string layers() const {
        Table table({"run", "layer", "inputs", "neurons", "dead", "κ*(Ĥ)", "κ*(ĤU)", "κ*(ĤUD)", "κ*(ĤP)",
                     "κ* median", "worst", "of PᵀHP median", "worst", "gain"});
        forEach([&](const std::string& run, const CurvatureReading& reading) {
            for (const LayerConditioning& layer : reading.conditioning)
                table.add({run, std::to_string(layer.layer + 1), std::to_string(layer.inputs),
                           std::to_string(layer.blocks.size()), std::to_string(layer.dead),
                           cli::text(layer.input), cli::text(layer.centred), cli::text(layer.standardized),
                           cli::text(layer.preconditioned), cli::text(layer.median), cli::text(layer.worst),
                           cli::text(layer.medianPreconditioned), cli::text(layer.worstPreconditioned),
                           cli::text(layer.gain)});
        });
        return "Inputs and neurons of each layer: " + ofBlocks() + '\n' + table.text();
    }

    /// Runs with batch normalization have other words for the same thing.
    std::string ofBlocks() const {
        std::string words;
        for (std::size_t i = 0; i < runs_.size(); ++i) {
            const std::string& of = readings_[i].ofBlocks;
            if (i > 0 && of == readings_.front().ofBlocks) continue;
            words += i == 0 ? of : "; " + runs_[i] + ": " + of;
        }
        return words;
    }

    std::string edges() const {
        Table table({"run", "loss", "gradient norm", "learning rate", "λmax of PᵀHP", "limit", "λmax/limit",
                     "best step", "rate at best step", "rank of [h,1]", "labels outside %"});
        forEach([&](const std::string& run, const CurvatureReading& reading) {
            const BlockReading& whole = reading.blocks.front();
            const Reading& largest = whole.preconditioned.summary.lambdaMax;
            const bool known = largest.usable() && reading.stabilityLimit.usable();
            const Alignment& fit = reading.alignment;
            table.add({run, shortNumber(reading.loss), shortNumber(reading.gradientNorm),
                       shortNumber(reading.learningRate), cli::text(largest),
                       cli::text(reading.stabilityLimit),
                       known ? shortNumber(largest.value / reading.stabilityLimit.value) : "-",
                       cli::text(whole.bestStep), cli::text(reading.theory.atBestStep),
                       std::to_string(fit.rank) + " of " + std::to_string(std::min(fit.columns, fit.samples)),
                       fit.shareOutside.usable() ? shortNumber(100 * fit.shareOutside.value) : "-"});
        });
        return "Edge of stability, and what the last layer could fit\n" + table.text();
    }

    std::string notes() const {
        std::string lines;
        forEach([&](const std::string& run, const CurvatureReading& reading) {
            if (!reading.whyNotPreconditioned.empty())
                lines += run + ": PᵀHP is not defined: " + reading.whyNotPreconditioned + '\n';
            if (reading.symmetrized)
                lines += run + ": the optimizer scales what the preconditioner returns by D; P = D½ P_l "
                               "stands for D P_l "
                               "P_lᵀ, which is not symmetric but has the same eigenvalues as P Pᵀ\n";
        });
        return lines;
    }

    std::vector<std::string> runs_;
    std::vector<CurvatureReading> readings_;
};

/// Measures all runs of a laboratory that is paused, prints and writes what comes of it.
class SpectrumRecorder {
public:
    explicit SpectrumRecorder(const SpectrumOptionsOfUser& options)
        : request_(options.request),
          team_(options.threads > 0 ? options.threads
                                    : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))) {
        if (options.folder.empty()) return;
        makeFolder(options.folder);
        file_.emplace(std::filesystem::path(options.folder) / "spectrum.csv");
    }

    void measure(Laboratory& laboratory, const Cancelled& cancelled) {
        StepReport report;
        for (const RunSpec& run : laboratory.experiment().runs) {
            CurvatureReading& earlier = earlier_[run.id]; // empty at first
            earlier = measureCurvature(*presentSnapshot(laboratory, run.id), request_, &team_, &cancelled,
                                       &earlier);
            if (file_) file_->append(run.name, earlier);
            report.add(run.name, earlier);
        }
        std::cout << report.text() << std::flush;
    }
    void finish() {
        if (file_) file_->finish();
    }

private:
    CurvatureRequest request_;
    ThreadTeam team_;
    std::optional<SpectrumCsv> file_;
    std::map<int, CurvatureReading> earlier_; ///< by run: its eigenvectors start the next estimates
};

int spectrum(const ExperimentOptions& experiment, SpectrumOptionsOfUser options) {
    std::ranges::sort(options.at);
    SessionDocument session = experiment.open();
    endAfter(session, options.at.back());
    options.request.seed = session.start.seed.noise;
    std::optional<SpectrumRecorder> recorder;
    try {
        recorder.emplace(options);
    } catch (const InputError& error) {
        throw Failure(error.what());
    }
    TrainingOptions training;
    training.folder = options.folder;
    training.threads = options.threads;
    training.quiet = options.quiet;
    training.visitAt = options.at;
    training.visit = [&recorder](Laboratory& laboratory, const Cancelled& cancelled) {
        recorder->measure(laboratory, cancelled);
    };
    const int status = Training(std::move(session), training).run();
    recorder->finish();
    return status;
}

/// An option whose values have names.
template<class Value>
void addChoice(CLI::App& command, const std::string& name, const std::string& typeName,
               const std::string& help, Value& value, const std::map<std::string, Value>& values) {
    const auto choose = [name, values, &value](const std::string& text) {
        const auto found = values.find(text);
        if (found == values.end()) {
            std::vector<std::string> names;
            for (const auto& entry : values)
                names.push_back(entry.first);
            throw CLI::ValidationError(name, "'" + text + "' is unknown. " + suggestName(text, names));
        }
        value = found->second;
    };
    command.add_option_function<std::string>(name, choose, help)->type_name(typeName);
}

} // namespace

void addSpectrum(CLI::App& app, Action& action) {
    CLI::App* command =
        app.add_subcommand("spectrum", "Measure condition numbers and spectra while training");
    const auto experiment = std::make_shared<ExperimentOptions>();
    const auto options = std::make_shared<SpectrumOptionsOfUser>();
    experiment->addTo(*command);
    command->add_option("--at", options->at, "Steps after which to measure; left out: 0,100,1000")
        ->type_name("STEP,...")
        ->delimiter(',')
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000'000}));
    command->add_option("--out", options->folder, "Folder for the files; made where it does not exist")
        ->type_name("DIR");
    CurvatureRequest& request = options->request;
    addChoice(*command, "--on", "SAMPLES",
              "training_set (all of it, or a seeded probe batch) or mini_batch (of each run's next step)",
              request.samples,
              {{"training_set", CurvatureRequest::Samples::TrainingSet},
               {"mini_batch", CurvatureRequest::Samples::MiniBatch}});
    command
        ->add_option("--samples", request.mostSamples, "At most so many training samples (a seeded choice)")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000));
    command
        ->add_option("--tau", request.tau, "Eigenvalues within τ λmax of 0 are left out of condition numbers")
        ->type_name("τ")
        ->check(CLI::Range(1e-15, 0.5));
    command
        ->add_option("--neurons", request.mostNeurons,
                     "Neurons measured in each layer, evenly spread; 0: all, however long it takes")
        ->type_name("N")
        ->check(CLI::Range(0, 1'000'000));
    addChoice(*command, "--matrix", "MATRIX", "hessian or gauss_newton", request.matrix,
              {{"hessian", CurvatureMatrix::Hessian}, {"gauss_newton", CurvatureMatrix::GaussNewton}});
    addChoice(*command, "--mode", "MODE",
              "Function of batch normalization: training (batch statistics, what the optimizer meets) or "
              "evaluation",
              request.mode, {{"training", Mode::Training}, {"evaluation", Mode::Evaluation}});
    command
        ->add_option("--threads", options->threads, "Threads to compute with; 0: as many as the machine has")
        ->type_name("N")
        ->check(CLI::Range(0, 1024));
    command->add_flag("--quiet", options->quiet, "No progress bar");
    command->footer(footer);
    command->callback([&action, experiment, options] {
        action = [experiment, options] { return spectrum(*experiment, *options); };
    });
}

} // namespace kappascope::cli
