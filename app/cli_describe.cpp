// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_command.h"
#include "app/cli_table.h"

#include "engine/data/data_catalog.h"
#include "engine/files/summary_json.h"

#include <iostream>

namespace kappascope::cli {

namespace {

std::string methodText(const MethodSpec& spec) {
    return spec.method;
}

void printData(const Experiment& experiment, const Split& data) {
    const Dataset& train = data.train;
    std::cout << "Data: " << experiment.data.set << ", " << grouped(train.samples()) << " samples to train, "
              << grouped(data.test.samples()) << " to test, " << train.features() << " features, ";
    if (train.task == Task::Classification)
        std::cout << train.classes() << " classes\n";
    else
        std::cout << train.y.rows() << (train.y.rows() == 1 ? " target\n" : " targets\n");
    if (train.image)
        std::cout << "      images of " << train.image->channels << " x " << train.image->height << " x "
                  << train.image->width << (train.x.inPlace() ? ", left in their files" : "") << '\n';
    constexpr Index quickly = 100; // features whose covariance is decomposed in no time
    if (train.features() <= quickly)
        std::cout << "      condition number of the inputs' covariance: "
                  << shortNumber(covarianceConditionNumber(train.x)) << '\n';
    if (!train.source.empty()) std::cout << wrapped("from " + train.source, 6);
    std::cout << "Training: loss " << methodText(experiment.loss) << ", mini-batches of "
              << std::min<std::int64_t>(experiment.batchSize, train.samples()) << ", "
              << (experiment.precision == Precision::Float32 ? "float32" : "float64") << ", initialization "
              << methodText(experiment.model.initialization) << "\n\n";
}

void printRuns(const Experiment& experiment, const LaboratoryStatus& status) {
    Table table(
        {"run", "normalization", "preconditioner", "optimizer", "learning rate", "schedule", "parameters"});
    for (std::size_t i = 0; i < experiment.runs.size(); ++i) {
        const RunSpec& run = experiment.runs[i];
        table.add({run.name, methodText(run.normalization), methodText(run.preconditioner),
                   methodText(run.optimizer), shortNumber(experiment.learningRateOf(run)),
                   methodText(run.schedule), grouped(status.runs[i].parameters)});
    }
    std::cout << table.text();
}

/// PyTorch's shape of a tensor: the weight of a convolution has four sides.
std::string shapeText(const Layer<double>& layer, const TensorShape& shape) {
    const auto* weighted = dynamic_cast<const WeightedLayer<double>*>(&layer);
    if (weighted && !shape.vector && !dynamic_cast<const Dense<double>*>(&layer))
        return shape.name + " [" + std::to_string(shape.rows) + ", " +
               std::to_string(weighted->weightShape().channelsOfGroup()) + ", " +
               std::to_string(weighted->kernelHeight()) + ", " + std::to_string(weighted->kernelWidth()) +
               ']';
    return shape.name + " [" + std::to_string(shape.rows) +
           (shape.vector ? "" : ", " + std::to_string(shape.cols)) + ']';
}

/// Of shapes channels x height x width; where a layer receives from another than the one before, from which.
void printLayers(const Network<double>& network) {
    bool branched = false;
    for (std::size_t l = 0; l < network.depth(); ++l)
        branched = branched || network.sources(l) != Sources{static_cast<int>(l) - 1};
    std::vector<std::string> head{"layer", "kind", "inputs", "outputs", "parameters", "tensors"};
    if (branched) head.insert(head.begin() + 2, "from");
    Table table(std::move(head));
    for (std::size_t l = 0; l < network.depth(); ++l) {
        const Layer<double>& layer = network.layer(l);
        Index count = 0;
        std::string tensors;
        for (const TensorShape& shape : layer.parameters()) {
            count += shape.size();
            tensors += (tensors.empty() ? "" : ", ") + shapeText(layer, shape);
        }
        const auto [from, joined] = network.sources(l);
        std::string sources = from == static_cast<int>(l) - 1 ? ""
                              : from < 0                      ? "inputs"
                                                              : std::to_string(from);
        if (joined != Sources::none) sources = std::to_string(from) + ", " + std::to_string(joined);
        std::vector<std::string> row{std::to_string(l),          layer.kind(),   layer.inputShape().text(),
                                     layer.outputShape().text(), grouped(count), tensors};
        if (branched) row.insert(row.begin() + 2, sources);
        table.add(std::move(row));
    }
    std::cout << table.text();
}

bool sameLayers(const Network<double>& a, const Network<double>& b) {
    bool same = a.depth() == b.depth();
    for (std::size_t l = 0; same && l < a.depth(); ++l)
        same = a.layer(l).kind() == b.layer(l).kind();
    return same;
}

/// The layers of every run; runs with equal ones share a table.
void printNetworks(Laboratory& laboratory, const Experiment& experiment) {
    std::vector<std::pair<std::string, std::shared_ptr<const Snapshot>>> kinds;
    for (const RunSpec& run : experiment.runs) {
        const auto snapshot = presentSnapshot(laboratory, run.id);
        const auto same = std::ranges::find_if(
            kinds, [&](const auto& kind) { return sameLayers(*kind.second->network, *snapshot->network); });
        if (same == kinds.end())
            kinds.emplace_back(run.name, snapshot);
        else
            same->first += ", " + run.name;
    }
    for (const auto& [names, snapshot] : kinds) {
        std::cout << '\n' << "Network of " << names << '\n';
        printLayers(*snapshot->network);
    }
}

int describe(const ExperimentOptions& options) {
    const SessionDocument session = options.open();
    Laboratory laboratory(session.start, {.threads = 1});
    laboratory.wait();
    if (!laboratory.status().ready) refuse(laboratory.status().failure);
    const Experiment experiment = laboratory.experiment();
    std::cout << experiment.name << '\n' << wrapped(experiment.description, 0) << '\n';
    printData(experiment, *laboratory.data());
    printRuns(experiment, laboratory.status());
    printNetworks(laboratory, experiment);
    if (!session.changes.empty()) {
        std::cout << "\nChanges up to step " << grouped(session.step) << '\n';
        for (const Change& change : session.changes)
            std::cout << "  step " << grouped(change.step) << ": " << change.description << '\n';
    }
    return done;
}

} // namespace

void addDescribe(CLI::App& app, Action& action) {
    CLI::App* command =
        app.add_subcommand("describe", "Show an experiment's data, runs, layers and parameters");
    const auto options = std::make_shared<ExperimentOptions>();
    options->addTo(*command);
    command->footer("Examples:\n  kappascope-cli describe default\n"
                    "  kappascope-cli describe mine.kappa --set model.hidden=64,64");
    command->callback([&action, options] { action = [options] { return describe(*options); }; });
}

} // namespace kappascope::cli
