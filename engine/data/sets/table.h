// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/data_catalog.h"

namespace kappascope::data_sets {

/// An entry whose samples are the embedded file resources/data/`file` (plain or gzip): rows of numbers, the
/// class last, after one line "rows,features,name of class 0,...". Nothing is scaled.
DataEntry table(Description description, const std::string& file, const std::string& source,
                const std::vector<std::string>& featureNames);

/// The same without the first line: images of bytes up to `white`, the class a digit.
DataEntry imageTable(Description description, const std::string& file, const std::string& source,
                     ImageShape shape, int white);

} // namespace kappascope::data_sets
