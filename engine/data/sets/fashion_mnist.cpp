// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/idx_images.h"

#include <array>

namespace kappascope::data_sets {

namespace {

/// The table of labels in the data set's description (Xiao, Rasul, Vollgraf 2017, table 2).
const std::array<std::string, 10> garments{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                           "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

/// The classes are called by their labels until here; those that do not occur are left out.
void nameClasses(Dataset& data) {
    for (std::string& name : data.classNames) {
        if (name.size() > 1)
            throw InputError(data.source, "there is a label " + name + ", expected 0 to 9",
                             "These are not the labels of Fashion-MNIST; the data set 'idx' takes any.");
        name = garments[static_cast<std::size_t>(name.front() - '0')];
    }
}

RawData loadFashionMnist(const DataSpec& spec, RandomStream&, const Cancelled* cancelled) {
    static const UserFolder folder{
        "fashion-mnist", "Fashion-MNIST",
        "Put its four IDX files there (train-images-idx3-ubyte.gz and the others, packed or not), or give "
        "their folder as data.path."};
    RawData raw = loadNamedIdx(spec, folder, cancelled);
    nameClasses(raw.samples);
    if (raw.test) nameClasses(*raw.test);
    return raw;
}

} // namespace

DataEntry fashionMnist() {
    DataEntry entry;
    static_cast<Description&>(entry) = {
        "fashion_mnist", "Fashion-MNIST",
        "70,000 pictures of garments of 28 x 28 pixels in ten classes, values 0 to 1; in the files of "
        "MNIST's "
        "names, which lie in the folder kappascope/fashion-mnist of the user's data (~/.local/share) or at "
        "the path.",
        "Xiao, Rasul, Vollgraf 2017", imageParameters()};
    entry.takesPath = true;
    entry.images = true;
    entry.load = loadFashionMnist;
    return entry;
}

} // namespace kappascope::data_sets
