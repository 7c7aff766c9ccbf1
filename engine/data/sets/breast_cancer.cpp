// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/table.h"

namespace kappascope::data_sets {

namespace {

/// Mean, standard error and worst value of ten measures of the cell nuclei.
std::vector<std::string> measures() {
    std::vector<std::string> names;
    for (const char* statistic : {"mean ", "error of ", "worst "})
        for (const char* measure : {"radius", "texture", "perimeter", "area", "smoothness", "compactness",
                                    "concavity", "concave points", "symmetry", "fractal dimension"})
            names.push_back(std::string(statistic) + measure);
    return names;
}

} // namespace

DataEntry breastCancer() {
    const Description description{
        "breast_cancer",
        "Breast cancer",
        "Thirty measures of the cell nuclei of 569 tumours, malignant or benign, raw: "
        "areas of 1000 beside errors of 0.001.",
        "Wolberg, Mangasarian, Street, Street 1993",
        {}};
    return table(description, "breast_cancer.csv",
                 "Wolberg, W., Mangasarian, O., Street, N., Street, W. (1993). Breast Cancer Wisconsin "
                 "(Diagnostic). UCI Machine Learning Repository, doi:10.24432/C5DW2B. CC BY 4.0.",
                 measures());
}

} // namespace kappascope::data_sets
