// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/table.h"

namespace kappascope::data_sets {

DataEntry wine() {
    const Description description{
        "wine",
        "Wine",
        "Chemical analysis of 178 wines of three cultivars, raw: proline is some 1000 "
        "times larger than hue.",
        "Aeberhard, Forina 1992",
        {}};
    return table(
        description, "wine.csv",
        "Aeberhard, S., Forina, M. (1992). Wine. UCI Machine Learning Repository, doi:10.24432/C5PC7J. "
        "CC BY 4.0.",
        {"alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols", "flavanoids",
         "nonflavanoid phenols", "proanthocyanins", "color intensity", "hue", "OD280/OD315 of diluted wines",
         "proline"});
}

} // namespace kappascope::data_sets
