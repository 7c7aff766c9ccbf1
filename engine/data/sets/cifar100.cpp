// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/cifar.h"
#include "engine/data/sets/idx_images.h"

namespace kappascope::data_sets {

namespace {

const CifarFormat& format(bool fine) {
    static const CifarFormat coarseLabels{
        "CIFAR-100", 2, 0, 20, "coarse_label_names.txt", {}, {"train.bin"}, "test.bin", "cifar-100-binary"};
    static const CifarFormat fineLabels{
        "CIFAR-100", 2, 1, 100, "fine_label_names.txt", {}, {"train.bin"}, "test.bin", "cifar-100-binary"};
    return fine ? fineLabels : coarseLabels;
}

RawData loadCifar100(const DataSpec& spec, RandomStream&, const Cancelled* cancelled) {
    static const UserFolder folder{"cifar-100", "CIFAR-100",
                                   "Unpack cifar-100-binary.tar.gz there, or give its folder as data.path."};
    return loadCifar(format(spec.parameters.choice("labels") == "fine"), folder.pathFor(spec),
                     spec.parameters.integer("limit"), storageOf(spec.parameters), cancelled);
}

} // namespace

DataEntry cifar100() {
    std::vector<Parameter> parameters = imageParameters();
    parameters.insert(parameters.begin(),
                      Parameter::choice("labels", "Labels", "fine: 100 classes; coarse: 20 groups of five.",
                                        "fine", {"fine", "coarse"}));
    DataEntry entry;
    static_cast<Description&>(entry) = {
        "cifar100", "CIFAR-100",
        "60,000 colour photographs of 32 x 32 pixels in 100 classes or 20 groups of them, values 0 to 1; the "
        "binary version (train.bin, test.bin), which lies in the folder kappascope/cifar-100 of the user's "
        "data (~/.local/share) or at the path, the folder or one of the files.",
        "Krizhevsky 2009", std::move(parameters)};
    entry.takesPath = true;
    entry.images = true;
    entry.load = loadCifar100;
    return entry;
}

} // namespace kappascope::data_sets
