// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/whole_file.h"
#include "engine/laboratory/curvature_measurement.h"

namespace kappascope {

/// Writes readings of curvature as tidy CSV, one value a row:
///     run,step,layer,matrix,quantity,index,value,error,status,of
/// `layer` is empty for the whole network; `matrix` is "raw" or "preconditioned", empty for what belongs to
/// both. `quantity` is a key of curvatureQuantities(), or "eigenvalue" (index: ascending from 0; of an
/// estimate those at the two ends), "density_node" and "density_weight" (index: over all random vectors). For
/// "kappa_neuron" the index is the neuron. `error` is a residual or a standard error, empty for what is
/// exact; `status` is "computed", "estimated", "not_converged", "not_finite" or "not_defined" (then there is
/// no value). `of` says which matrix of which function over which samples. Values have 17 significant digits.
/// All calls throw InputError.
class SpectrumCsv {
public:
    explicit SpectrumCsv(const std::filesystem::path& file);
    void append(const std::string& run, const CurvatureReading& reading);
    /// Puts the file in its place.
    void finish() { file_.finish(); }

private:
    FileInProgress file_;
};

} // namespace kappascope
