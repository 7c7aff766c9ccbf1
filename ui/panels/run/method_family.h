// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/laboratory/experiment.h"
#include "engine/optimization/optimizer.h"

#include <QString>
#include <vector>

namespace kappascope::ui {

/// One of the four kinds of method that a run has: what forms, tables and comparisons walk over.
struct MethodFamily {
    QString key;   ///< "normalization": in object names
    QString title; ///< "Normalization"
    MethodSpec RunSpec::*spec;
    std::vector<const Description*> members; ///< in menu order

    const Description* find(const std::string& method) const;
    /// The method's label, or its key when it is not in the catalog.
    QString labelOf(const MethodSpec& method) const;
    /// `method` with its defaults. The learning rate stays with the run.
    MethodSpec defaults(const std::string& method) const;
};

/// Normalization, preconditioner, optimizer, schedule.
const std::vector<MethodFamily>& methodFamilies();
const MethodFamily& normalizationFamily();
const MethodFamily& preconditionerFamily();
const MethodFamily& optimizerFamily();

} // namespace kappascope::ui
