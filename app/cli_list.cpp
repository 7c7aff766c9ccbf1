// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_command.h"
#include "app/cli_table.h"

#include "engine/curvature/condition_number.h"
#include "engine/data/data_catalog.h"
#include "engine/files/experiment_json.h"
#include "engine/files/parameter_json.h"
#include "engine/files/presets.h"
#include "engine/network/activation.h"
#include "engine/network/initialization.h"
#include "engine/network/layer_catalog.h"
#include "engine/network/loss.h"
#include "engine/network/network_catalog.h"
#include "engine/normalization/normalization.h"
#include "engine/optimization/optimizer.h"
#include "engine/optimization/schedule.h"
#include "engine/preconditioning/preconditioner.h"
#include "engine/probes/probe.h"
#include "engine/studies/claim_catalog.h"

#include <iostream>

namespace kappascope::cli {

namespace {

void printKey(const KeyInfo& key, std::size_t indent) {
    std::cout << std::string(indent, ' ') << key.path << (key.standard.empty() ? "" : " = " + key.standard)
              << '\n'
              << wrapped(key.help + " Expected: " + key.expected + '.', indent + 4);
}

void printEntry(const Description& entry) {
    std::cout << entry.key << "  (" << entry.label << ")\n" << wrapped(entry.help, 4);
    if (!entry.reference.empty()) std::cout << wrapped("From " + entry.reference + '.', 4);
    for (const Parameter& parameter : entry.parameters) {
        std::string standard = formatJson(writeParameter(parameter.standard));
        standard.pop_back();
        printKey({parameter.key, parameter.expected(), standard, parameter.help}, 4);
    }
}

template<class EntryType>
void printCatalog(const Catalog<EntryType>& catalog) {
    for (const EntryType& entry : catalog.entries())
        printEntry(entry);
}

void printPresets() {
    for (const std::string& name : presetNames()) {
        const Experiment experiment = preset(name);
        std::cout << name << "  (" << experiment.name << ")\n" << wrapped(experiment.description, 4);
    }
}

void printMethods() {
    std::cout << "Normalizations, for runs.NAME.normalization\n\n";
    printCatalog(normalizationCatalog());
    std::cout << "\nPreconditioners, for runs.NAME.preconditioner\n\n";
    printCatalog(preconditioningCatalog());
}

const char* cadenceText(const ProbeEntry& probe) {
    switch (probe.cadence) {
    case Cadence::EveryStep:
        return "Every step";
    case Cadence::Regular:
        return probe.needsEvaluation ? "Every evaluate_every steps"
                                     : "Every measure_every steps, and with evaluations";
    case Cadence::Snapshot:
        break;
    }
    return "In the window as the time allows; with train --curvature-every";
}

void printInstruments() {
    for (const ProbeEntry& entry : probeCatalog().entries()) {
        std::cout << entry.key << "  (" << entry.label << (entry.unit.empty() ? "" : ", " + entry.unit)
                  << ")\n"
                  << wrapped(entry.help, 4);
        std::cout << "    " << cadenceText(entry) << (entry.perLayer ? ", for each layer with weights" : "")
                  << ".\n";
    }
}

void printKeys() {
    for (const KeyInfo& key : experimentKeys())
        printKey(key, 0);
    std::cout << "\nMethods and data sets have parameters of their own: see the other lists.\n";
}

void printQuantities() {
    for (const Description& quantity : curvatureQuantities())
        std::cout << quantity.key << "  (" << quantity.label << ")\n"
                  << wrapped(quantity.help, 4)
                  << (quantity.reference.empty() ? "" : wrapped(quantity.reference, 4));
}

void printClaims() {
    for (const Claim& claim : claimCatalog().entries()) {
        printEntry(claim);
        std::cout << wrapped("Measured: " + claim.measured, 4);
    }
}

void printOptimizers() {
    std::cout
        << wrapped("Optimizers, for runs.NAME.optimizer. A run without a learning_rate of its own takes the "
                   "experiment's, whatever the method: the one that is named here is usual for it.",
                   0)
        << '\n';
    printCatalog(optimizerCatalog());
}

struct Listing {
    const char* name;
    const char* help;
    void (*print)();
};

constexpr Listing listings[] = {
    {"presets", "experiments that come with the program", printPresets},
    {"datasets", "data sets with their parameters", [] { printCatalog(dataCatalog()); }},
    {"methods", "normalizations and preconditioners with their parameters", printMethods},
    {"optimizers", "optimizers with their parameters", printOptimizers},
    {"instruments", "what is measured: the metrics of history.csv", printInstruments},
    {"quantities", "the numbers of spectrum.csv, about curvature", printQuantities},
    {"claims", "claims of the BNP paper, for reproduce", printClaims},
    {"layers", "kinds of layers of model.layers", [] { printCatalog(layerCatalog()); }},
    {"networks", "networks with a name, for model.network", [] { printCatalog(networkCatalog()); }},
    {"activations", "functions of the hidden units", [] { printCatalog(activationCatalog()); }},
    {"initializations", "rules for the start weights", [] { printCatalog(initializationCatalog()); }},
    {"losses", "what is minimized", [] { printCatalog(lossCatalog()); }},
    {"schedules", "schedules of the learning rate", [] { printCatalog(scheduleCatalog()); }},
    {"keys", "keys of an experiment's file, for --set", printKeys},
    {"schema", "the JSON Schema of an experiment's file", [] { std::cout << experimentSchema(); }},
};

std::string listingHelp() {
    std::string help = "WHAT is one of:\n";
    for (const Listing& listing : listings)
        help += "  " + std::string(listing.name) + std::string(17 - std::string(listing.name).size(), ' ') +
                listing.help + '\n';
    return help + "\nExamples:\n  kappascope-cli list optimizers\n"
                  "  kappascope-cli list schema > kappascope.schema.json";
}

int print(const std::string& what) {
    std::vector<std::string> names;
    for (const Listing& listing : listings) {
        if (what == listing.name) {
            listing.print();
            return done;
        }
        names.emplace_back(listing.name);
    }
    throw InputError({}, "there is no list '" + what + "'", suggestName(what, names));
}

} // namespace

void addList(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("list", "List what there is to choose from");
    const auto what = std::make_shared<std::string>();
    command->add_option("WHAT", *what, "What to list")->required();
    command->footer(listingHelp());
    command->callback([&action, what] { action = [what] { return print(*what); }; });
}

} // namespace kappascope::cli
