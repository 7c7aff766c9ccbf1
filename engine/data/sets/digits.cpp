// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/table.h"

namespace kappascope::data_sets {

DataEntry digits() {
    const Description description{"digits",
                                  "Digits 8 × 8",
                                  "1797 handwritten digits as images of 8 x 8 pixels with values 0 to 16.",
                                  "Alpaydin, Kaynak 1998",
                                  {}};
    return imageTable(
        description, "digits.csv.gz",
        "Alpaydin, E., Kaynak, C. (1998). Optical Recognition of Handwritten Digits. UCI Machine "
        "Learning Repository, doi:10.24432/C50P49. CC BY 4.0.",
        {1, 8, 8}, 16);
}

} // namespace kappascope::data_sets
