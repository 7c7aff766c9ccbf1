// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"

namespace kappascope {

namespace {

const std::vector<std::string> pixelScalings{"given", "unit", "centred", "per_channel"};
constexpr int mostPixels = 1000; ///< of a move: no image here is larger

ParameterValue dialValue(const DataSpec& spec, const std::string& key) {
    if (key == "pixels") return pixelScalings[static_cast<std::size_t>(spec.pixels)];
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
        Parameter::choice("pixels", "Pixels",
                          "How the pixels of images become inputs, before scale, rotation and offset. given: "
                          "as the data set's "
                          "description says; unit: 0 (black) to 1 (white); centred: -1 to 1; per_channel: "
                          "less the channel's "
                          "mean over all training images, divided by its deviation.",
                          pixelScalings[static_cast<std::size_t>(standard.pixels)], pixelScalings),
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

ParameterValue augmentationValue(const AugmentationSpec& spec, const std::string& key) {
    if (key == "crop") return static_cast<std::int64_t>(spec.crop);
    if (key == "shift") return static_cast<std::int64_t>(spec.shift);
    return spec.flip;
}

std::vector<Parameter> makeAugmentationDials() {
    const AugmentationSpec standard;
    return {
        Parameter::integer("crop", "Crop padding (pixels)",
                           "Training images get so many black pixels on each side, of which a random part of "
                           "the old size is cut out; 0: none.",
                           standard.crop, 0, mostPixels),
        Parameter::integer("shift", "Shift (pixels)",
                           "Training images move by a random number of up to so many pixels each way, their "
                           "edge repeated; 0: none.",
                           standard.shift, 0, mostPixels),
        Parameter::flag("flip", "Flip", "Training images are mirrored left to right with probability 1/2.",
                        standard.flip),
    };
}

/// What only images have.
void checkImageDials(const DataSpec& spec, const DataEntry& entry) {
    for (const auto& dial : augmentationDials())
        dial.check(augmentationValue(spec.augmentation, dial.key), "data.augmentation." + dial.key);
    const std::string problem = "the samples of data set '" + entry.key + "' are not images";
    if (spec.pixels != PixelScaling::Given && !entry.images)
        throw InputError("data.pixels", problem, "Leave it at 'given'; standardize does for all data.");
    if (!spec.augmentation.any()) return;
    if (!entry.images) throw InputError("data.augmentation", problem, "Leave it out.");
    if (spec.rotation != 0)
        throw InputError("data.augmentation", "rotated inputs are pixels no more, so they cannot be moved",
                         "Set data.rotation to 0, or leave the augmentation out.");
}

} // namespace

const std::vector<Parameter>& dataDials() {
    static const std::vector<Parameter> dials = makeDials();
    return dials;
}

const std::vector<Parameter>& augmentationDials() {
    static const std::vector<Parameter> dials = makeAugmentationDials();
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
    checkImageDials(spec, entry);
    if (entry.fromFiles && spec.path.empty())
        throw InputError("data.path", "data set '" + entry.key + "' needs a file",
                         "Give its path as data.path.");
    return spec;
}

} // namespace kappascope
