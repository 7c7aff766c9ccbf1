// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/generator.h"

namespace kappascope::data_sets {

namespace {

Dataset generateCheckerboard(const DataSpec& spec, RandomStream& stream) {
    const auto cells = static_cast<int>(spec.parameters.integer("cells"));
    const double width = 2.0 / cells;
    const auto place = [&](int label) {
        int column = 0, row = 0;
        do { // any cell of the class's colour, all with the same chance
            column = static_cast<int>(stream.below(static_cast<std::uint64_t>(cells)));
            row = static_cast<int>(stream.below(static_cast<std::uint64_t>(cells)));
        } while ((column + row) % 2 != label);
        return Eigen::Vector2d(-1 + width * (column + stream.uniform()),
                               -1 + width * (row + stream.uniform()));
    };
    return scatter(spec, {"black", "white"}, place, stream);
}

} // namespace

DataEntry checkerboard() {
    const Description description{"checkerboard",
                                  "Checkerboard",
                                  "Squares of two classes in turn on [-1, 1]²; noise is the standard "
                                  "deviation by which the points then "
                                  "leave their squares.",
                                  "",
                                  {Parameter::integer("cells", "Cells", "Squares along a side.", 4, 2, 8)}};
    return generated(description, Task::Classification, generateCheckerboard);
}

} // namespace kappascope::data_sets
