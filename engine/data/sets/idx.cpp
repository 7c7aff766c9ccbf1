// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/idx_images.h"

namespace kappascope::data_sets {

DataEntry idx() {
    DataEntry entry;
    static_cast<Description&>(entry) = {"idx", "IDX images",
                                        "Images and labels in IDX files, as MNIST and its kin come (plain or "
                                        "gzip); the path is their folder or "
                                        "the file of the images.",
                                        "", imageParameters()};
    entry.fromFiles = true;
    entry.images = true;
    entry.load = [](const DataSpec& spec, RandomStream&, const Cancelled* cancelled) {
        return loadIdxImages(spec.path, spec.parameters.integer("limit"), storageOf(spec.parameters),
                             cancelled);
    };
    return entry;
}

} // namespace kappascope::data_sets
