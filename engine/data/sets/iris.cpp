// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/table.h"

namespace kappascope::data_sets {

DataEntry iris() {
    const Description description{
        "iris", "Iris", "Four measures of 150 flowers of three species of iris.", "Fisher 1936", {}};
    return table(
        description, "iris.csv",
        "Fisher, R. A. (1936). Iris. UCI Machine Learning Repository, doi:10.24432/C56C76. CC BY 4.0.",
        {"sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"});
}

} // namespace kappascope::data_sets
