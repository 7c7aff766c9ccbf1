// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/cifar.h"
#include "engine/data/sets/idx_images.h"

namespace kappascope::data_sets {

namespace {

RawData loadCifar10(const DataSpec& spec, RandomStream&, const Cancelled* cancelled) {
    static const CifarFormat format{
        "CIFAR-10",
        1,
        0,
        10,
        "batches.meta.txt",
        {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"},
        {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"},
        "test_batch.bin",
        "cifar-10-batches-bin"};
    static const UserFolder folder{"cifar-10", format.title,
                                   "Unpack cifar-10-binary.tar.gz there, or give its folder as data.path."};
    return loadCifar(format, folder.pathFor(spec), spec.parameters.integer("limit"),
                     storageOf(spec.parameters), cancelled);
}

} // namespace

DataEntry cifar10() {
    DataEntry entry;
    static_cast<Description&>(entry) = {
        "cifar10", "CIFAR-10",
        "60,000 colour photographs of 32 x 32 pixels in ten classes, values 0 to 1; the binary version "
        "(data_batch_1.bin ... test_batch.bin), which lies in the folder kappascope/cifar-10 of the user's "
        "data (~/.local/share) or at the path, the folder or one of the files.",
        "Krizhevsky 2009", imageParameters()};
    entry.takesPath = true;
    entry.images = true;
    entry.load = loadCifar10;
    return entry;
}

} // namespace kappascope::data_sets
