// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/curvature_record.h"

#include <algorithm>

namespace kappascope {

namespace {

class Writer {
public:
    Writer(History& history, std::int64_t step) : history_(history), step_(step) {}

    void write(const char* metric, int layer, double value) {
        if (history_.lastStep({metric, layer}) >= step_) return; // measured already
        const History::Sample sample{step_, value};
        history_.push({metric, layer}, {&sample, 1});
    }
    void write(const char* metric, int layer, const Reading& reading) {
        if (reading.usable()) write(metric, layer, reading.value);
    }

private:
    History& history_;
    std::int64_t step_;
};

/// kappa_avg of estimated spectra and of exact ones; its error makes the band.
void writeAverage(const BlockReading& block, bool identity, Writer& writer) {
    constexpr int whole = SeriesKey::wholeNetwork;
    const Reading &before = block.raw.summary.kappaAverage,
                  &after = block.preconditioned.summary.kappaAverage;
    writer.write("condition_number_average", whole, after);
    writer.write("condition_number_average_raw", whole, before);
    writer.write("condition_gain_average", whole,
                 identity && after.usable() ? Reading::computed(1) : gain(before, after));
    if (after.status != Reading::Status::Estimated) return;
    writer.write("condition_number_average_low", whole, std::max(after.value - after.error, 1.0));
    writer.write("condition_number_average_high", whole, after.value + after.error);
}

void writeWhole(const CurvatureReading& reading, const BlockReading& block, Writer& writer) {
    constexpr int whole = SeriesKey::wholeNetwork;
    if (block.raw.exact) { // kappa_r takes the whole spectrum
        writer.write("condition_number", whole, block.matched.after);
        writer.write("condition_number_raw", whole, block.matched.before);
        writer.write("condition_gain", whole, block.matched.gain);
    }
    writeAverage(block, reading.identity, writer);
    writer.write("sharpness", whole, block.preconditioned.summary.lambdaMax);
    writer.write("stability_limit", whole, reading.stabilityLimit);
    if (block.raw.summary.lambdaMax.usable())
        writer.write("negative_curvature", whole, block.raw.summary.negativeShare());
}

void writeLayer(const LayerConditioning& layer, Writer& writer) {
    writer.write("condition_number", layer.layer, layer.medianPreconditioned);
    writer.write("condition_number_raw", layer.layer, layer.median);
    writer.write("condition_gain", layer.layer, layer.gain);
    if (const auto spread = spreadOf(layer, &NeuronBlock::preconditioned)) {
        writer.write("condition_number_low", layer.layer, spread->low);
        writer.write("condition_number_high", layer.layer, spread->high);
    }
}

bool isWhatHistoriesHold(const CurvatureRequest& request) {
    return request.samples == CurvatureRequest::Samples::TrainingSet &&
           request.matrix == CurvatureMatrix::Hessian && request.mode == Mode::Training && !request.penalty;
}

} // namespace

std::optional<Spread> spreadOf(const LayerConditioning& layer, Reading NeuronBlock::*kappa) {
    std::vector<double> values;
    for (const NeuronBlock& block : layer.blocks)
        if ((block.*kappa).usable()) values.push_back((block.*kappa).value);
    if (values.empty()) return std::nullopt;
    std::ranges::sort(values);
    const auto at = [&](double share) {
        const auto last = static_cast<double>(values.size() - 1);
        return values[static_cast<std::size_t>(std::lround(share * last))];
    };
    return Spread{at(0.25), at(0.5), at(0.75)};
}

void recordCurvature(const CurvatureReading& reading, History& history) {
    if (!isWhatHistoriesHold(reading.request)) return;
    Writer writer(history, reading.step);
    if (const BlockReading* whole = reading.block(BlockReading::wholeNetwork))
        writeWhole(reading, *whole, writer);
    for (const LayerConditioning& layer : reading.conditioning)
        writeLayer(layer, writer);
}

} // namespace kappascope
