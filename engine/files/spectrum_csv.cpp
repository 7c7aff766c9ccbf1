// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/spectrum_csv.h"

#include "engine/files/csv_text.h"

namespace kappascope {

namespace {

constexpr int digits = 17;

const char* statusText(Reading::Status status) {
    switch (status) {
    case Reading::Status::Computed:
        return "computed";
    case Reading::Status::Estimated:
        return "estimated";
    case Reading::Status::NotConverged:
        return "not_converged";
    case Reading::Status::NotFinite:
        return "not_finite";
    case Reading::Status::NotComputed:
    case Reading::Status::NotDefined:
        break;
    }
    return "not_defined";
}

/// The rows of one reading, as text.
class Rows {
public:
    Rows(const std::string& run, const CurvatureReading& reading)
        : begin_(csvField(run) + ',' + std::to_string(reading.step) + ',') {}

    /// What the following rows belong to.
    void about(int layer, const std::string& of) {
        layer_ = layer == BlockReading::wholeNetwork ? "" : std::to_string(layer);
        of_ = csvField(of);
    }
    void add(const char* matrix, const std::string& quantity, const Reading& reading, Index index = -1) {
        const bool number = !std::isnan(reading.value) && !reading.isBound();
        const bool value = number || reading.status == Reading::Status::NotFinite;
        text += begin_ + layer_ + ',' + matrix + ',' + quantity + ',' +
                (index < 0 ? "" : std::to_string(index)) + ',' +
                (value ? formatNumber(reading.value, digits) : "") + ',' +
                (reading.error > 0 ? formatNumber(reading.error, digits) : "") + ',' +
                statusText(reading.status) + ',' + of_ + '\n';
    }
    void add(const char* matrix, const std::string& quantity, double value, Index index = -1) {
        add(matrix, quantity, Reading::computed(value), index);
    }

    std::string text;

private:
    std::string begin_, layer_, of_;
};

Reading estimate(double value, double error) {
    Reading reading = Reading::computed(value);
    reading.status = Reading::Status::Estimated;
    reading.error = error;
    return reading;
}

void addSpectrum(Rows& rows, const char* matrix, const SpectrumReading& spectrum) {
    for (Index i = 0; i < spectrum.eigenvalues.size(); ++i)
        if (spectrum.exact)
            rows.add(matrix, "eigenvalue", spectrum.eigenvalues[i], i);
        else
            rows.add(matrix, "eigenvalue", estimate(spectrum.eigenvalues[i], spectrum.errors[i]), i);
    Index node = 0;
    for (const SpectralDensity::Sample& sample : spectrum.density.samples)
        for (Index i = 0; i < sample.nodes.size(); ++i, ++node) {
            const double weight = sample.weights[i] / static_cast<double>(spectrum.density.samples.size());
            rows.add(matrix, "density_node", estimate(sample.nodes[i], 0), node);
            rows.add(matrix, "density_weight", estimate(weight, 0), node);
        }
    const SpectrumSummary& summary = spectrum.summary;
    rows.add(matrix, "lambda_max", summary.lambdaMax);
    rows.add(matrix, "lambda_min", summary.lambdaMin);
    rows.add(matrix, "lambda_nonzero", summary.smallestNonZero);
    rows.add(matrix, "trace", summary.trace);
    rows.add(matrix, "kappa", summary.kappa);
    rows.add(matrix, "kappa_tau", summary.kappaTau);
    rows.add(matrix, "kappa_average", summary.kappaAverage);
    if (!summary.lambdaMax.usable()) return;
    rows.add(matrix, "dropped", droppedCount(spectrum));
    rows.add(matrix, "negative_share", negativeShare(spectrum));
}

void addBlock(Rows& rows, const BlockReading& block) {
    addSpectrum(rows, "raw", block.raw);
    addSpectrum(rows, "preconditioned", block.preconditioned);
    const MatchedCondition& matched = block.matched;
    if (block.raw.exact) { // estimates compare average condition numbers
        rows.add("raw", "kappa_rank", matched.before);
        rows.add("preconditioned", "kappa_rank", matched.after);
        rows.add("", "directions", static_cast<double>(matched.directions));
    }
    rows.add("", "gain", matched.gain);
    rows.add("preconditioned", "best_step", block.bestStep);
    rows.add("preconditioned", "predicted_rate", block.predictedRate);
}

void addLayer(Rows& rows, const LayerConditioning& layer) {
    rows.add("raw", "kappa_input", layer.input);
    rows.add("", "kappa_centred", layer.centred);
    rows.add("", "kappa_standardized", layer.standardized);
    rows.add("preconditioned", "kappa_input_preconditioned", layer.preconditioned);
    for (const NeuronBlock& block : layer.blocks) {
        rows.add("raw", "kappa_neuron", block.kappa, block.unit);
        rows.add("preconditioned", "kappa_neuron", block.preconditioned, block.unit);
    }
    rows.add("raw", "kappa_neuron_median", layer.median);
    rows.add("preconditioned", "kappa_neuron_median", layer.medianPreconditioned);
    rows.add("raw", "kappa_neuron_worst", layer.worst);
    rows.add("preconditioned", "kappa_neuron_worst", layer.worstPreconditioned);
    rows.add("", "gain_neuron", layer.gain);
    rows.add("", "dead_neurons", static_cast<double>(layer.dead));
}

} // namespace

SpectrumCsv::SpectrumCsv(const std::filesystem::path& file) : file_(file) {
    file_.write("run,step,layer,matrix,quantity,index,value,error,status,of\n");
}

void SpectrumCsv::append(const std::string& run, const CurvatureReading& reading) {
    Rows rows(run, reading);
    for (const BlockReading& block : reading.blocks) {
        rows.about(block.layer, reading.of);
        addBlock(rows, block);
    }
    for (const LayerConditioning& layer : reading.conditioning) {
        rows.about(layer.layer, reading.ofBlocks);
        addLayer(rows, layer);
    }
    rows.about(BlockReading::wholeNetwork, reading.of);
    rows.add("preconditioned", "stability_limit", reading.stabilityLimit);
    if (reading.alignment.samples > 0) {
        rows.add("", "representation_rank", static_cast<double>(reading.alignment.rank));
        rows.add("", "labels_outside", reading.alignment.shareOutside);
    }
    file_.write(rows.text);
}

} // namespace kappascope
