// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/activation.h"
#include "engine/normalization/normalization.h"
#include "tests/support/variants.h"

#include <QTest>

namespace kappascope::test {

/// Every normalization with every setting of its switches.
inline const std::vector<Variant>& normalizationVariants() {
    static const std::vector<Variant> all = variantsOf(normalizationCatalog());
    return all;
}

/// One row of test data for each normalization variant (column "normalization", its number) and activation.
inline void addNetworkRows() {
    QTest::addColumn<int>("normalization");
    QTest::addColumn<QString>("activation");
    for (std::size_t n = 0; n < normalizationVariants().size(); ++n)
        for (const auto& activation : activationCatalog().keys())
            QTest::newRow((activation + ", " + normalizationVariants()[n].name).c_str())
                << static_cast<int>(n) << QString::fromStdString(activation);
}

} // namespace kappascope::test
