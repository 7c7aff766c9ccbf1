// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"

namespace kappascope {

namespace {

ParameterValue dialValue(const DataSpec& spec, const std::string& key) {
    if (key == "samples") return static_cast<std::int64_t>(spec.samples);
    if (key == "noise") return spec.noise;
    if (key == "scale") return spec.scale;
    if (key == "rotation") return spec.rotation;
    if (key == "offset") return spec.offset;
    if (key == "label_noise") return spec.labelNoise;
    if (key == "test_fraction") return spec.testFraction;
    return spec.standardize;
}

std::vector<Parameter> makeDials() {
    const DataSpec standard;
    return {
        Parameter::integer("samples", "Samples",
                           "Generated sets: number of samples, training and test together.", standard.samples,
                           2, 1'000'000)
            .decades(),
        Parameter::real("noise", "Noise", "Generated sets: see the set's own description.", standard.noise, 0,
                        10),
        Parameter::numbers("scale", "Scale", "Factor of each feature; none: 1, one number: for all features.",
                           {}, 0, 1e9)
            .open(true, false),
        Parameter::real("rotation", "Rotation (°)",
                        "Turns the scaled features in the planes (1,2), (3,4), ..., which correlates them.",
                        standard.rotation, -360, 360),
        Parameter::numbers("offset", "Offset",
                           "Added to each feature, last; none: 0, one number: for all features.", {}, -1e9,
                           1e9),
        Parameter::real(
            "label_noise", "Label noise",
            "Share of the training labels replaced by another class; of a regression, share of the "
            "targets that change places.",
            standard.labelNoise, 0, 1),
        Parameter::real("test_fraction", "Test share",
                        "Share of the samples held out; files with a test part of their own keep it.",
                        standard.testFraction, 0, 0.95),
        Parameter::flag("standardize", "Standardize inputs",
                        "Subtracts each feature's training mean and divides by its training deviation.",
                        standard.standardize),
    };
}

} // namespace

const std::vector<Parameter>& dataDials() {
    static const std::vector<Parameter> dials = makeDials();
    return dials;
}

std::optional<Task> taskOf(const DataSpec& spec) {
    const DataEntry& entry = dataCatalog().at(spec.set, "data.set");
    return entry.chosenTask ? entry.chosenTask(spec) : entry.task;
}

DataSpec checked(DataSpec spec) {
    const DataEntry& entry = dataCatalog().at(spec.set, "data.set");
    for (const auto& [key, value] : spec.parameters.values()) {
        const Parameter* parameter = entry.find(key);
        std::vector<std::string> known;
        for (const auto& candidate : entry.parameters)
            known.push_back(candidate.key);
        if (!parameter)
            throw InputError("data." + key, "data set '" + entry.key + "' has no parameter '" + key + "'",
                             known.empty() ? "It has no parameters." : suggestName(key, known));
        parameter->check(value, "data." + key);
    }
    for (const auto& parameter : entry.parameters)
        if (!spec.parameters.has(parameter.key)) spec.parameters.set(parameter.key, parameter.standard);
    for (const auto& dial : dataDials())
        dial.check(dialValue(spec, dial.key), "data." + dial.key);
    if (entry.fromFiles && spec.path.empty())
        throw InputError("data.path", "data set '" + entry.key + "' needs a file",
                         "Give its path as data.path.");
    return spec;
}

} // namespace kappascope
