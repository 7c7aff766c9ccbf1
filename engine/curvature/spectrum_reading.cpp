// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/spectrum_reading.h"

#include <cmath>

namespace kappascope {

namespace {

/// A node of the quadrature stands for a cluster of eigenvalues to no better than this share of the largest.
constexpr double resolvedTau = 1e-3;

Reading estimated(double value, double error, bool converged) {
    Reading reading = Reading::computed(value);
    if (!reading.usable()) return reading;
    reading.status = converged ? Reading::Status::Estimated : Reading::Status::NotConverged;
    reading.error = error;
    return reading;
}

SpectrumSummary summarizeEstimate(const ExtremeEigenvalues& ends, const SpectralDensity& density,
                                  double tau) {
    SpectrumSummary summary;
    summary.size = density.size;
    summary.tau = std::max(tau, resolvedTau);
    const Index last = ends.values.size() - 1;
    summary.lambdaMax = estimated(ends.values[last], ends.residuals[last], ends.converged);
    summary.lambdaMin = estimated(ends.values[0], ends.residuals[0], ends.converged);
    summary.trace = density.trace();
    const double largest = ends.values[last], size = static_cast<double>(density.size);
    const double band = summary.tau * std::max(largest, 0.0);
    const double below = density.shareBelow(-band).value, upTo = density.shareBelow(band).value;
    summary.negative = std::lround(below * size);
    summary.dropped = std::lround((upTo - below) * size);
    const auto inside = Reading::notDefined("the matrix is too large to resolve its small eigenvalues; see "
                                            "the density and the average condition number");
    summary.smallestNonZero = summary.kappaTau = summary.kappa = inside;
    if (!(largest > 0))
        summary.kappaAverage = Reading::notDefined("no positive eigenvalue");
    else if (!(summary.trace.value > 0))
        summary.kappaAverage = Reading::notDefined("the trace is not positive");
    else
        summary.kappaAverage = estimated(
            largest * size / summary.trace.value,
            size / summary.trace.value *
                std::hypot(ends.residuals[last], largest * summary.trace.error / summary.trace.value),
            ends.converged);
    return summary;
}

double bandOf(const SpectrumSummary& summary) {
    return summary.tau * std::max(summary.lambdaMax.value, 0.0);
}

} // namespace

Reading negativeShare(const SpectrumReading& spectrum) {
    if (spectrum.exact || !std::isfinite(spectrum.summary.lambdaMax.value))
        return Reading::computed(spectrum.summary.negativeShare());
    return spectrum.density.shareBelow(-bandOf(spectrum.summary));
}

Reading droppedCount(const SpectrumReading& spectrum) {
    Reading count = Reading::computed(static_cast<double>(spectrum.summary.dropped));
    if (spectrum.exact || !std::isfinite(spectrum.summary.lambdaMax.value)) return count;
    const double band = bandOf(spectrum.summary);
    const Reading share =
        spectrum.density.mean([band](double lambda) { return lambda >= -band && lambda < band ? 1.0 : 0.0; });
    count.status = share.status;
    count.error = share.error * static_cast<double>(spectrum.density.size);
    return count;
}

SpectrumReading readSpectrum(const Matrix<double>& symmetric, const SpectrumOptions& options,
                             ThreadTeam* team, const Cancelled* cancelled) {
    SpectrumReading reading;
    if (!symmetric.allFinite()) {
        reading.summary = notMeasured(symmetric.rows(), options.tau, Reading::computed(std::nan("")));
        return reading;
    }
    Spectrum spectrum = denseSpectrum(symmetric, options.withVectors, team, cancelled);
    reading.summary = summarize(spectrum.eigenvalues, options.tau);
    reading.eigenvalues = std::move(spectrum.eigenvalues);
    reading.vectors = std::move(spectrum.vectors);
    return reading;
}

SpectrumReading estimateSpectrum(const SymmetricOperator& A, const SpectrumOptions& options, ThreadTeam* team,
                                 const Cancelled* cancelled) {
    SpectrumReading reading;
    reading.exact = false;
    auto own = A.clone();
    const ExtremeEigenvalues ends = extremeEigenvalues(
        *own, options.each, options.warm ? *options.warm : Matrix<double>(), options.density.seed, cancelled);
    own.reset(); // it may be large, and the density takes clones of its own
    reading.density = spectralDensity(A, options.density, team, cancelled);
    reading.eigenvalues = ends.values;
    reading.errors = ends.residuals;
    reading.vectors = ends.vectors;
    reading.summary = summarizeEstimate(ends, reading.density, options.tau);
    return reading;
}

} // namespace kappascope
