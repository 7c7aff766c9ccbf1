// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/idx_images.h"

namespace kappascope::data_sets {

DataEntry mnist() {
    DataEntry entry;
    static_cast<Description&>(entry) = {
        "mnist", "MNIST",
        "70,000 handwritten digits of 28 x 28 pixels, values 0 to 1; './dev data mnist' fetches them.",
        "LeCun, Cortes, Burges 1998", imageParameters()};
    entry.takesPath = true;
    entry.images = true;
    entry.load = [](const DataSpec& spec, RandomStream&, const Cancelled* cancelled) {
        static const UserFolder folder{
            "mnist", "MNIST", "Run './dev data mnist' to fetch it, or give its folder as data.path."};
        return loadNamedIdx(spec, folder, cancelled);
    };
    return entry;
}

} // namespace kappascope::data_sets
