// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_catalog.h"

namespace kappascope {

// In menu order. A member is engine/data/sets/NAME.cpp (or the file that its family shares).
#define DATA_SETS(ADD)                                                                                       \
    ADD(xorClusters)                                                                                         \
    ADD(moons)                                                                                               \
    ADD(spirals)                                                                                             \
    ADD(circles)                                                                                             \
    ADD(blobs)                                                                                               \
    ADD(checkerboard)                                                                                        \
    ADD(plane)                                                                                               \
    ADD(multiGaussian)                                                                                       \
    ADD(sine)                                                                                                \
    ADD(linearRegression)                                                                                    \
    ADD(iris)                                                                                                \
    ADD(wine)                                                                                                \
    ADD(breastCancer)                                                                                        \
    ADD(digits)                                                                                              \
    ADD(mnist)                                                                                               \
    ADD(fashionMnist)                                                                                        \
    ADD(cifar10)                                                                                             \
    ADD(cifar100)                                                                                            \
    ADD(idx)                                                                                                 \
    ADD(imageFolder)                                                                                         \
    ADD(csv)

namespace data_sets {
#define DECLARE(name) DataEntry name();
DATA_SETS(DECLARE)
#undef DECLARE
} // namespace data_sets

const Catalog<DataEntry>& dataCatalog() {
#define COLLECT(name) data_sets::name(),
    static const Catalog<DataEntry> catalog("data set", {DATA_SETS(COLLECT)});
#undef COLLECT
    return catalog;
}

} // namespace kappascope
