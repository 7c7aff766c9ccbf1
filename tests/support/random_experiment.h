// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/random.h"
#include "engine/data/data_catalog.h"
#include "engine/files/experiment_fields.h"
#include "engine/laboratory/experiment.h"
#include "engine/network/activation.h"
#include "engine/network/layer_catalog.h"
#include "engine/network/network_catalog.h"

namespace kappascope::test {

/// Draws experiments that differ in everything that a file holds; not all of them make sense to train.
class RandomExperiment {
public:
    explicit RandomExperiment(std::uint64_t seed) : random_(seed, "random experiments") {}

    Experiment draw() {
        Experiment experiment = blankExperiment();
        experiment.name = text();
        experiment.description = text();
        experiment.seed = {random_.bits(), random_.bits(), random_.bits(), random_.bits()};
        experiment.precision = flag() ? Precision::Float32 : Precision::Float64;
        experiment.data = data();
        experiment.model = model();
        experiment.loss = member("loss");
        experiment.batchSize = static_cast<int>(1 + random_.below(1000));
        experiment.learningRate = number(1e-6, 10);
        experiment.measureEvery = static_cast<std::int64_t>(random_.below(1000));
        experiment.evaluateEvery = flag() ? static_cast<std::int64_t>(random_.below(1000)) : 0;
        experiment.stop = {static_cast<std::int64_t>(random_.below(1'000'000)), number(0, 100), number(0, 1),
                           static_cast<std::int64_t>(random_.below(50)), number(0, 1e6)};
        experiment.runs.clear();
        const std::size_t runs = random_.below(9);
        for (std::size_t i = 0; i < runs; ++i)
            experiment.runs.push_back(run(static_cast<int>(i) + 1));
        return experiment;
    }

    /// A member of the catalog under `key`, with random parameters.
    MethodSpec member(const char* key) {
        const Members& members = *membersUnder(key);
        const Description& description = *members.list[random_.below(members.list.size())];
        MethodSpec spec = members.spec(description);
        for (const Parameter& parameter : description.parameters)
            if (spec.parameters.has(parameter.key)) spec.parameters.set(parameter.key, value(parameter));
        return spec;
    }

private:
    bool flag() { return random_.below(2) == 1; }
    double number(double low, double high) { return random_.uniform(low, high); }

    std::string text() {
        static const std::vector<std::string> pieces{"a",  "Z",  "é", "κ", "\"", "\\",
                                                     "\n", "\t", ".", " ", "/",  "7"};
        std::string text;
        for (std::size_t i = random_.below(12); i > 0; --i)
            text += pieces[random_.below(pieces.size())];
        return text;
    }

    ParameterValue value(const Parameter& parameter) {
        switch (parameter.kind) {
        case Parameter::Kind::Flag:
            return flag();
        case Parameter::Kind::Integer:
            return static_cast<std::int64_t>(parameter.minimum) +
                   static_cast<std::int64_t>(
                       random_.below(static_cast<std::uint64_t>(parameter.maximum - parameter.minimum) + 1));
        case Parameter::Kind::Choice:
            return parameter.choices[random_.below(parameter.choices.size())];
        case Parameter::Kind::Text:
            return text();
        case Parameter::Kind::Numbers: {
            std::vector<double> numbers(random_.below(4));
            for (double& item : numbers) // whole: some lists hold numbers of layers
                item =
                    std::clamp(static_cast<double>(random_.below(5)), parameter.minimum, parameter.maximum);
            return numbers;
        }
        case Parameter::Kind::Extent: {
            const auto side = [&] {
                return static_cast<std::int64_t>(parameter.minimum) +
                       static_cast<std::int64_t>(random_.below(
                           static_cast<std::uint64_t>(parameter.maximum - parameter.minimum) + 1));
            };
            const std::int64_t height = side();
            return flag() ? Extent::square(height) : Extent{height, side()};
        }
        case Parameter::Kind::Real:
            break;
        }
        const double inside = number(parameter.minimum, parameter.maximum);
        return inside > parameter.minimum ? inside : (parameter.minimum + parameter.maximum) / 2;
    }

    DataSpec data() {
        DataSpec spec;
        const MethodSpec set = member("data");
        const DataEntry& entry = dataCatalog().at(set.method);
        spec.set = set.method;
        spec.parameters = set.parameters;
        if (entry.fromFiles) spec.path = "some file.csv";
        if (entry.generated) {
            spec.samples = static_cast<int>(2 + random_.below(1000));
            spec.noise = number(0, 1);
        }
        spec.scale = {number(1e-3, 1e3), number(1e-3, 1e3)};
        spec.rotation = entry.images ? 0 : number(-360, 360); // turned pictures cannot be augmented
        if (entry.images) {
            spec.pixels = static_cast<PixelScaling>(random_.below(4));
            spec.augmentation = {static_cast<int>(random_.below(5)), static_cast<int>(random_.below(5)),
                                 flag()};
        }
        spec.offset = {number(-10, 10)};
        spec.labelNoise = number(0, 1);
        spec.testFraction = number(0, 0.9);
        spec.standardize = flag();
        return spec;
    }

    ModelSpec model() {
        ModelSpec model = blankExperiment().model;
        const std::size_t form = random_.below(3);
        if (form == 0) {
            model.hidden.clear();
            for (std::size_t i = random_.below(5); i > 0; --i)
                model.hidden.push_back(static_cast<int>(1 + random_.below(100)));
            model.activation = member("activation");
        } else if (form == 1) {
            model.network = networkCatalog().entries()[random_.below(networkCatalog().entries().size())].key;
        } else {
            model.layers = layers(true);
        }
        model.initialization = member("initialization");
        model.fold = static_cast<Fold>(random_.below(3));
        model.l2 = number(0, 1);
        model.l2BeforePreconditioner = flag();
        return model;
    }

    std::vector<LayerSpec> layers(bool blocks) {
        std::vector<LayerSpec> list;
        while (list.empty() || random_.below(4) > 0) {
            const LayerEntry& entry =
                layerCatalog().entries()[random_.below(layerCatalog().entries().size())];
            if (entry.holdsLayers && !blocks) continue;
            LayerSpec layer = layerNamed(entry.key);
            if (entry.key == "activation")
                layer =
                    layerNamed(activationCatalog().keys()[random_.below(activationCatalog().keys().size())]);
            const std::string function =
                entry.key == "activation" ? layer.parameters.choice("function") : "relu";
            for (const Parameter& parameter : layerParameters(entry.key, function))
                if (parameter.key != "function") layer.parameters.set(parameter.key, value(parameter));
            if (entry.holdsLayers) layer.layers = layers(false);
            list.push_back(std::move(layer));
        }
        return list;
    }

    RunSpec run(int id) {
        RunSpec run;
        run.id = id;
        run.name = text() + std::to_string(id);
        run.normalization = member("normalization");
        run.preconditioner = member("preconditioner");
        run.optimizer = member("optimizer");
        run.schedule = member("schedule");
        if (flag()) run.learningRate = number(1e-6, 10);
        if (flag()) run.color = "#0a2Bf9";
        run.hidden = flag();
        if (flag()) run.forkOf = text();
        return run;
    }

    RandomStream random_;
};

} // namespace kappascope::test
